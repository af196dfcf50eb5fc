"""The shop against other systems: what differs, what explains it, and what nothing explains."""

from collections.abc import Callable, Iterable

from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Id
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message
from dashboards.words.words import NOTHING, Words

_COMPARISONS = {
    "erp goods": message("Invoices (ERP): goods"),
    "erp shipping": message("Invoices (ERP): shipping"),
    "erp tax": message("Invoices (ERP): tax"),
    "accounting payments": message("Payments (accounting): received"),
    "accounting refunds": message("Payments (accounting): refunded"),
    "payouts goods": message("Payouts: goods"),
    "payouts commission": message("Payouts: commission"),
    "payouts refunds": message("Payouts: refunds"),
    "payouts net": message("Payouts: net amount"),
}
_STATES = {
    "ok": message("OK"),
    "watch": message("Watch"),
    "act": message("Act now"),
    "no_data": message("Not compared"),
}
_CURRENCY = "currency_code"
_NO_DATA = {
    "no_rows": message("Not compared: the other system delivers nothing."),
    "never_stated": message("Not compared: the other system never states this amount."),
}
_PARTS = (
    ("cancelled_amount", message("cancelled {amount}")),
    ("returned_amount", message("returned {amount}")),
    ("discounted_amount", message("discount on the order {amount}")),
    ("charged_back_amount", message("charged back {amount}")),
    ("tax_amount", message("tax {amount}")),
    ("timing_amount", message("still to come {amount}")),
    ("currency_amount", message("other currency {amount}")),
    ("rounding_amount", message("rounding {amount}")),
    ("unmatched_amount", message("without an order {amount}")),
)


def title(words: Words, comparison: Row) -> str:
    """Return the name of a comparison."""
    return words.code(_COMPARISONS, f"{comparison['source']} {comparison['measure']}")


def summary_columns(context: Context) -> list[Column]:
    """Return the columns of all comparisons."""
    words = context.words
    return [
        Column(words.text("Comparison"), lambda row: title(words, row), "strong"),
        _state(words),
        *_waterfall(words),
        Column(
            words.text("Vendors"),
            lambda row: _count(words, row, "unexplained_vendor_count"),
            "number",
        ),
        Column(
            words.text("Days"), lambda row: _count(words, row, "unexplained_day_count"), "number"
        ),
    ]


def with_residuals(comparisons: Iterable[Row]) -> dict[str, Row]:
    """Return the comparisons that need attention, by currency, as an address calls them."""
    return {
        f"{row['source']}-{row['measure']}-{row['currency_code']}": row
        for row in comparisons
        if row["state"] in {"act", "watch"}
    }


def _waterfall(words: Words) -> tuple[Column, ...]:
    """From the difference to what is left of it; net and gross tell of faults both ways."""
    return (
        Column(words.text("Shop"), _money(words, "shop_amount"), "number"),
        Column(words.text("Other system"), _money(words, "source_amount"), "number"),
        Column(words.text("Difference"), _money(words, "difference_amount"), "number"),
        Column(words.text("Explained"), _money(words, "explained_amount"), "number"),
        Column(words.text("Net unexplained"), _money(words, "residual_amount"), "number"),
        Column(words.text("Gross mismatch"), _money(words, "residual_size"), "number"),
        Column(words.text("Explained by"), lambda row: _explained(words, row), "wide"),
    )


def _state(words: Words) -> Column:
    return Column(words.text("State"), lambda row: words.code(_STATES, row["state"]), "state")


def _money(words: Words, column: str) -> Callable[[Row], str]:
    return lambda row: words.money(row[column], row["currency_code"])


def _count(words: Words, row: Row, column: str) -> str:
    return NOTHING if row["state"] == "no_data" else words.number(row[column])


def _explained(words: Words, row: Row) -> str:
    if row.get("state") == "no_data":
        return words.code(_NO_DATA, row["finding"])
    parts = [
        words.say(said, amount=words.money(row[column], row["currency_code"]))
        for column, said in _PARTS
        if row[column]
    ]
    return ", ".join(parts) or NOTHING


def given(comparison: Row) -> dict[str, str]:
    """Return what tells the lists behind a comparison which one it is."""
    return {
        "source": comparison["source"],
        "measure": comparison["measure"],
        "currency": comparison["currency_code"],
    }


def _vendor(context: Context, row: Row) -> str:
    return row["vendor_name"] or row["vendor_id"] or context.words.text("no vendor")


def _parts(context: Context, row: Row) -> str:
    return _explained(context.words, row)


_WATERFALL = (
    columns.money("shop_amount", message("Shop"), _CURRENCY),
    columns.money("source_amount", message("Other system"), _CURRENCY),
    columns.money("difference_amount", message("Difference"), _CURRENCY),
    columns.money("explained_amount", message("Explained"), _CURRENCY),
    columns.money("residual_amount", message("Net unexplained"), _CURRENCY),
    columns.money("residual_size", message("Gross mismatch"), _CURRENCY),
    columns.said("explained_by", message("Explained by"), _parts, kind="wide", order=None),
    columns.plain(_CURRENCY, message("Currency"), is_shown=False),
)
_OF_A_COMPARISON = (
    Id("source", "source"),
    Id("measure", "measure"),
    Id("currency", "currency_code"),
)
_LARGEST_FIRST = (
    Order("residual_size", is_descending=True),
    Order("reconciliation_date", is_descending=True),
)

DAYS = Listing(
    name="mismatched-days",
    caption=message("Largest mismatches by day and vendor"),
    query="mismatched_days",
    key=("reconciliation_id",),
    default_order=_LARGEST_FIRST,
    columns=(
        columns.day("reconciliation_date", message("Day"), kind="strong"),
        columns.code("state", message("State"), _STATES, kind="state"),
        columns.said("vendor_name", message("Vendor"), _vendor),
        *_WATERFALL,
    ),
    filters=_OF_A_COMPARISON,
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(message("No mismatches"), message("Every day and vendor agrees.")),
    phone=("reconciliation_date", "residual_size", "state", "vendor_name"),
)

ROWS = Listing(
    name="mismatched-orders",
    caption=message("Orders and settlements that differ"),
    query="mismatched_orders",
    key=("row_key",),
    default_order=_LARGEST_FIRST,
    columns=(
        columns.plain("subject_id", message("Order or settlement"), kind="strong"),
        columns.day("reconciliation_date", message("Day"), kind="text"),
        columns.said("vendor_name", message("Vendor"), _vendor),
        *_WATERFALL,
    ),
    filters=_OF_A_COMPARISON,
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(message("No mismatches"), message("Every order and settlement agrees.")),
    phone=("subject_id", "residual_size", "vendor_name", "reconciliation_date"),
)
