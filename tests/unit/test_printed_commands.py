"""What `kontor` prints of a world whose names, files and rows were written by somebody hostile."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from installation.start import STARTED_IN
from operations.store import opened
from operations.tables import audit_log
from pipelines.cli.main import command
from pipelines.settings import PipelineSettings, temporary_environment
from sources.parsing.client import Parser
from tests.unit.loading_desk import a_desk

VERSION = "20260701T000000Z-0badcafe"
ODD_NAME = "\x1b[2J[red]Nadel\u202egpj[/red]\n"
ODD_FILE = "orders [bold].csv"
CUSTOMERS = (
    "customer_id,name,email,customer_type\n"
    "c1,Erika Kanarie,erika.canary@example.org,robot\n"
    'c2,"Otto Kanarie,otto.canary@example.org,consumer\n'  # a quote that is not closed
)
ORDERS = (
    "order_id,customer_id,ordered_at,status,currency_code,buyer_mail\n"
    "o1,c1,2026-06-01 10:00:00,teleported,EUR,erika.canary@example.org\n"
)
PAYMENTS = (
    "payment_id,order_id,amount,status,buyer_mail\n"
    "y1,o1,12.50,teleported,erika.canary@example.org\n"
)
CANARIES = ("Kanarie", "canary@", "example.org")

Kontor = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> Path:
    """Only the audit log changes in it."""
    feeds = {feed: [{"files": f"{feed}*.csv"}] for feed in ("customers", "payments")}
    desk = a_desk(tmp_path_factory.mktemp("hostile"), parser, feeds)
    desk.put(ODD_FILE, ORDERS)
    desk.put("customers.csv", CUSTOMERS)
    desk.put("payments.csv", PAYMENTS)
    for feed in ("orders", "customers", "payments"):
        desk.ingest(feed)
    published = desk.home.path / "published"
    (published / VERSION).mkdir(parents=True)
    (published / "CURRENT").write_text(VERSION)
    with duckdb.connect(str(published / VERSION / "operator.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.dim_vendors as select * from (values "
            "('v1', $name, [$name], -3.5::decimal(9, 1), 'nan'::double), "
            "('v2', '=1+1', [], 2, 1)) as _(vendor_id, vendor_name, names, balance, rate)",
            {"name": ODD_NAME},
        )
    return desk.home.path


@pytest.fixture
def kontor(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kontor:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kontor", *arguments])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        # As in a child, so that nothing of a `.env` stays in this process.
        monkeypatch.setenv(STARTED_IN, str(home))
        with temporary_environment({"KONTOR_HOME": str(home)}), pytest.raises(SystemExit) as ended:
            command()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def is_plain(text: str) -> bool:
    return all(one.isprintable() or one == "\n" for one in text)


def test_names_in_the_answer_to_a_query_are_shown_and_not_obeyed(kontor: Kontor) -> None:
    code, table, _ = kontor("sql", "select * from dim_vendors order by 1")

    assert code == 0
    assert is_plain(table)
    assert r"\x1b[2J[red]Nadel\u202egpj[/red]\n" in table
    assert len({len(line) for line in table.splitlines() if line}) == 1, "columns do not line up"


def test_an_answer_that_is_cut_says_how_many_rows_there_are(kontor: Kontor) -> None:
    query = "select unnest(range(1, 24)) as number"

    _, table, said = kontor("sql", query)
    _, more, nothing = kontor("sql", query, "--limit", "23")
    _, as_csv, cut = kontor("sql", query, "--format", "csv", "--limit", "2")

    assert [str(number) in table for number in (1, 20, 21, 23)] == [True, True, False, False]
    assert said.startswith("20 of 23 rows; --limit N shows more")
    assert ("23" in more, nothing) == (True, "")
    assert as_csv.split() == ['"number"', '"1"', '"2"']
    assert cut.startswith("2 of 23 rows")


def test_an_answer_for_a_program_is_sound_csv_or_json(kontor: Kontor) -> None:
    query = "select vendor_name, balance, rate from dim_vendors order by vendor_id"

    _, as_csv, _ = kontor("sql", query, "--format", "csv")
    _, as_json, _ = kontor("sql", query, "--format", "json")

    assert list(csv.reader(io.StringIO(as_csv, newline=""))) == [
        ["vendor_name", "balance", "rate"],
        [ODD_NAME, "-3.5", "nan"],
        ["'=1+1", "2.0", "1.0"],
    ]
    assert as_csv.startswith('"vendor_name","balance","rate"\r\n')
    assert json.loads(as_json, parse_constant=pytest.fail) == [
        {"vendor_name": ODD_NAME, "balance": "-3.5", "rate": None},
        {"vendor_name": "=1+1", "balance": "2.0", "rate": 1.0},
    ]


@pytest.mark.parametrize("arguments", [("list",), ("show", "orders")], ids=" ".join)
def test_the_name_of_a_file_is_shown_and_not_obeyed(
    kontor: Kontor, arguments: tuple[str, ...]
) -> None:
    code, said, _ = kontor("quarantine", *arguments)

    assert code == 0
    assert is_plain(said)
    assert "orders [bold].csv:2" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("\x1b[2J[red]",),
        ("sql", "select \x1b[2J[red]"),
        ("run", "--as-of", "\x1b[2J[red]"),
        ("simulate", "--out", "x", "--size", "\x1b[2J[red]"),
        ("ingest", "--marketplace", "\x1b[2J[red]"),
        ("quarantine", "show", "\x1b[2J[red]"),
        ("user", "add", "anna", "--role", "\x1b[2J[red]"),
    ],
    ids=" ".join,
)
def test_what_somebody_mistyped_comes_back_as_text(
    kontor: Kontor, arguments: tuple[str, ...]
) -> None:
    code, said, complained = kontor(*arguments)

    assert code == 2
    assert said == ""
    assert is_plain(complained)
    assert "Traceback" not in complained
    assert r"\x1b[2J[red]" in complained


def test_a_command_without_arguments_shows_how_it_is_used(kontor: Kontor) -> None:
    code, said, complained = kontor("quarantine")

    assert code == 2
    assert "replay" in said + complained
    assert "Traceback" not in complained


@pytest.mark.parametrize("feed", ["customers", "orders"])
def test_quarantined_text_that_speaks_of_people_is_masked(kontor: Kontor, feed: str) -> None:
    _, listed, _ = kontor("quarantine", "list")
    code, shown, _ = kontor("quarantine", "show", feed)

    assert code == 0
    assert "not_allowed" in shown
    assert "--unmasked" in shown
    assert not [word for word in CANARIES if word in listed + shown]


def test_text_of_a_feed_that_knows_no_people_is_shown_without_addresses(kontor: Kontor) -> None:
    _, shown, _ = kontor("quarantine", "show", "payments")

    assert "y1,o1,12.50,teleported,***" in shown


def test_whoever_wants_to_see_people_is_noted_first(kontor: Kontor, home: Path) -> None:
    _, shown, _ = kontor("quarantine", "show", "customers", "--unmasked")

    assert "c1,Erika Kanarie,erika.canary@example.org,robot" in shown
    assert 'c2,"Otto Kanarie' in shown
    with opened(PipelineSettings(home=home).store_url) as store, store.connect() as connection:
        [line] = connection.execute(sa.select(audit_log)).all()
    assert (line.actor, line.action, line.subject) == (
        "cli",
        "quarantine_shown_unmasked",
        "customers",
    )
    assert json.loads(line.detail) == {"row_count": 2}
