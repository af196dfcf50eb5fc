"""The query of a rule against an evaluator of its own, over random rules and rows."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operations.segments.query import query_of
from operations.segments.reading import rule_of
from operations.segments.references import CircleError
from operations.segments.rules import Rule
from operations.segments.vocabulary import ATTRIBUTES, ATTRIBUTES_MART, EVENTS, Kind
from tests.segments.answering import Row, answer
from tests.segments.strategies import AS_OF, DAYS, VALUES, rules

SQL_TYPES: dict[Kind, str] = {
    "number": "decimal(18, 2)",
    "text": "varchar",
    "day": "date",
    "yes_no": "boolean",
}
CUSTOMERS = ("C1", "C2", "C3")


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        columns = {name: SQL_TYPES[kind] for name, kind in ATTRIBUTES.items()}
        create(connection, ATTRIBUTES_MART, columns)
        for mart in {event.mart for event in EVENTS.values()}:
            create(connection, mart, columns_of(mart))
        yield connection


def columns_of(mart: str) -> dict[str, str]:
    """The columns of a mart of events, of all events that are rows of it."""
    found: dict[str, str] = {}
    for event in (event for event in EVENTS.values() if event.mart == mart):
        found |= {event.day: "date"} | ({event.counts: "varchar"} if event.counts else {})
        found |= {name: SQL_TYPES[kind] for name, kind in event.fields.items()}
        found |= {event.only[0]: "varchar"} if event.only else {}
    return found


def create(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str]) -> None:
    listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"create table marts.{name} (customer_id varchar, {listed})")


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    connection.execute(f"delete from marts.{name}")
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"insert into marts.{name} ({names}) values ({marks})", [*row.values()])


def answers(
    connection: duckdb.DuckDBPyConnection, rule: Rule, segments: Mapping[str, Rule] = {}
) -> dict[str, Any]:
    query = query_of({"answer": rule}, segments, AS_OF)
    return dict(connection.execute(query.sql, dict(query.values)).fetchall())


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


EVENT_ROWS = {
    name: st.lists(
        st.fixed_dictionaries(
            {
                "customer_id": st.sampled_from([*CUSTOMERS, None]),
                event.day: st.sampled_from(DAYS),
                **({event.counts: st.sampled_from(["O1", "O2"])} if event.counts else {}),
                **{field: maybe(VALUES[kind]) for field, kind in event.fields.items()},
                **({event.only[0]: st.just(event.only[1])} if event.only else {}),
            }
        ),
        max_size=4,
    )
    for name, event in EVENTS.items()
}
ATTRIBUTE_ROWS = st.fixed_dictionaries(
    {name: maybe(VALUES[kind]) for name, kind in ATTRIBUTES.items()}
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rule=rules(named=("inner", "outer")),
    inner=rules(),
    outer=rules(named=("inner",)),
    attributes=st.lists(ATTRIBUTE_ROWS, min_size=len(CUSTOMERS), max_size=len(CUSTOMERS)),
    events=st.fixed_dictionaries(EVENT_ROWS),
)
def test_the_query_answers_as_the_rule_says(
    tables: duckdb.DuckDBPyConnection,
    rule: Rule,
    inner: Rule,
    outer: Rule,
    attributes: list[dict[str, Any]],
    events: dict[str, list[dict[str, Any]]],
) -> None:
    segments = {"inner": inner, "outer": outer}
    customers = [
        {"customer_id": name, **row} for name, row in zip(CUSTOMERS, attributes, strict=True)
    ]
    fill(tables, ATTRIBUTES_MART, customers)
    for mart in {event.mart for event in EVENTS.values()}:
        rows = [row for name, each in events.items() if EVENTS[name].mart == mart for row in each]
        fill(tables, mart, rows)

    found = answers(tables, rule, segments)

    assert found == {
        row["customer_id"]: answer(rule, row, events, segments, AS_OF) for row in customers
    }


@pytest.fixture
def three(tables: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """One who is above five, one who is not, one of whom it is not known; nobody ordered."""
    rows = [
        {"customer_id": "above", "recency_days": 9},
        {"customer_id": "below", "recency_days": 2},
        {"customer_id": "unknown", "recency_days": None},
    ]
    fill(tables, ATTRIBUTES_MART, rows)
    for event in EVENTS.values():
        fill(tables, event.mart, [])
    return tables


def test_the_contrary_of_what_is_not_known_is_not_known(three: duckdb.DuckDBPyConnection) -> None:
    above = "attribute: recency_days\nmore_than: 5\n"

    assert answers(three, rule_of(above)) == {"above": True, "below": False, "unknown": None}
    contrary = rule_of("not: {attribute: recency_days, more_than: 5}")
    assert answers(three, contrary) == {"above": False, "below": True, "unknown": None}
    said = rule_of(
        "any: [{not: {attribute: recency_days, more_than: 5}},"
        " {attribute: recency_days, known: false}]"
    )
    assert answers(three, said) == {"above": False, "below": True, "unknown": True}


def test_whether_somebody_is_in_a_segment_is_always_known(
    three: duckdb.DuckDBPyConnection,
) -> None:
    segments = {"late": rule_of("attribute: recency_days\nmore_than: 5")}

    found = answers(three, rule_of("not: {segment: late}"), segments)

    assert found == {"above": False, "below": True, "unknown": True}


def test_what_is_recorded_of_nobody_is_not_known_to_have_been_left_undone(
    three: duckdb.DuckDBPyConnection,
) -> None:
    never = rule_of("did_not: order")
    assert set(answers(three, never).values()) == {None}

    fill(three, "fct_orders", [{"customer_id": "above", "order_date": AS_OF}])
    assert answers(three, never) == {"above": False, "below": True, "unknown": True}


def test_sessions_of_programs_are_none_of_a_customer(three: duckdb.DuckDBPyConnection) -> None:
    visit = {"session_date": AS_OF, "added_to_cart": True, "purchased": False}
    rows = [("above", "human"), ("below", "bot"), ("unknown", "test")]
    fill(
        three,
        "fct_sessions",
        [{"customer_id": name, "session_kind": kind, **visit} for name, kind in rows],
    )
    left = rule_of("did: session\nwhere: {added_to_cart: true, purchased: false}")

    assert answers(three, left) == {"above": True, "below": False, "unknown": False}


def test_items_of_one_order_are_one_time(three: duckdb.DuckDBPyConnection) -> None:
    line = {"order_date": AS_OF, "order_id": "O1", "vendor_id": "V"}
    fill(
        three,
        "fct_order_lines",
        [
            {"customer_id": "above", **line},
            {"customer_id": "above", **line},
            {"customer_id": "below", **line},
            {"customer_id": "below", **line, "order_id": "O2"},
        ],
    )
    twice = rule_of("did: purchase\nat_least: 2\nwhere: {vendor_id: V}")

    assert answers(three, twice) == {"above": False, "below": True, "unknown": False}


@pytest.mark.parametrize("days", [DAYS[0]])
def test_a_window_has_just_as_many_days(three: duckdb.DuckDBPyConnection, days: Any) -> None:
    # the last seven days to the thirtieth begin with the twenty-fourth
    for day, is_in in ((DAYS[3], True), (DAYS[2], False), (days, False)):
        fill(three, "fct_orders", [{"customer_id": "above", "order_date": day}])

        assert answers(three, rule_of("did: order\nwithin_days: 7"))["above"] is is_in


@pytest.mark.parametrize("written", ["100", "100.0", "1.0e+2"])
def test_a_round_number_is_itself(three: duckdb.DuckDBPyConnection, written: str) -> None:
    fill(three, ATTRIBUTES_MART, [{"customer_id": "above", "gmv": 99}])

    assert answers(three, rule_of(f"attribute: gmv\nat_least: {written}")) == {"above": False}


def test_segments_of_the_models_can_be_named(three: duckdb.DuckDBPyConnection) -> None:
    rows = [("above", "champions"), ("below", "lost"), ("unknown", None)]
    fill(
        three, ATTRIBUTES_MART, [{"customer_id": name, "rfm_segment": code} for name, code in rows]
    )

    found = answers(three, rule_of("not: {segment: rfm_champions}", {"other"}))

    assert found == {"above": False, "below": True, "unknown": True}


def test_the_next_days_begin_tomorrow(three: duckdb.DuckDBPyConnection) -> None:
    days = [("above", "2025-07-07"), ("below", "2025-07-08"), ("unknown", "2025-06-30")]
    fill(
        three,
        ATTRIBUTES_MART,
        [{"customer_id": name, "next_birthday_date": day} for name, day in days],
    )

    found = answers(three, rule_of("attribute: next_birthday_date\nin_next_days: 7"))

    assert found == {"above": True, "below": False, "unknown": False}


def test_a_circle_is_told_with_its_chain() -> None:
    segments = {
        "a": rule_of("segment: b"),
        "b": rule_of("not: {segment: c}"),
        "c": rule_of("any: [{segment: a}, {attribute: gmv, known: true}]"),
    }

    with pytest.raises(CircleError) as caught:
        query_of({"answer": rule_of("segment: b")}, segments, AS_OF)

    assert caught.value.chain == ("b", "c", "a", "b")


def test_what_somebody_wrote_is_bound() -> None:
    hostile = "x') or true; drop table marts.fct_orders --"
    rule = rule_of(f'attribute: country_code\nis: ["{hostile}", "$v9"]')

    query = query_of({"answer": rule}, {}, AS_OF)

    assert hostile not in query.sql
    assert set(query.values.values()) == {hostile, "$v9"}


def test_segments_that_name_each_other_often_make_no_long_query() -> None:
    # each names the one before it twice: written out, the last would be a million conditions
    segments = {"s0": rule_of("attribute: gmv\nat_least: 1")}
    for number in range(1, 20):
        before = f"{{segment: s{number - 1}}}"
        segments[f"s{number}"] = rule_of(f"all: [{before}, {{not: {before}}}]")

    query = query_of({"answer": rule_of("segment: s19")}, segments, AS_OF)

    assert len(query.sql) < 3_000
    assert query.values == {"v0": Decimal(1)}
