"""Whose a home is: what asks about its warehouse uses the marketplace that claimed it."""

from pathlib import Path

import pytest

from pipelines.cli.doctor import findings
from pipelines.home import Home
from pipelines.loading.claim import OtherMarketplaceError, claim_warehouse, own_marketplace
from pipelines.loading.warehouse import open_warehouse
from pipelines.settings import PipelineSettings
from sources.errors import ConfigurationError

_YAML = """\
name: {name}
title: Of a test
folder: inbox
feeds:
  orders: [{{files: orders*.csv}}]
  order_lines: [{{files: lines*.csv}}]
  vendors: [{{files: vendors*.csv}}]
"""


def described(folder: Path, name: str) -> str:
    """The path of a marketplace's file."""
    path = folder / f"{name}.yml"
    path.write_text(_YAML.format(name=name))
    return str(path)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.path.mkdir()
    return made


def test_a_home_knows_its_marketplace_by_the_file_that_was_given(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(tmp_path, "corner")
    monkeypatch.chdir(tmp_path)
    claim_warehouse(home, "corner", "corner.yml")
    monkeypatch.chdir("/")

    assert own_marketplace(home, "", "demo").name == "corner"


def test_a_file_that_was_moved_is_found_by_the_settings(home: Home, tmp_path: Path) -> None:
    path = described(tmp_path, "corner")
    claim_warehouse(home, "corner", str(tmp_path / "moved_away.yml"))

    assert own_marketplace(home, "", path).name == "corner"
    with pytest.raises(ConfigurationError, match=r"moved_away\.yml"):
        own_marketplace(home, "", "demo")


def test_a_home_of_an_older_version_goes_by_the_settings_and_by_its_name(
    home: Home, tmp_path: Path
) -> None:
    path = described(tmp_path, "corner")
    with open_warehouse(home.warehouse) as connection:
        connection.execute("create schema raw; create table raw.marketplace (name varchar)")
        connection.execute("insert into raw.marketplace values ('corner')")

    assert own_marketplace(home, "", path).name == "corner"
    with pytest.raises(ConfigurationError, match="no marketplace 'corner'"):
        own_marketplace(home, "", "demo")


def test_another_marketplace_than_the_homes_is_refused(home: Home, tmp_path: Path) -> None:
    own, other = described(tmp_path, "corner"), described(tmp_path, "market")
    claim_warehouse(home, "corner", own)

    assert own_marketplace(home, own, other).name == "corner"
    with pytest.raises(OtherMarketplaceError) as refused:
        own_marketplace(home, other, own)
    assert str(refused.value) == (
        f"{home.path} holds the warehouse of marketplace corner, not of market; "
        "leave --marketplace out, or run `kontor run` for market first"
    )


def test_a_home_without_a_warehouse_goes_by_what_is_asked_then_by_the_settings(
    home: Home, tmp_path: Path
) -> None:
    path = described(tmp_path, "corner")

    assert own_marketplace(home, path, "demo").name == "corner"
    assert own_marketplace(home, "", "demo").name == "demo"


def test_doctor_looks_at_the_homes_marketplace_and_names_a_setting_that_differs(
    home: Home, tmp_path: Path
) -> None:
    claim_warehouse(home, "corner", described(tmp_path, "corner"))
    other = described(tmp_path, "market")

    said = [found.sentence for found in findings(PipelineSettings(home=home.path))]
    told = [
        found.sentence for found in findings(PipelineSettings(home=home.path, marketplace=other))
    ]

    assert "the configuration of marketplace corner is valid" in said
    assert f"{tmp_path / 'inbox'} does not exist; check `folder` in the marketplace's file" in said
    assert any(
        "KONTOR_MARKETPLACE is market, but the warehouse here belongs to corner" in s for s in told
    )
    assert "the configuration of marketplace corner is valid" in told
    with pytest.raises(OtherMarketplaceError):
        findings(PipelineSettings(home=home.path), other)
