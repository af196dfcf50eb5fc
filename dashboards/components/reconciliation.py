"""The shop against other systems: what differs, what explains it, and what nothing explains."""

from collections.abc import Callable

from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import NOTHING, Words

_COMPARISONS = {
    "erp goods": message("Invoices (ERP): goods"),
    "erp shipping": message("Invoices (ERP): shipping"),
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
_NO_DATA = {
    "no_rows": message("Not compared: the other system delivers nothing."),
    "never_stated": message("Not compared: the other system never states this amount."),
}
_PARTS = (
    ("cancelled_amount", message("cancelled {amount}")),
    ("returned_amount", message("returned {amount}")),
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


def day_columns(context: Context) -> list[Column]:
    """Return the columns of days and vendors with a residual."""
    words = context.words
    return [
        Column(words.text("Day"), lambda row: words.day(row["reconciliation_date"]), "strong"),
        _state(words),
        _vendor(words),
        *_waterfall(words),
    ]


def row_columns(context: Context) -> list[Column]:
    """Return the columns of the orders or settlement spans behind the residuals."""
    words = context.words
    return [
        Column(words.text("Order or settlement"), lambda row: row["subject_id"], "strong"),
        Column(words.text("Day"), lambda row: words.day(row["reconciliation_date"])),
        _vendor(words),
        *_waterfall(words),
    ]


def with_residuals(words: Words, comparisons: tuple[Row, ...]) -> dict[str, Row]:
    """Return the comparisons that need attention, by their names."""
    return {title(words, row): row for row in comparisons if row["state"] in {"act", "watch"}}


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


def _vendor(words: Words) -> Column:
    def name(row: Row) -> str:
        return row["vendor_name"] or row["vendor_id"] or words.text("no vendor")

    return Column(words.text("Vendor"), name)


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
