"""Keys of several files: ids that begin anew in each, and keys that tell which file it was."""

from pathlib import Path
from typing import Any

import pytest

from output.findings.finding import Finding
from pipelines.loading.checks import account_of
from pipelines.loading.rebuild import rebuild_from_landing
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk, a_marketplace

pytestmark = pytest.mark.warehouse

HEADER = "payment_id,order_id,method,amount,paid_at"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser, {"payments": [{"files": "payments*.csv"}]})


def put(desk: Desk, name: str, *rows: str, header: str = HEADER) -> None:
    """Rows of payments as `1,A`: their ids and orders, all else being equal."""
    lines = [f"{row.partition(':')[0]},card,5.00,2026-06-01{row.partition(':')[2]}" for row in rows]
    desk.put(name, "\n".join([header, *lines]) + "\n")


def reasons(desk: Desk) -> tuple[Finding, ...]:
    with desk.loader() as loader:
        return account_of(loader.connection, "payments").reasons


def test_ids_that_begin_anew_in_each_file_hold_back_and_name_the_remedy(desk: Desk) -> None:
    put(desk, "payments-1.csv", *(f"{n},A{n}" for n in range(1, 21)))
    put(desk, "payments-2.csv", *(f"{n},B{n}" for n in range(1, 11)))

    desk.ingest("payments")

    [reason] = reasons(desk)
    said = reason.english
    assert said.startswith("payments-2.csv: 10 rows took the place of rows of other files")
    assert "the same payment_id in lines 2, 3, 4 and others, with different order_id" in said
    assert "{file}" in said
    assert "B1" not in said + reason.json_text

    template = {"payment_id": {"template": "{file}-{payment_id}"}}
    columns = {name: name for name in HEADER.split(",")} | template
    desk.marketplace = a_marketplace(
        desk.inbox, payments=[{"files": "payments*.csv", "columns": columns}]
    )
    desk.ingest("payments")

    assert reasons(desk) == ()
    assert len(desk.current("payments", "payment_id")) == 30


def test_it_is_found_again_where_everything_is_loaded_again(desk: Desk) -> None:
    put(desk, "payments-1.csv", "1,A", "2,B")
    put(desk, "payments-2.csv", "1,C", "2,D")
    desk.ingest("payments")
    before = reasons(desk)

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)

    assert len(before) == 1
    assert reasons(desk) == before


def test_one_correction_among_many_rows_is_told_and_holds_nothing_back(desk: Desk) -> None:
    put(desk, "payments-1.csv", "1,A", "2,B")
    put(desk, "payments-2.csv", "1,Z", *(f"{n},C{n}" for n in range(3, 33)))

    outcome = desk.ingest("payments")

    assert reasons(desk) == ()
    [note] = outcome.notes
    assert note.startswith("payments-2.csv: 1 row took the place of a row of another file")
    assert desk.current("payments", "payment_id", "order_id")[0] == ("1", "Z")


@pytest.mark.parametrize(
    ("second", "header"),
    [
        # The same payments once more; the same file corrected; a version that says what is newer.
        (("payments-2.csv", "1,A", "2,B"), HEADER),
        (("payments-1.csv", "1,C", "2,D"), HEADER),
        (("payments-2.csv", "1,C:,2026-06-03", "2,D:,2026-06-03"), f"{HEADER},updated_at"),
    ],
)
def test_what_is_the_same_or_known_to_be_newer_is_none_of_it(
    desk: Desk, second: tuple[str, ...], header: str
) -> None:
    put(desk, "payments-1.csv", "1,A", "2,B")
    desk.ingest("payments")
    put(desk, *second, header=header)

    outcome = desk.ingest("payments")

    assert (reasons(desk), outcome.notes) == ((), ())


def test_a_corrected_mapping_is_no_other_order(desk: Desk) -> None:
    put(desk, "payments-2.csv", "1,A", "2,B")
    desk.ingest("payments")
    put(desk, "payments-1.csv", "1,A", "2,B", "3,C")
    desk.ingest("payments")
    columns: dict[str, Any] = {name: name for name in HEADER.split(",")}
    columns["order_id"] = {"column": "order_id", "map": {"A": "A1", "B": "B1"}}
    desk.marketplace = a_marketplace(
        desk.inbox, payments=[{"files": "payments*.csv", "columns": columns}]
    )

    outcome = desk.ingest("payments")

    assert (reasons(desk), outcome.notes) == ((), ())
    assert [row[0] for row in desk.current("payments", "order_id")] == ["A1", "B1", "C"]


def test_ids_of_two_systems_that_collide_hold_back(desk: Desk) -> None:
    desk.marketplace = a_marketplace(
        desk.inbox,
        payments=[{"files": "payments-a*.csv"}, {"files": "payments-b*.csv", "encoding": "cp1252"}],
    )
    put(desk, "payments-a.csv", "1,A", "2,B")
    put(desk, "payments-b.csv", "1,C", "2,D")

    desk.ingest("payments")

    assert len(reasons(desk)) == 1


@pytest.mark.parametrize("template", ["{file}-{line}", "{order_id}-{line}"])
def test_what_comes_again_under_a_key_of_its_place_is_told(desk: Desk, template: str) -> None:
    columns: dict[str, Any] = {name: name for name in HEADER.split(",")}
    columns["payment_id"] = {"template": template}
    desk.marketplace = a_marketplace(
        desk.inbox, payments=[{"files": "payments*.csv", "columns": columns}]
    )
    put(desk, "payments-1.csv", "1,A", "2,B", "3,C")
    first = desk.ingest("payments")
    put(desk, "payments-2.csv", "3,C", "4,D")

    second = desk.ingest("payments")

    assert first.notes == ()
    [note] = second.notes
    assert note.startswith("payments-2.csv: 1 row says what a row of another file says")
    assert "payment_id" in note
    assert "twice" in note
