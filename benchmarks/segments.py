"""The preview of a segment over a million customers beside reading the columns that it needs.

The rule asks for attributes, two events by window and value, and another segment; three more
segments are compared with it. The largest rule that there may be has all conditions that a rule
may have, and counts what is dearest to count as often as it may: orders that had such an item.
Either preview may take two seconds.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair, Work
from benchmarks.sizes import rows_asked_for
from operations.segments.query import query_of
from operations.segments.reading import MOST_CONDITIONS, MOST_COUNTS, rule_of
from operations.segments.rules import Rule
from operations.segments.vocabulary import ATTRIBUTES, ATTRIBUTES_MART, EVENTS

_CUSTOMERS = 1_000_000
_AS_OF = date(2025, 6, 30)
_TYPES = {"number": "decimal(18, 2)", "text": "varchar", "day": "date", "yes_no": "boolean"}
_VALUES = {
    "number": "hash(i, {salt}) % 1000",
    "text": "'v' || hash(i, {salt}) % 50",
    "day": "date '2025-06-30' - cast(hash(i, {salt}) % 730 as integer)",
    "yes_no": "hash(i, {salt}) % 2 = 0",
}
_RULE = rule_of(
    """
all:
  - {attribute: gmv_net, at_least: 100}
  - any:
      - {attribute: country_code, is: [v1, v2, v3, v4, v5, v6]}
      - {did: purchase, at_least: 2, within_days: 365, where: {category_id: [v7, v8, v9]}}
  - {did_not: order, within_days: 90, where: {channel: v1}}
  - not: {segment: quiet}
"""
)
_OTHERS = {
    "quiet": rule_of("did_not: order\nwithin_days: 180"),
    "large": rule_of("attribute: gmv_net\nat_least: 900"),
    "often": rule_of("did: order\nat_least: 3\nwithin_days: 365"),
}


def _largest() -> str:
    """A rule of all conditions that it may have; no two of its counts are of the same rows."""
    counts = (
        "  - {did: purchase, at_least: 2, "
        f"within_days: {300 + number}, where: {{category_id: [v{number % 50}, v{number // 2}]}}}}"
        for number in range(MOST_COUNTS)
    )
    compared = (
        f"  - {{attribute: gmv_net, at_least: {number}, less_than: {number + 1}}}"
        for number in range(MOST_CONDITIONS - MOST_COUNTS - 1)
    )
    return "\n".join(("any:", *counts, *compared))


_RULES: dict[str, tuple[Rule, float | None]] = {
    "preview a segment": (_RULE, 3.0),
    "preview the largest rule": (rule_of(_largest()), 6.0),
}


def prepare(folder: Path) -> list[Pair]:
    """A file as it is published, with five orders and eight lines per customer."""
    customers = rows_asked_for(_CUSTOMERS)
    connection = duckdb.connect(str(folder / "segments.duckdb"), config={"threads": 2})
    connection.execute("create schema marts")
    _fill(connection, ATTRIBUTES_MART, dict(ATTRIBUTES), customers, 1)
    for name, rows in (("order", 5), ("purchase", 8)):
        event = EVENTS[name]
        columns = {event.day: "day", **event.fields} | (
            {event.counts: "text"} if event.counts else {}
        )
        _fill(connection, event.mart, columns, customers, rows)

    def peer() -> None:
        """The same rows grouped by customer, without a question."""
        for name in ("fct_orders", "fct_order_lines"):
            connection.execute(
                f"select count(*), max(n) from (select customer_id, count(order_date) as n "
                f"from marts.{name} group by customer_id)"
            ).fetchall()

    return [
        Pair(
            name,
            _previewing(connection, rule),
            "group the same rows",
            peer,
            customers,
            "customers",
            budget,
        )
        for name, (rule, budget) in _RULES.items()
    ]


def _previewing(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Work:
    query = query_of({"draft": rule} | _OTHERS, _OTHERS, _AS_OF)
    counted = ", ".join(f"count(case when draft and {name} then 1 end)" for name in _OTHERS)
    preview = f"select count(case when draft then 1 end), {counted} from ({query.sql})"

    def ours() -> None:
        connection.execute(preview, dict(query.values)).fetchall()

    return ours


def _fill(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    columns: Mapping[str, str],
    customers: int,
    rows: int,
) -> None:
    listed = ", ".join(
        f"cast({_VALUES[kind].format(salt=salt)} as {_TYPES[kind]}) as {name}"
        for salt, (name, kind) in enumerate(columns.items())
    )
    connection.execute(
        f"create table marts.{mart} as select 'customer-' || i % {customers} as customer_id, "
        f"{listed} from range({customers * rows}) as rows(i)"
    )
