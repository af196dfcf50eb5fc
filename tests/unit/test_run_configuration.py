"""What a run that is started in Dagster's pages may be told, and what becomes of the rest."""

import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.resources import Run
from pipelines.home import Home
from pipelines.marketplaces import registered_marketplace
from pipelines.runs.report import reasons_of
from pipelines.settings import PROJECT_ROOT
from sources.errors import ConfigurationError

# Python keeps an audit hook for good; it notes what is opened for a test that asks.
_NOTES: list[list[str]] = []


def _note(event: str, what: tuple[object, ...]) -> None:
    if event == "open":
        for notes in _NOTES:
            notes.append(str(what[0]))


sys.addaudithook(_note)


@pytest.fixture
def private(tmp_path: Path) -> Path:
    path = tmp_path / "private.yml"
    path.write_text("canary: [", encoding="utf-8")
    return path


@pytest.fixture
def opened(private: Path) -> Iterator[list[str]]:
    """The files that were opened since the test began."""
    notes: list[str] = []
    _NOTES.append(notes)
    private.read_bytes()
    assert notes == [str(private)]
    notes.clear()
    yield notes
    _NOTES.remove(notes)


@dg.asset
def nothing(run: Run) -> None:
    """An asset that has the resource."""


def told_of_run(instance: dg.DagsterInstance, **config: str) -> tuple[dg.DagsterRun, list[str]]:
    """A run that was configured in the pages, and why it did not succeed."""
    result = dg.materialize(
        [nothing],
        instance=instance,
        resources={"run": Run()},
        run_config={"resources": {"run": {"config": config}}},
        raise_on_error=False,
    )
    assert not result.success
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    return run, [reason.english for reason in reasons_of(result.all_events)[1]]


def test_a_file_is_no_registered_marketplace_and_is_not_opened(
    private: Path, tmp_path: Path, opened: list[str]
) -> None:
    shipped = PROJECT_ROOT / "marketplaces" / "demo.yml"
    for given in (private, shipped, f"../../../../../../..{private.with_suffix('')}", "../x", ""):
        with pytest.raises(ConfigurationError, match=r"registered.*available: cdnow, demo, "):
            registered_marketplace(str(given), Home(tmp_path))

    assert [path for path in opened if path.endswith(".yml")] == []


def test_a_name_is_one(tmp_path: Path) -> None:
    assert registered_marketplace("demo", Home(tmp_path)).name == "demo"


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"marketplace": "{private}"}, "'{private}' is not a registered marketplace"),
        ({"marketplace": "dmeo"}, "available: cdnow, demo, "),
        ({"as_of": "2026-02-30"}, "as_of '2026-02-30' is not a date; write it like 2026-01-31"),
        ({"recorded_at": "{private}"}, "recorded_at '{private}' is not a time; leave it empty"),
    ],
)
def test_what_does_not_fit_ends_the_run_with_a_sentence_and_once(
    config: dict[str, str],
    sentence: str,
    private: Path,
    opened: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KONTOR_MARKETPLACE", "demo")
    given = {name: value.format(private=private) for name, value in config.items()}

    with dg.DagsterInstance.ephemeral() as instance:
        run, reasons = told_of_run(instance, **given)

    assert [sentence.format(private=private) in reason for reason in reasons] == [True]
    assert run.tags["dagster/max_retries"] == "0"
    assert str(private) not in opened
    assert not (tmp_path / "home").exists()
