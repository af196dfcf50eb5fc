"""A database that a second process has open is told in a sentence, by whoever needs it."""

import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.cli.doctor import findings
from pipelines.cli.main import command
from pipelines.cli.sql import answer
from pipelines.home import FileHeldError, Home, held_elsewhere
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.warehouse import open_warehouse
from pipelines.publishing.source import open_reader
from pipelines.settings import PipelineSettings, temporary_environment
from tests.worlds.holding import held

COMMANDS = [
    ("run",),
    ("ingest",),
    ("build",),
    ("publish",),
    ("quarantine", "list"),
    ("quarantine", "show", "orders"),
    ("quarantine", "replay"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.path.mkdir()
    claim_warehouse(made, "demo")
    return made


def test_warehouse_that_another_process_has_open_is_told_with_the_process(home: Home) -> None:
    with held(home.warehouse) as process:
        with pytest.raises(FileHeldError) as told:
            open_warehouse(home.warehouse)
        with pytest.raises(FileHeldError):
            open_reader(home.warehouse, "warehouse", home.scratch, threads=1)

    assert str(told.value) == (
        f"{home.warehouse} is open in process {process} ({Path(sys.executable).resolve().name}); "
        f"close it there or end process {process}, then try again"
    )
    open_warehouse(home.warehouse).close()


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_command_that_needs_the_warehouse_ends_as_in_a_busy_home(
    home: Home,
    tmp_path: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "demo").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["kontor", *arguments])
    told = {"KONTOR_HOME": str(home.path), "KONTOR_DEMO_DIR": str(tmp_path / "demo")}
    told["KONTOR_STARTED_IN"] = str(tmp_path)
    with (
        held(home.warehouse) as process,
        temporary_environment(told),
        pytest.raises(SystemExit) as ended,
    ):
        command()

    assert ended.value.code == 3
    assert f"{home.warehouse} is open in process {process} (" in capsys.readouterr().err


def test_doctor_finds_who_has_the_warehouse_open(home: Home) -> None:
    with held(home.warehouse) as process:
        wrong = [found.sentence for found in findings(PipelineSettings(home=home.path))]

    assert any(f"is open in process {process} (" in sentence for sentence in wrong)


def test_question_to_a_published_file_that_is_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "CURRENT").write_text("v")
    path = tmp_path / "v" / "operator.duckdb"
    duckdb.connect(str(path)).close()

    with held(path) as process, pytest.raises(FileHeldError, match=f"in process {process} "):
        answer(tmp_path, "select 1", "csv")


def test_holder_that_cannot_be_seen_is_told_without_its_name() -> None:
    text = 'IO Error: Could not set lock on file "/a/b.duckdb": Resource temporarily unavailable'

    sentence = "/a/b.duckdb is open in another process; close it there, then try again"
    assert held_elsewhere(text) == sentence
    assert held_elsewhere("IO Error: No space left on device") is None
