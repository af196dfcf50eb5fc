"""Which days must be rebuilt: `raw.stale_days`, derived from what changed since the last build.

A model with a row per order, or finer, is kept by the order's day. A load names its rows by its
number, those that it brought and those that it overruled, so a changed row leads to its day before
and after the change: an order that moved touches two. Whatever the models join to an order leads to
it by the column that they join by, through all versions of either row. Time passing changes rows
that nothing changed: what has a moment in the days that count now and did not, or reverse.
Decision 22.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from pipelines.loading.business_days import Zones
from pipelines.loading.undated_orders import add_undated_orders
from sources.contract import all_contracts


@dataclass(frozen=True, slots=True)
class _Lead:
    """Rows of one feed that a row of another concerns: equal values of two columns."""

    column: str
    other: str
    other_column: str


@dataclass(frozen=True, slots=True)
class _Concern:
    """How the models that are kept by day use a feed.

    `follows` are the feeds whose rows concern its own, `watched` what the models see of it where
    the rest changes often, `moments` those of its times that are held against the last day,
    `waited_from` those from which the days are counted that a document is waited for, each with
    the measures of the reconciliation that wait.
    """

    follows: tuple[_Lead, ...] = ()
    watched: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    waited_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_INVOICED = ("goods", "shipping")
_PARTS_OF_ORDERS = (
    "returns",
    "order_lines",
    "order_events",
    "shipments",
    "payments",
    "invoices",
    "reviews",
)
# In an order in which each follows those before it.
CONCERNS = {
    "exchange_rates": _Concern(),
    "categories": _Concern(watched=("name",)),
    "products": _Concern(
        (_Lead("category_id", "categories", "category_id"),),
        watched=("name", "category_id", "vendor_id"),
    ),
    "customers": _Concern(watched=("customer_id",)),
    # By these the time is calculated until when a line without one has to be handed over.
    "calendar": _Concern(),
    "vendors": _Concern(watched=("country_code", "region", "cut_off_time")),
    "offers": _Concern(watched=("lead_time_days",)),
    "returns": _Concern(
        moments=("requested_at", "received_at", "refunded_at"),
        waited_from=dict.fromkeys(("requested_at", "received_at", "refunded_at"), _INVOICED),
    ),
    "shipments": _Concern(
        moments=("ship_by_at", "promised_at", "shipped_at", "first_attempt_at", "delivered_at"),
        waited_from={"shipped_at": _INVOICED},
    ),
    "payments": _Concern(moments=("paid_at",)),
    "invoices": _Concern(
        # That an invoice is due or paid changes nothing that is kept by day.
        watched=(
            "order_id",
            "vendor_id",
            "document_kind",
            "status in ('draft', 'cancelled')",
            "currency_code",
            "net_amount",
            "shipping_amount",
            "tax_amount",
            "issued_at",
        ),
        moments=("issued_at",),
    ),
    "reviews": _Concern(moments=("created_at", "answered_at")),
    "order_events": _Concern(moments=("occurred_at",)),
    "order_lines": _Concern(
        (_Lead("product_id", "products", "product_id"),),
        moments=("accepted_at", "ship_by_at", "promised_at", "cancelled_at"),
        waited_from={"cancelled_at": (*_INVOICED, "refunds")},
    ),
    "orders": _Concern(
        (
            *(_Lead("order_id", feed, "order_id") for feed in _PARTS_OF_ORDERS),
            _Lead("customer_record_id", "customers", "customer_record_id"),
        ),
        moments=("ordered_at", "approved_at", "cancelled_at"),
        waited_from={
            "ordered_at": ("payments", "refunds"),
            "cancelled_at": (*_INVOICED, "refunds"),
        },
    ),
}
# A document of no known order counts on its own day. Whether it does is decided by the order, and
# by the other invoices of that number.
_DOCUMENTS = {
    feed: (_Lead("order_id", "orders", "order_id"), _Lead("order_id", "invoices", "order_id"))
    for feed in ("invoices", "payments")
}


@dataclass(frozen=True, slots=True)
class Since:
    """What the last whole build has seen: its last load, and each last day tried since.

    `allowances` are the days for which a document is waited for, by measure; `rate_days` says how
    many days after its own an exchange rate may be used.
    """

    sequence: int
    last_days: tuple[date, ...]
    allowances: Mapping[str, int] = field(default_factory=dict)
    rate_days: int = 0

    def passed(self, measures: Iterable[str] = ()) -> list[tuple[date, date]]:
        """The spans of days, both ends included, that count now or counted then, and not both.

        With measures, those from which a document is waited for now or then, and not both.
        """
        first, last = min(self.last_days), max(self.last_days)
        if first == last:
            return []
        return [
            (first + timedelta(days=1 - days), last - timedelta(days=days))
            for days in sorted({self.allowances.get(measure, 0) for measure in measures} or {0})
        ]


def collect_stale_days(
    connection: duckdb.DuckDBPyConnection, zones: Zones, since: Since
) -> list[date]:
    """The days whose rows may differ from what was built, in order."""
    for feed in CONCERNS:
        _collect(connection, zones, feed, since)
    _add_sought_orders(connection)
    add_undated_orders(connection, since.sequence, since.passed())
    days = set(since.last_days) | _days(connection, zones, "orders")
    days |= _days_of_rates(connection, since.rate_days)
    for feed, leads in _DOCUMENTS.items():
        _add_led(connection, feed, leads)
    # Credit without an order may take back any invoice without one.
    connection.execute(
        "insert into stale_invoices select * from raw.invoices where order_id is null "
        "and status = 'cancelled' and exists (select 1 from stale_invoices where order_id is null "
        "and (document_kind = 'credit_note' or status = 'cancelled'))"
    )
    for feed in _DOCUMENTS:
        _forget_ordered(connection, feed, since)
        days |= _days(connection, zones, feed)
    return sorted(days)


def _collect(connection: duckdb.DuckDBPyConnection, zones: Zones, feed: str, since: Since) -> None:
    """Fills the temporary table of the feed's rows that are concerned, of whatever version."""
    history, concern = f"raw.{feed}", CONCERNS[feed]
    connection.execute(
        f"create or replace temp table stale_{feed} as select * from {history} "
        f"where _sequence > {since.sequence} union all select history.* from {history} as history "
        f"semi join (select _row_id from {history}_superseded where _sequence > {since.sequence}) "
        f"as overruled using (_row_id) where history._sequence <= {since.sequence}"
    )
    if concern.watched:
        _forget_unseen(connection, feed, concern.watched)
    if concern.moments and since.passed():
        connection.execute(
            f"insert into stale_{feed} select * from {history} where {_passed(zones, feed, since)}"
        )
    _add_led(connection, feed, concern.follows)


def _forget_unseen(
    connection: duckdb.DuckDBPyConnection, feed: str, watched: Iterable[str]
) -> None:
    """Leaves out keys of which only columns changed that no model kept by day reads."""
    keys = ", ".join(all_contracts()[feed].key)
    connection.execute(
        f"delete from stale_{feed} where ({keys}) in (select {keys} from stale_{feed} "
        f"group by {keys} having count(*) > 1 and not bool_or(_is_deleted) "
        f"and count(distinct row({', '.join(watched)})) = 1)"
    )


def _forget_ordered(connection: duckdb.DuckDBPyConnection, feed: str, since: Since) -> None:
    """Leaves out documents that stood on their order's day all the time since then."""
    connection.execute(
        f"delete from stale_{feed} where order_id in (select order_id from raw.orders "
        f"group by order_id having min(_sequence) <= {since.sequence} and not bool_or(_is_deleted))"
    )


def _passed(zones: Zones, feed: str, since: Since) -> str:
    """The condition of rows of which a moment, or the wait from it, is past now and was not."""
    columns, concern = all_contracts()[feed].columns, CONCERNS[feed]
    spans = [(name, span) for name in concern.moments for span in since.passed()]
    spans += [
        (name, span)
        for name, measures in concern.waited_from.items()
        for span in since.passed(measures)
    ]
    return " or ".join(
        # The first two let whole row groups be skipped; zones lie less than a day apart.
        f"({name} >= date '{first - timedelta(days=1)}' and {name} < date '{last}' + 2 "
        f"and {zones.day(name, is_date=columns[name].type == 'date')} "
        f"between date '{first}' and date '{last}')"
        for name, (first, last) in spans
    )


def _add_led(connection: duckdb.DuckDBPyConnection, feed: str, leads: Iterable[_Lead]) -> None:
    for lead in leads:
        connection.execute(
            f"insert into stale_{feed} select * from raw.{feed} where {lead.column} in "
            f"(select {lead.other_column} from stale_{lead.other})"
        )


def _add_sought_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds the orders among which the line of a return is sought, where it names none.

    Any order of the customer may be the last before it; one more, and another is.
    """
    sought = "from raw.returns where order_id is null or order_line_id is null"
    if not connection.execute(f"select 1 {sought} limit 1").fetchall():
        return
    connection.execute(
        "create or replace temp table buyers as "
        "select order_id, unnest([customer_id, customer_record_id]) as customer_id from raw.orders "
        "union select order_id, people.customer_id from raw.orders "
        "join raw.customers as people using (customer_record_id)"
    )
    connection.execute(
        "insert into stale_orders select * from raw.orders where order_id in ("
        f"select order_id from buyers where customer_id in (select customer_id {sought}) "
        "and (customer_id in (select customer_id from stale_returns) or customer_id in "
        "(select customer_id from buyers where order_id in (select order_id from stale_orders))))"
    )


def _days(connection: duckdb.DuckDBPyConnection, zones: Zones, feed: str) -> set[date]:
    contract = all_contracts()[feed]
    day = zones.day(str(contract.event_time), is_date=False)
    rows = connection.execute(
        f"select distinct {day} from stale_{feed} where {contract.event_time} is not null"
    )
    return {row[0] for row in rows.fetchall()}


def _days_of_rates(connection: duckdb.DuckDBPyConnection, rate_days: int) -> set[date]:
    """The days whose orders a rate may convert, be it as it is or as it was."""
    rows = connection.execute(
        "select distinct cast(rate_date + to_days(cast(further as integer)) as date) "
        "from stale_exchange_rates cross join range(?) as days (further)",
        [rate_days + 1],
    )
    return {row[0] for row in rows.fetchall()}
