"""Exports and destinations as people write them: each mistake with its line, and what to do."""

import shutil
from pathlib import Path

import pytest

from pipelines.exporting.files import Named, all_exports, export_named
from pipelines.settings import PROJECT_ROOT
from sources.errors import ConfigurationError

SHIPPED = PROJECT_ROOT / "marketplaces" / "exports"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "demo", tmp_path / "demo"))


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_ships_can_run_and_the_webhook_is_off() -> None:
    found = {each.name: each for each in all_exports(SHIPPED / "demo")}

    assert all(isinstance(each, Named) for each in found.values())
    on = {name for name, each in found.items() if isinstance(each, Named) and each.is_enabled}
    assert on == {"high_value", "for_vendors", "leads_to_call", "vendors_in_trouble", "win_back"}
    assert set(found) == on | {"abandoned_carts"}


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("win_back.yml", "mode: full_file", "mode: all", ":5:1: mode: Input should be 'mirror'"),
        ("win_back.yml", "segment:", "segmnet:", ":3:1: segmnet: there is no such key"),
        ("win_back.yml", "email: email", "email: e_mail", ":9:3: fields.email: there is no field"),
        (
            "win_back.yml",
            "orders:",
            "Operation:",
            ":16:3: fields.Operation: a plan has a column op",
        ),
        (
            "win_back.yml",
            "purpose: marketing",
            "purpose: vendor_sharing",
            ":6:1: purpose: Input sh",
        ),
        ("win_back.yml", "segment: win_back", "for_vendors: false", "name a segment, or write for"),
        ("win_back.yml", "mailing_folder", "mailbox", ":4:1: destination: there is no such"),
        ("win_back.yml", "purpose: marketing", "purpose: profiling", ":6:1: purpose: mailing_fol"),
        ("win_back.yml", '"30 6 * * *"', '"often"', ":17:1: cron: write five parts"),
        ("win_back.yml", "last_order_date", "gender", ":15:3: fields.last_order: there is no fie"),
        ("destinations/mailing_folder.yml", "kind: folder", "kind: fodler", ":2:1: kind: there is"),
        ("destinations/mailing_folder.yml", "format: csv", "format: doc", ":4:3: settings.format"),
        (
            "destinations/mailing_folder.yml",
            "kind: folder",
            "kind: folder\nrecipient: third_party",
            "marketing does not let a third party have the data",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    changed(folder / name, old, new)

    with pytest.raises(ConfigurationError) as refused:
        export_named(folder, "win_back")

    assert said in str(refused.value)


def test_a_destination_without_a_consent_takes_nothing(folder: Path) -> None:
    changed(folder / "destinations" / "mailing_folder.yml", "consent:\n  marketing: [email]\n", "")

    with pytest.raises(ConfigurationError, match="consent: Field required"):
        export_named(folder, "win_back")


def test_a_secret_is_the_name_of_a_variable_and_never_the_secret(folder: Path) -> None:
    changed(folder / "destinations" / "cart_webhook.yml", "CART_WEBHOOK_SECRET", "whsec_abc123")

    with pytest.raises(ConfigurationError) as refused:
        export_named(folder, "abandoned_carts")

    assert "name a variable of the environment" in str(refused.value)
    assert "abc123" not in str(refused.value)
