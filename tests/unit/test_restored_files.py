"""What a path delivers newest stands: good bytes, wrong bytes and the good bytes again."""

from pathlib import Path

import pytest

from pipelines.loading.feed import load_feed
from pipelines.loading.quarantine_desk import summed
from pipelines.loading.rebuild import rebuild_from_landing
from pipelines.runs.change import is_loaded
from sources.contract import DELETED, Column, Contract, all_contracts
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

HEADER = "vendor_id,name\n"
VERSIONED = "vendor_id,name,updated_at,is_deleted\n"
AT_TEN = "2026-06-01 10:00:00"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser)


def deliver(desk: Desk, *contents: str, name: str = "vendors.csv") -> None:
    for content in contents:
        desk.put(name, content)
        desk.ingest("vendors")


def names(desk: Desk) -> list[tuple[str, str]]:
    return desk.current("vendors", "vendor_id", "name")


def rebuilt(desk: Desk) -> None:
    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)


def test_good_bytes_after_wrong_ones_stand_again_also_after_a_rebuild(desk: Desk) -> None:
    good, wrong = HEADER + "v1,a\nv2,b\n", HEADER + "v1,wrong\nv2,b\n"
    deliver(desk, good, wrong, good)
    assert names(desk) == [("v1", "a"), ("v2", "b")]
    before = desk.query("select * from raw.vendors order by all")

    rebuilt(desk)

    assert names(desk) == [("v1", "a"), ("v2", "b")]
    assert desk.query("select * from raw.vendors order by all") == before
    deliver(desk, wrong, good)
    assert names(desk) == [("v1", "a"), ("v2", "b")]


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        # The mistake left the version as it was; or deleted; or there is no version and it deleted.
        (f"v1,a,{AT_TEN},\n", f"v1,zzz,{AT_TEN},\n"),
        (f"v1,zzz,{AT_TEN},\n", f"v1,a,{AT_TEN},\n"),
        (f"v1,a,{AT_TEN},\n", f"v1,a,{AT_TEN},true\n"),
        ("v1,a,,\n", "v1,a,,true\n"),
    ],
)
def test_a_mistake_is_taken_back_whatever_it_was(desk: Desk, good: str, wrong: str) -> None:
    deliver(desk, VERSIONED + good)
    before = names(desk)

    deliver(desk, VERSIONED + wrong)
    assert names(desk) != before
    deliver(desk, VERSIONED + good)

    assert names(desk) == before
    rebuilt(desk)
    assert names(desk) == before


def test_older_version_that_is_restored_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    old = VERSIONED + f"v1,old,{AT_TEN},\n"
    deliver(desk, old, VERSIONED + "v1,new,2026-06-02 10:00:00,\n", old)

    assert names(desk) == [("v1", "new")]


def test_restored_file_takes_its_errors_out_of_the_quarantine(desk: Desk) -> None:
    good = HEADER + "v1,a\n"
    # Every row is another or broken: nothing of the good file is repeated.
    deliver(desk, good, HEADER + "v1,other\n,nameless\n")
    assert len(summed(desk.home)) == 1

    deliver(desk, good)

    assert summed(desk.home) == []


def test_correction_resolves_the_keys_that_it_brings(desk: Desk) -> None:
    deliver(desk, VERSIONED + f"v1,a,soon,\nv2,b,never,\nv3,c,{AT_TEN},\n")
    assert [row[3] for row in summed(desk.home)] == [2]

    deliver(desk, VERSIONED + f"v1,a,{AT_TEN},\nv4,d,{AT_TEN},\n")

    assert [row[3] for row in summed(desk.home)] == [1]  # v2 is still waited for


def test_copy_under_another_name_brings_nothing(desk: Desk) -> None:
    deliver(desk, HEADER + "v1,a\n", HEADER + "v1,b\n")
    desk.put("vendors-archive.csv", HEADER + "v1,a\n")

    assert desk.ingest("vendors").outcomes == ()
    assert names(desk) == [("v1", "b")]


def test_files_that_move_one_name_on_each_day_bring_only_the_newest(desk: Desk) -> None:
    days = [HEADER + f"v1,{name}\n" for name in "abcd"]
    for today in range(1, 5):
        for age, content in enumerate(reversed(days[:today])):
            desk.put(f"vendors.{age}.csv", content)
        desk.ingest("vendors")
        assert names(desk) == [("v1", "abcd"[today - 1])]


def test_copy_that_is_damaged_and_restored_stands_again(desk: Desk) -> None:
    good = HEADER + "v1,a\n"
    deliver(desk, good)
    deliver(desk, good, HEADER + "v1,wrong\n", good, name="vendors-copy.csv")

    assert names(desk) == [("v1", "a")]
    with desk.loader() as loader:
        assert is_loaded(loader.connection, desk.marketplace, "vendors")
    rebuilt(desk)
    assert names(desk) == [("v1", "a")]


def test_later_delivery_wins_where_a_version_is_a_day_and_says_so(desk: Desk) -> None:
    deliver(desk, VERSIONED + "v1,zzz,2026-06-01,\n", name="vendors-1.csv")
    desk.put("vendors-2.csv", VERSIONED + "v1,a,2026-06-01,\nv2,b,2026-06-02,\n")

    notes = desk.ingest("vendors").notes

    assert names(desk) == [("v1", "a"), ("v2", "b")]
    [note] = notes
    assert note.startswith("vendors-2.csv: 1 row has the updated_at of the row that was there")
    rebuilt(desk)
    assert names(desk) == [("v1", "a"), ("v2", "b")]


def test_home_of_an_earlier_version_learns_what_its_paths_delivered(desk: Desk) -> None:
    good = HEADER + "v1,a\n"
    deliver(desk, good, HEADER + "v1,wrong\n")
    desk.query("drop table raw.deliveries")

    deliver(desk, good)

    assert names(desk) == [("v1", "a")]


def a_value(name: str, column: Column, variant: int) -> str:
    """One of two values that the contract accepts; the same one where it has only one."""
    if column.allowed:
        return column.allowed[variant % len(column.allowed)]
    if column.pattern is not None:
        codes = {
            "[A-Z]{3}": ("EUR", "USD"),
            "[A-Z]{2}": ("DE", "FR"),
            "[a-z]{2}": ("de", "fr"),
            "([01][0-9]|2[0-3]):[0-5][0-9]": ("14:00", "15:30"),
            "[0-9a-f]{64}": ("a" * 64, "b" * 64),
        }
        return codes.get(column.pattern, ("a@shop.example", "b@shop.example"))[variant]
    values = {
        "text": (f"{name}-a", f"{name}-b"),
        "boolean": ("true", "false"),
        "date": ("2026-05-01", "2026-05-02"),
        "timestamp": ("2026-05-01 10:00:00", "2026-05-02 10:00:00"),
    }
    return values.get(column.type, ("1", "2"))[variant]


def a_file(contract: Contract, *, is_wrong: bool) -> str:
    """Two rows of different keys; the mistake is in the first, in a column that is no key."""
    kept = {n: c for n, c in contract.columns.items() if n not in {DELETED, contract.version}}
    free = [name for name in kept if name not in (*contract.key, contract.event_time)]
    mistaken = next(
        name for name in free if a_value(name, kept[name], 1) != a_value(name, kept[name], 0)
    )
    lines = [",".join(kept)]
    for row in (0, 1):
        variants = {name: row if name in contract.key else 0 for name in kept}
        variants[mistaken] = int(is_wrong and row == 0)
        lines.append(",".join(a_value(name, kept[name], variants[name]) for name in kept))
    return "\n".join(lines) + "\n"


def test_each_feed_takes_a_mistake_back(tmp_path: Path, parser: Parser) -> None:
    contracts = [one for one in all_contracts().values() if not one.is_own]
    feeds = {one.feed: [{"files": f"{one.feed}.csv"}] for one in contracts}
    desk = a_desk(tmp_path, parser, feeds)
    state = "select * exclude (_row_id, _load_id, _sequence, _recorded_at) from raw.{}_current"

    def held() -> dict[str, list[str]]:
        with desk.loader() as loader:
            ask = loader.connection.execute
            return {feed: sorted(map(repr, ask(state.format(feed)).fetchall())) for feed in feeds}

    def delivered(*, is_wrong: bool) -> None:
        for one in contracts:
            desk.put(f"{one.feed}.csv", a_file(one, is_wrong=is_wrong))
        with desk.loader() as loader:
            for feed in feeds:
                [outcome] = load_feed(loader, feed).outcomes
                assert (outcome.received, outcome.quarantined) == (2, 0), feed

    delivered(is_wrong=False)
    good = held()
    delivered(is_wrong=True)
    assert [feed for feed, rows in held().items() if rows == good[feed]] == []

    delivered(is_wrong=False)

    assert held() == good
