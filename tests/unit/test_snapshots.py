"""Snapshots in files: the newest holds all rows, so what it lacks is deleted."""

from pathlib import Path

import pytest

from pipelines.loading.checks import account_of
from pipelines.loading.rebuild import load_again, rebuild_from_landing
from pipelines.runs.change import is_loaded
from sources.parsing.client import Parser
from tests.unit.loading_desk import NOON, Desk, a_desk

pytestmark = pytest.mark.warehouse

HEADER = "vendor_id,name\n"
VERSIONED = "vendor_id,name,updated_at\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(
        tmp_path,
        parser,
        {"vendors": [{"files": "vendors*.csv", "snapshot": True}, {"files": "more.csv"}]},
    )


def vendors(desk: Desk) -> list[str]:
    return [row[0] for row in desk.current("vendors", "vendor_id")]


def test_what_the_newest_file_lacks_is_deleted_and_accounted_for(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,a\nv2,b\nv3,c\n")
    desk.ingest("vendors")
    desk.put("vendors-2.csv", HEADER + "v1,a\nv3,d\nv4,e\n")

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.received, outcome.applied, outcome.unchanged) == (3, 2, 1)
    assert (outcome.deleted, outcome.restored) == (1, 0)
    assert vendors(desk) == ["v1", "v3", "v4"]
    with desk.loader() as loader:
        assert account_of(loader.connection, "vendors").unbalanced == ()


def test_files_of_one_run_are_taken_in_the_order_of_their_names(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,a\nv2,b\n")
    desk.put("vendors-2.csv", HEADER + "v1,a\n")
    desk.put("vendors-3.csv", HEADER + "v1,a\nv2,b\n")  # the bytes of the first

    desk.ingest("vendors")

    assert vendors(desk) == ["v1", "v2"]
    assert desk.ingest("vendors").outcomes == ()


def test_state_that_comes_again_under_a_new_name_is_something_new(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,a\nv2,b\n")
    desk.put("vendors-2.csv", HEADER + "v1,a\n")
    desk.ingest("vendors")
    desk.put("vendors-3.csv", HEADER + "v1,a\nv2,b\n")  # the bytes of the first

    with desk.loader() as loader:
        assert not is_loaded(loader.connection, desk.marketplace, "vendors")
    desk.ingest("vendors")

    assert vendors(desk) == ["v1", "v2"]
    with desk.loader() as loader:
        assert is_loaded(loader.connection, desk.marketplace, "vendors")


def test_value_that_changes_back_is_changed_back(desk: Desk) -> None:
    for rows in ("v1,a\nv2,x\n", "v1,b\nv2,x\n", "v1,a\nv2,x\n"):
        desk.put("vendors.csv", HEADER + rows)
        desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id", "name") == [("v1", "a"), ("v2", "x")]


def test_older_snapshot_that_comes_late_deletes_nothing(desk: Desk) -> None:
    desk.put("vendors-2.csv", VERSIONED + "v1,a,2026-06-02\nv2,b,2026-06-02\n")
    desk.ingest("vendors")
    desk.put("vendors-1.csv", VERSIONED + "v1,old,2026-06-01\n")

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id", "name") == [("v1", "a"), ("v2", "b")]


def test_rows_of_other_files_are_left_alone(desk: Desk) -> None:
    desk.put("more.csv", HEADER + "m1,other\n")
    desk.put("vendors.csv", HEADER + "v1,a\nv2,b\n")
    desk.ingest("vendors")
    desk.put("vendors.csv", HEADER + "v1,a\n")

    desk.ingest("vendors")

    assert vendors(desk) == ["m1", "v1"]


def test_an_older_row_that_comes_back_lives_again(desk: Desk) -> None:
    desk.put("vendors.csv", VERSIONED + "v1,a,2026-06-01\nv2,b,2026-06-05\n")
    desk.ingest("vendors")
    desk.put("vendors.csv", VERSIONED + "v1,a,2026-06-01\n")
    desk.ingest("vendors")
    assert vendors(desk) == ["v1"]
    desk.put("vendors.csv", VERSIONED + "v1,a,2026-06-01\nv2,from a backup,2026-06-03\n")

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id", "name") == [("v1", "a"), ("v2", "from a backup")]


def test_line_that_cannot_be_read_hides_its_key_so_nothing_is_deleted(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,a\nv2,b\nv3,c\n")
    desk.ingest("vendors")
    desk.put("vendors.csv", HEADER + 'v1,a\nv2,"b\nv3,c\n')

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.quarantined, outcome.deleted) == (1, 0)
    assert vendors(desk) == ["v1", "v2", "v3"]


def test_replay_of_the_newest_snapshot_ends_where_it_was(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,a\nv2,b\n")
    desk.ingest("vendors")
    desk.put("vendors.csv", HEADER + "v1,a\n")
    [outcome] = desk.ingest("vendors").outcomes

    with desk.loader() as loader:
        [again] = load_again(loader, [outcome.load])

    assert (again.unchanged, again.deleted, again.restored) == (1, 0, 0)
    assert vendors(desk) == ["v1"]


def test_rebuild_ends_in_the_same_tables(desk: Desk) -> None:
    for number, rows in enumerate(["v1,a\nv2,b\n", "v1,a\n", "v1,a\nv2,b\n", "v2,c\n"]):
        desk.put("vendors.csv", HEADER + rows)
        desk.recorded_at = f"2026-06-{number + 10} 12:00:00"
        desk.ingest("vendors")
    tables = ("raw.vendors", "raw.vendors_superseded", "quarantine.rows")
    before = [desk.query(f"select * from {table} order by all") for table in tables]

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, NOON)

    assert [desk.query(f"select * from {table} order by all") for table in tables] == before
    assert vendors(desk) == ["v2"]


def test_names_are_compared_as_people_count(desk: Desk) -> None:
    desk.put("vendors-9.csv", HEADER + "v1,a\nv2,b\nv3,c\n")
    desk.ingest("vendors")
    desk.put("vendors-10.csv", HEADER + "v1,a\nv2,b\n")

    desk.ingest("vendors")

    assert vendors(desk) == ["v1", "v2"]


def test_older_snapshot_is_said_to_be_one_and_overrules_nothing(desk: Desk) -> None:
    desk.put("vendors-10.csv", HEADER + "v1,new\nv2,b\n")
    desk.ingest("vendors")
    desk.put("vendors-9.csv", HEADER + "v1,old\nv2,b\nv3,gone since\n")

    outcome = desk.ingest("vendors")

    assert outcome.notes[-1].startswith("vendors-9.csv: by its name this snapshot is older than")
    assert desk.current("vendors", "vendor_id", "name") == [("v1", "new"), ("v2", "b")]
    with desk.loader() as loader:
        assert is_loaded(loader.connection, desk.marketplace, "vendors")


def test_refused_snapshot_makes_none_an_older_one(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,a\nv2,b\n")
    desk.put("vendors-99.csv", "this is no list of vendors\n")
    desk.ingest("vendors")
    (desk.inbox / "vendors-99.csv").unlink()
    desk.put("vendors-2.csv", HEADER + "v2,b\nv3,c\n")

    desk.ingest("vendors")

    assert vendors(desk) == ["v2", "v3"]
    assert desk.ingest("vendors").outcomes == ()
