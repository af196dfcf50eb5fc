"""Who is in which segment from day to day, as the table on record says it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.segments.holdouts import held_back
from pipelines.loading.warehouse import create_tables
from pipelines.segmentation.definitions import current
from pipelines.segmentation.membership import Evaluated, record_members
from sources.contract import all_contracts

DAY = date(2025, 6, 30)
KEY = bytes(32)
BIG = "title: Big\nrule: {attribute: gmv_net, at_least: 100}\n"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        contracts = all_contracts()
        create_tables(connection, [contracts["operation_states"]])
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.mart_customer_attributes "
            "(customer_id varchar, gmv_net decimal(18, 2), region varchar)"
        )
        yield connection


def customers(connection: duckdb.DuckDBPyConnection, **gmv_net: float | None) -> None:
    connection.execute("delete from marts.mart_customer_attributes")
    for name, amount in gmv_net.items():
        connection.execute(
            "insert into marts.mart_customer_attributes values (?, ?, null)", [name, amount]
        )


def file(folder: Path, **texts: str) -> Path:
    for path in folder.glob("*.yml"):
        path.unlink()
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    return folder


def saved(connection: duckdb.DuckDBPyConnection, version: int, **state: Any) -> None:
    connection.execute("delete from raw.operation_states")
    state = {"marketplace": "demo", "is_retired": False, **state}
    connection.execute(
        "insert into raw.operation_states by name select 'segments' as stream, ? as stream_id, "
        "? as version, ? as state, false as _is_deleted, 1 as _row_id",
        [f"demo/{state['segment_id']}", version, json.dumps(state)],
    )


def run(connection: duckdb.DuckDBPyConnection, folder: Path, day: date = DAY) -> list[Evaluated]:
    return record_members(connection, current(connection, "demo", folder), day, KEY)


def on_record(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select segment_id, subject_id, valid_from, valid_to from raw.segment_members "
        "order by number, segment_id, subject_id, valid_to nulls last"
    ).fetchall()


def test_who_enters_and_leaves_is_added_and_who_stays_is_not(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder, later = file(tmp_path, big=BIG), DAY + timedelta(days=1)
    customers(warehouse, stays=100, leaves=500, enters=99.99, unknown=None)

    [result] = run(warehouse, folder)
    assert (result.members, result.unknown, result.title) == (2, 1, "Big")
    assert result.finding.english == "2 members"
    first = on_record(warehouse)
    customers(warehouse, stays=101, leaves=1, enters=100, unknown=None)
    run(warehouse, folder, later)
    run(warehouse, folder, later)

    assert first == [("big", "leaves", DAY, None), ("big", "stays", DAY, None)]
    assert on_record(warehouse) == [
        *first,
        ("big", "enters", later, None),
        ("big", "leaves", DAY, later),
    ]


def test_a_vendor_and_a_customer_of_the_same_id_are_in_their_own_segments(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    customers(warehouse, a1=100, a2=1)
    warehouse.execute(
        "create table marts.mart_vendor_attributes as "
        "select * from (values ('a1', 0), ('a2', 2)) as vendors (vendor_id, act_metric_count)"
    )
    late = "subject: vendor\ntitle: Late\nrule: {attribute: act_metric_count, at_least: 1}\n"
    named = "subject: vendor\ntitle: In time\nrule: {not: {segment: late}}\n"
    mixed = "subject: vendor\ntitle: Mixed\nrule: {segment: big}\n"
    folder = file(tmp_path, big=BIG, late=late, named=named, mixed=mixed)

    results = {each.segment_id: each for each in run(warehouse, folder)}

    rows = warehouse.execute(
        "select subject_kind, segment_id, subject_id from raw.segment_members order by all"
    ).fetchall()
    assert rows == [("customer", "big", "a1"), ("vendor", "late", "a2"), ("vendor", "named", "a1")]
    # A rule of vendors cannot ask for a segment of customers, nor for what only customers have.
    assert "there is no segment big" in results["mixed"].finding.english
    assert not results["mixed"].is_evaluated


def test_another_rule_is_another_version_and_begins_its_own_memberships(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    customers(warehouse, one=200)
    run(warehouse, file(tmp_path, big=BIG))
    changed = file(tmp_path, big=BIG.replace("100", "150"))

    run(warehouse, changed, DAY + timedelta(days=1))

    rows = warehouse.execute(
        "select version, valid_from, valid_to from raw.segment_members "
        "order by number, valid_to nulls last"
    ).fetchall()
    assert [row[1:] for row in rows] == [
        (DAY, None),
        (DAY, DAY + timedelta(days=1)),
        (DAY + timedelta(days=1), None),
    ]
    assert len({version for version, _, _ in rows}) == 2


def test_a_broken_segment_keeps_its_members_and_stops_nobody(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    customers(warehouse, one=200)
    run(warehouse, file(tmp_path, big=BIG))
    others = {
        "big": "title: Big\nrule: {attribute: gmv_nett, at_least: 100}\n",
        "by_broken": "title: By it\nrule: {segment: big}\n",
        # the mart of this warehouse has no such column
        "failing": "title: Fails\nrule: {attribute: order_count, at_least: 1}\n",
        "round_a": "title: A\nrule: {segment: round_b}\n",
        "round_b": "title: B\nrule: {segment: round_a}\n",
        "sound": "title: Sound\nrule: {attribute: gmv_net, known: true}\n",
    }

    results = run(warehouse, file(tmp_path, **others), DAY + timedelta(days=1))

    said = {each.segment_id: each.finding.english for each in results}
    assert said == {
        "big": "line 2, column 8: there is no attribute gmv_nett; do you mean gmv_net?",
        "by_broken": ("it names the segment big, whose own rule has a fault; correct that one"),
        "failing": "its rule could not be evaluated; what stood before stands on",
        "round_a": (
            "the segment would ask for itself: round_b → round_a → round_b; leave one of them out"
        ),
        "round_b": (
            "the segment would ask for itself: round_a → round_b → round_a; leave one of them out"
        ),
        "sound": "1 member",
    }
    assert [row[:2] for row in on_record(warehouse)] == [("big", "one"), ("sound", "one")]
    assert [each.segment_id for each in results if each.is_evaluated] == ["sound"]


def test_a_segment_that_is_gone_or_retired_holds_nobody_any_more(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    customers(warehouse, one=200)
    rule = "attribute: gmv_net\nat_least: 1\n"
    saved(warehouse, 4, segment_id="bought", rule=rule)
    results = run(warehouse, file(tmp_path, big=BIG))
    assert [(each.segment_id, each.version) for each in results][1] == ("bought", "4")
    later = DAY + timedelta(days=1)

    saved(warehouse, 5, segment_id="bought", rule=rule, is_retired=True)
    results = run(warehouse, file(tmp_path), later)

    assert results == []
    assert on_record(warehouse)[2:] == [
        ("big", "one", DAY, later),
        ("bought", "one", DAY, later),
    ]


def test_a_day_before_the_last_one_is_not_evaluated_again(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    customers(warehouse, one=200)
    folder = file(tmp_path, big=BIG)
    run(warehouse, folder)
    customers(warehouse, one=1)

    assert run(warehouse, folder, DAY - timedelta(days=1)) == []

    assert on_record(warehouse) == [("big", "one", DAY, None)]
    assert warehouse.execute("select as_of_date from raw.segments").fetchall() == [(DAY,)]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.frozensets(st.sampled_from("abc"))), min_size=1, max_size=5
    )
)
def test_what_is_on_record_is_who_was_in_it_on_each_day(
    tmp_path_factory: pytest.TempPathFactory, days: list[tuple[int, frozenset[str]]]
) -> None:
    """Any members on any days, days evaluated more than once included; the last time counts."""
    folder = file(tmp_path_factory.mktemp("segments"), big=BIG)
    truth: dict[date, frozenset[str]] = {}
    day = DAY
    with duckdb.connect() as connection:
        create_tables(connection, [all_contracts()["operation_states"]])
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.mart_customer_attributes "
            "(customer_id varchar, gmv_net decimal(18, 2), region varchar)"
        )
        for step, members in days:
            day += timedelta(days=step)
            customers(connection, **{name: 100 if name in members else 1 for name in "abc"})
            run(connection, folder, day)
            truth[day] = members

        for each, members in truth.items():
            found = connection.execute(
                "select subject_id from (select * from raw.segment_members qualify row_number() "
                "over (partition by subject_id, valid_from order by number desc) = 1) "
                "where valid_from <= $day and coalesce(valid_to > $day, true)",
                {"day": each},
            ).fetchall()
            assert sorted(name for (name,) in found) == sorted(members)


def test_who_is_held_back_stays_so_and_a_larger_share_holds_back_more(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    everybody = {f"c{number}": 200.0 for number in range(200)}
    customers(warehouse, **everybody)

    def held(share: str, day: int, key: bytes = KEY) -> set[str]:
        folder = file(tmp_path, big=f"{BIG}holdout: {share}\n")
        found = current(warehouse, "demo", folder)
        [result] = record_members(warehouse, found, DAY + timedelta(days=day), key)
        assert str(result.holdout_share) == share
        rows = warehouse.execute(
            "select subject_id from raw.segment_members where version = ? group by subject_id "
            "having bool_or(is_holdout)",
            [result.version],
        ).fetchall()
        return {name for (name,) in rows}

    tenth, half = held("0.1", 1), held("0.5", 2)
    customers(warehouse, **dict(reversed(everybody.items())), late=500)

    assert tenth < half
    # a draw of 200 with even chances is within 3.3 standard deviations of 100 but once in 1,000
    assert 76 <= len(half) <= 124
    again = held("0.5", 3)
    assert again - {"late"} == half
    assert held("0.2", 4, bytes([1]) * 32) != held("0.1", 5)


def test_the_draw_is_the_published_hmac_sha256() -> None:
    # RFC 4231, test case 2: 5bdcc146bf60754e... is 0.35884 of the whole
    draws = {
        share: held_back(b"Jefe", "what", Decimal(share), ["do ya want for nothing?"])
        for share in ("0.3587", "0.3589")
    }

    assert draws == {"0.3587": [], "0.3589": ["do ya want for nothing?"]}
