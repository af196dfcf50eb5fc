"""What a feed's suite looks at: a bounded batch of its rows with what joins tell, and its sums."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_quality.business_rules import IN_ORDER
from data_quality.rules import Part, Suite
from data_quality.suites import IS_KNOWN, LATEST_PLAUSIBLE
from pipelines.checking.feed_facts import fact_sql
from pipelines.checking.parts import MOST_ROWS, write_queries
from sources.contract import Contract, reference_of
from sources.sql import literal

ORDERED_AT = "order_ordered_at"
_SEED = 20_260_630
_GOODS = "coalesce(line_amount, quantity * unit_price)"
_PRICE = (
    f"{_GOODS} - coalesce(discount_amount, {_GOODS} * discount_rate, 0) "
    "+ coalesce(shipping_amount, 0)"
)


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """Which feed is read, by which contract, and in which zones its times are written and meant."""

    contract: Contract
    suite: Suite
    storage_time_zone: str
    business_time_zone: str
    most_rows: int = MOST_ROWS


def write_parts(
    connection: duckdb.DuckDBPyConnection, batch: FeedBatch, folder: Path
) -> dict[Part, str]:
    """Writes the Parquet files that the suite needs, and returns their paths."""
    queries: dict[Part, str] = {"rows": rows_sql(connection, batch)}
    facts = batch.suite.columns("facts")
    if facts:
        queries["facts"] = facts_sql(batch.contract, facts)
    return write_queries(connection, queries, folder, batch.contract.feed)


def rows_sql(connection: duckdb.DuckDBPyConnection, batch: FeedBatch) -> str:
    """The rows of a feed with the columns of its suite.

    All of them where they are few; else the newest and a sample of the rest, which is the same
    sample whenever the rows are the same.
    """
    feed = batch.contract.feed
    names = batch.suite.columns("rows")
    columns = ", ".join(f"{_expression(batch, name)} as {name}" for name in names)
    joins = " ".join(_joins(batch.contract, names))
    chosen = f"(select * from raw.{feed}_current{_bound(connection, feed, batch.most_rows)})"
    return f"select {columns} from {chosen} as feed {joins}"


def facts_sql(contract: Contract, facts: tuple[str, ...]) -> str:
    """One row with the sums that the suite asks for."""
    each = [fact_sql(contract, name) for name in facts]
    return "select * from " + " cross join ".join(f"({query})" for query in each)


def _bound(connection: duckdb.DuckDBPyConnection, feed: str, most: int) -> str:
    row = connection.execute(
        f"select count(*), max(_row_id) from raw.{feed}_current"
    ).fetchone() or (0, 0)
    count, newest = row
    if count <= most:
        return ""
    half = most // 2
    one_in = -(-count // half)
    return f" where _row_id > {newest - half} or hash(_row_id, {_SEED}) % {one_in} = 0"


def _expression(batch: FeedBatch, name: str) -> str:
    columns = batch.contract.columns
    if name in columns:
        is_decimal = columns[name].type.startswith("decimal")
        return f"cast(feed.{name} as double)" if is_decimal else f"feed.{name}"
    if name.endswith(IS_KNOWN):
        own = name.removesuffix(IS_KNOWN)
        return f"case when feed.{own} is not null then known_{own}.found is not null end"
    if name == LATEST_PLAUSIBLE:
        received = (
            f"timezone({literal(batch.storage_time_zone)}, timezone('UTC', feed._recorded_at))"
        )
        return f"{received} + interval 5 minute"
    if name == ORDERED_AT:
        return _ordered_at(batch)
    return _JOINED[name][0]


def _ordered_at(batch: FeedBatch) -> str:
    """When the order was placed; the beginning of its day beside a time that is a day alone.

    Who pays or sends on the day of the order by a file that states days does neither before it.
    """
    own = _JOINED[ORDERED_AT][0]
    later = next(later for earlier, later in IN_ORDER[batch.contract.feed] if earlier == ORDERED_AT)
    stored, business = literal(batch.storage_time_zone), literal(batch.business_time_zone)

    def local(moment: str) -> str:
        return f"timezone({business}, timezone({stored}, {moment}))"

    day = f"timezone({stored}, timezone({business}, date_trunc('day', {local(own)})))"
    is_day = f"{local(f'feed.{later}')} = date_trunc('day', {local(f'feed.{later}')})"
    return f"case when {is_day} then {day} else {own} end"


def _joins(contract: Contract, names: tuple[str, ...]) -> list[str]:
    joins = []
    for name in names:
        if name in contract.columns or name == LATEST_PLAUSIBLE:
            continue
        if name.endswith(IS_KNOWN):
            own = name.removesuffix(IS_KNOWN)
            other, meant = reference_of(contract, own)
            listed = ", ".join(meant.values())
            matched = " and ".join(
                f"feed.{ours} = known_{own}.{its}" for ours, its in meant.items()
            )
            joins.append(
                f"left join (select distinct {listed}, true as found from raw.{other}_current) as "
                f"known_{own} on {matched}"
            )
        else:
            joins += [join for join in _JOINED[name][1] if join not in joins]
    return joins


_ORDER = "left join raw.orders_current as own_order on feed.order_id = own_order.order_id"
# The lines of each order, and what the buyer owes by them. The books say the same for each vendor
# (`owed` of int_order_vendors_owed); a test holds both to the same orders.
OWN_LINES = (
    f"left join (select order_id, count(*) as line_count, sum({_PRICE}) as amount, "
    "sum(coalesce(tax_amount, 0)) as tax_amount "
    "from raw.order_lines_current group by order_id) as own_lines "
    "on feed.order_id = own_lines.order_id"
)
_PAID = (
    "left join (select order_id, sum(amount) filter (where coalesce(status, 'paid') = 'paid' "
    "and coalesce(kind, 'charge') = 'charge' and amount > 0) "
    "as amount from raw.payments_current group by order_id) as own_payments "
    "on feed.order_id = own_payments.order_id"
)
CHARGED = (
    "own_lines.amount + coalesce(feed.shipping_amount, 0) - coalesce(feed.discount_amount, 0) "
    "+ coalesce(feed.tax_amount, own_lines.tax_amount)"
)
# A total that the shop states comes first.
_OWED = f"coalesce(feed.total_amount, {CHARGED})"
_RATIO = (
    "case when feed.status not in ('cancelled', 'unavailable') and own_lines.amount > 0 "
    f"and {_OWED} > 0 then cast(own_payments.amount as double) / cast({_OWED} as double) end"
)
_OWN_PRICE = (
    "coalesce(feed.line_amount, feed.quantity * feed.unit_price) "
    "+ coalesce(feed.shipping_amount, 0)"
)
# Columns that no contract has: what they are, and what must be joined for them.
_JOINED: dict[str, tuple[str, tuple[str, ...]]] = {
    ORDERED_AT: ("own_order.ordered_at", (_ORDER,)),
    "currency_is_the_orders": ("feed.currency_code = own_order.currency_code", (_ORDER,)),
    "commission_is_within_price": (f"feed.commission_amount <= {_OWN_PRICE}", ()),
    "line_count": ("coalesce(own_lines.line_count, 0)", (OWN_LINES,)),
    "paid_ratio": (
        _RATIO,
        (OWN_LINES, _PAID),
    ),
}
