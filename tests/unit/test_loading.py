"""The loader: key and version rules, accounts, replay, repair."""

from pathlib import Path

import duckdb
import pytest

from output.findings.finding import Finding
from pipelines.loading.checks import account_of
from pipelines.loading.feed import load_feed
from pipelines.loading.ledger import with_open_quarantine
from pipelines.loading.quarantine_desk import summed
from pipelines.loading.rebuild import load_again, rebuild_from_landing
from pipelines.loading.refusals import refused_files
from pipelines.loading.warehouse import open_warehouse
from sources.errors import PermanentSourceError
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk, a_marketplace

pytestmark = pytest.mark.loading

HEADER = "vendor_id,name,updated_at,is_deleted\n"
UNVERSIONED = "vendor_id,name\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser)


def counts(desk: Desk, feed: str = "vendors") -> tuple[int, int, int, int, int]:
    [outcome] = desk.ingest(feed).outcomes
    return (
        outcome.received,
        outcome.applied,
        outcome.unchanged,
        outcome.duplicate,
        outcome.quarantined,
    )


def test_older_version_that_comes_later_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,new,2026-06-02 00:00:00,\n")
    desk.ingest("vendors")
    desk.put("vendors-2.csv", HEADER + "v1,old,2026-06-01 00:00:00,\n")
    desk.ingest("vendors")

    assert desk.current("vendors", "name") == [("new",)]
    assert desk.query("select count(*) from raw.vendors") == [(2,)]  # the history keeps both


def test_deletion_stays_when_an_older_row_comes_after_it(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,,2026-06-02 00:00:00,true\n")
    desk.ingest("vendors")
    desk.put("vendors-2.csv", HEADER + "v1,old,2026-06-01 00:00:00,\n")
    desk.ingest("vendors")

    assert desk.current("vendors", "name") == []


def test_newer_version_brings_a_deleted_row_back(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,,2026-06-02 00:00:00,true\n")
    desk.put("vendors-2.csv", HEADER + "v1,again,2026-06-03 00:00:00,\n")
    desk.ingest("vendors")

    assert desk.current("vendors", "name") == [("again",)]


def test_without_versions_what_is_recorded_later_wins(desk: Desk) -> None:
    for number, name in enumerate(["a", "b", "a"]):
        desk.put(f"vendors-{number}.csv", UNVERSIONED + f"v1,{name}\nother{number},x\n")
        desk.ingest("vendors")

    assert desk.current("vendors", "name")[0] == ("a",)


def test_last_line_of_a_file_wins_without_versions(desk: Desk) -> None:
    desk.put("vendors.csv", UNVERSIONED + "v1,first\nv1,last\nv1,first\nv1,last\n")

    # Two contents, each twice: both are kept in the history, the copies are duplicates.
    assert counts(desk) == (4, 2, 0, 2, 0)
    assert desk.current("vendors", "name") == [("last",)]


def test_every_row_received_is_accounted_for(desk: Desk) -> None:
    desk.put("vendors-1.csv", HEADER + "v1,a,2026-06-01 00:00:00,\n")
    desk.ingest("vendors")
    rows = [
        "v1,a,2026-06-01 00:00:00,",  # unchanged
        "v2,b,2026-06-01 00:00:00,",  # applied
        "v2,b,2026-06-01 00:00:00,",  # duplicate
        "v3,c,never,",  # quarantined
        "v1,a2,2026-06-02 00:00:00,",  # applied: a newer version
    ]
    desk.put("vendors-2.csv", HEADER + "\n".join(rows) + "\n")

    assert counts(desk) == (5, 2, 1, 1, 1)
    with desk.loader() as loader:
        assert account_of(loader.connection, "vendors").unbalanced == ()


def test_account_that_does_not_add_up_is_reported(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,a,2026-06-01 00:00:00,\n")
    desk.ingest("vendors")

    with desk.loader() as loader:
        loader.connection.execute("delete from raw.vendors")
        problems = account_of(loader.connection, "vendors").unbalanced

    assert problems == (Finding.of("history_unbalanced", held=0, applied=1),)


def test_same_bytes_under_any_name_are_loaded_once(desk: Desk) -> None:
    desk.put("vendors-1.csv", UNVERSIONED + "v1,a\n")
    desk.ingest("vendors")
    desk.put("vendors-copy.csv", UNVERSIONED + "v1,a\n")

    assert desk.ingest("vendors").outcomes == ()


def test_two_files_of_one_name_in_two_folders_are_both_loaded(
    tmp_path: Path, parser: Parser
) -> None:
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "*/vendors.csv"}]})
    for folder, row in (("north", "v1,a"), ("south", "v2,b")):
        (desk.inbox / folder).mkdir()
        desk.put(f"{folder}/vendors.csv", UNVERSIONED + row + "\n")

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id") == [("v1",), ("v2",)]


def test_unfinished_files_are_left_until_they_are_renamed(desk: Desk) -> None:
    desk.put("vendors-1.csv", UNVERSIONED + "v1,a\n")
    desk.put("vendors-2.csv.part", UNVERSIONED + "v2,b\n")
    desk.put(".vendors-3.csv", UNVERSIONED + "v3,c\n")

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id") == [("v1",)]


def test_file_counts_as_its_latest_load_says(tmp_path: Path, parser: Parser) -> None:
    def mapped(words: dict[str, str]) -> Desk:
        status = {"column": "state", "map": words}
        columns = {"vendor_id": "no", "name": "no", "status": status}
        return a_desk(tmp_path, parser, {"vendors": [{"files": "v.csv", "columns": columns}]})

    desk = mapped({})
    rows = "".join(f"v{n},{'offen' if n % 3 else 'active'}\n" for n in range(30))
    desk.put("v.csv", "no,state\n" + rows)
    desk.ingest("vendors")
    with desk.loader() as loader:
        account = account_of(loader.connection, "vendors")
    assert account.mostly_quarantined == (
        Finding.of("mostly_quarantined", path="v.csv", n=20, received=30),
    )

    desk = mapped({"offen": "active"})
    desk.ingest("vendors")

    with desk.loader() as loader:
        account = account_of(loader.connection, "vendors")
    assert account.mostly_quarantined == ()
    assert (account.quarantined, account.unbalanced) == (0, ())
    assert len(desk.current("vendors", "vendor_id")) == 30


def test_corrupted_file_blocks_until_it_is_repaired_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.put("vendors.csv", "vendor,name\nv1,a\n")
    desk.ingest("vendors")
    with desk.loader() as loader:
        [problem] = account_of(loader.connection, "vendors").unusable
    assert problem.english.startswith(
        "vendors.csv: rejected (a mapped column is missing): line 1: column 'vendor_id' is missing"
    )

    desk.put("vendors.csv", UNVERSIONED + "v1,a\n")
    desk.ingest("vendors")

    with desk.loader() as loader:
        assert account_of(loader.connection, "vendors").unusable == ()
    assert desk.current("vendors", "vendor_id") == [("v1",)]
    assert summed(desk.home) == []


def test_rows_of_a_file_delivered_again_leave_the_quarantine(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,a,2026-06-01 00:00:00,\nv2,b,soon,\n")
    desk.ingest("vendors")
    assert [row[3] for row in summed(desk.home)] == [1]

    desk.put("vendors.csv", HEADER + "v1,a,2026-06-01 00:00:00,\nv2,b,2026-06-02 00:00:00,\n")
    desk.ingest("vendors")

    assert summed(desk.home) == []


def test_another_file_under_an_old_name_does_not_clear_the_quarantine(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,a,2026-06-01 00:00:00,\nv2,b,soon,\n")
    desk.ingest("vendors")

    desk.put("vendors.csv", HEADER + "v3,c,2026-06-03 00:00:00,\n")
    desk.ingest("vendors")

    assert [row[3] for row in summed(desk.home)] == [1]


def test_corrected_mapping_replays_what_it_had_refused(desk: Desk) -> None:
    desk.put("vendors.csv", "vendor_id,status\nv1,active\nv2,open\n")
    desk.ingest("vendors")
    assert desk.current("vendors", "vendor_id") == [("v1",)]

    columns = {
        "vendor_id": "vendor_id",
        "status": {"column": "status", "map": {"open": "active"}},
    }
    desk.marketplace = a_marketplace(
        desk.inbox, vendors=[{"files": "vendors*.csv", "columns": columns}]
    )
    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.applied, outcome.unchanged) == (1, 1)
    assert desk.current("vendors", "vendor_id", "status") == [("v1", "active"), ("v2", "active")]
    assert summed(desk.home) == []


def test_replay_does_not_bring_back_what_a_later_file_overruled(desk: Desk) -> None:
    desk.put("vendors-1.csv", "vendor_id,name,status\nv1,old,active\nv2,x,open\n")
    desk.ingest("vendors")
    desk.put("vendors-2.csv", "vendor_id,name,status\nv1,new,active\n")
    desk.ingest("vendors")
    columns = {
        "vendor_id": "vendor_id",
        "name": "name",
        "status": {"column": "status", "map": {"open": "active"}},
    }
    desk.marketplace = a_marketplace(
        desk.inbox, vendors=[{"files": "vendors*.csv", "columns": columns}]
    )

    with desk.loader() as loader:
        load_again(loader, with_open_quarantine(loader.connection, "vendors"))

    assert desk.current("vendors", "vendor_id", "name") == [("v1", "new"), ("v2", "x")]
    before = desk.current("vendors", "vendor_id", "name", "status")
    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)
    assert desk.current("vendors", "vendor_id", "name", "status") == before


def test_rebuild_from_the_landing_ends_in_the_same_tables_bit_for_bit(desk: Desk) -> None:
    for number, row in enumerate(["v1,a\nv2,x", "v1,b", "v1,a\nv3,\nv3,z"]):
        desk.put(f"vendors-{number}.csv", UNVERSIONED + row + "\n")
        desk.recorded_at = f"2026-06-{number + 10} 12:00:00"
        desk.ingest("vendors")
    tables = ("raw.vendors", "raw.vendors_superseded", "raw.loads", "quarantine.rows")
    before = [desk.query(f"select * from {table} order by all") for table in tables]

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)

    assert [desk.query(f"select * from {table} order by all") for table in tables] == before


def test_what_was_forecast_outlives_a_rebuild(desk: Desk) -> None:
    desk.put("vendors.csv", UNVERSIONED + "v1,a\n")
    desk.ingest("vendors")
    with open_warehouse(desk.home.warehouse) as connection:
        connection.execute("create schema predictions")
        connection.execute(
            "create table predictions.sales_forecasts as "
            "select date '2026-06-28' as issued_on, 12.5::double as y_mean"
        )

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)

    assert desk.query("select y_mean, typeof(issued_on) from predictions.sales_forecasts") == [
        (12.5, "DATE")
    ]


def test_late_rows_are_applied_and_counted(desk: Desk) -> None:
    header = "order_id,customer_id,status,currency_code,ordered_at\n"
    desk.put("orders-1.csv", header + "o1,c,created,EUR,2026-06-20 10:00:00\n")
    desk.ingest("orders")
    desk.recorded_at = "2026-06-30 13:00:00"  # late is late against an earlier run
    desk.put(
        "orders-2.csv",
        header
        + "o2,c,created,EUR,2026-06-16 10:00:00\n"  # four days before the last: late
        + "o3,c,created,EUR,2026-06-17 10:00:00\n",  # three days: still expected
    )
    desk.ingest("orders")

    assert desk.query("select late from raw.loads where path = 'orders-2.csv'") == [(1,)]
    assert len(desk.current("orders", "order_id")) == 3


def test_required_feed_without_a_file_says_what_was_looked_for(desk: Desk) -> None:
    desk.inbox.mkdir(exist_ok=True)

    with pytest.raises(PermanentSourceError, match=r"no file matches orders\*\.csv"):
        desk.ingest("orders")


def test_failure_in_the_middle_of_a_load_keeps_nothing_of_it(desk: Desk) -> None:
    desk.put("vendors.csv", UNVERSIONED + "v1,a\nv2,\n")
    with desk.loader() as loader:
        # The ledger's row is written last; where it cannot be, the rows must go too.
        loader.connection.execute("alter table raw.loads rename to loads_away")
        loader.connection.execute("create view raw.loads as select * from raw.loads_away")
        with pytest.raises(duckdb.BinderException):
            load_feed(loader, "vendors")
        assert loader.connection.execute("select count(*) from raw.vendors").fetchone() == (0,)


def test_replay_under_unchanged_rules_is_a_load_of_its_own(desk: Desk) -> None:
    desk.put("vendors.csv", HEADER + "v1,one,,\n,nobody,,\n")
    desk.ingest("vendors")

    with desk.loader() as loader:
        [outcome] = load_again(loader, with_open_quarantine(loader.connection, None))

    assert (outcome.applied, outcome.unchanged, outcome.quarantined) == (0, 1, 1)
    assert desk.query("select count(*), count(distinct load_id) from raw.loads") == [(2, 2)]


def test_build_file_of_older_code_is_read_under_the_names_of_today(desk: Desk) -> None:
    """Whether there is anything to load is asked before the tables are made."""
    told = Finding.of("leads_out")
    with desk.loader() as loader:
        connection = loader.connection
        connection.execute(
            "alter table raw.loads rename column contradiction_finding to contradiction"
        )
        connection.execute("alter table raw.refused_files rename column finding to sentence")
        connection.execute(
            "insert into raw.refused_files values ('vendors', 'a.csv', 'is no file'), "
            "('vendors', 'b.csv', ?)",
            [told.json_text],
        )

    with open_warehouse(desk.home.warehouse) as connection:
        refused = refused_files(connection, "vendors")
        found = account_of(connection, "vendors")

    assert [each.english for each in refused] == ["is no file", told.english]
    assert found.unusable == refused
    assert found.contradictions == ()
