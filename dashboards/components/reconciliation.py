"""The shop against other systems: what differs, what explains it, and what nothing explains."""

from collections.abc import Callable

from dashboards.components import wording
from dashboards.components.tables import Column
from dashboards.queries.reader import Row

_SOURCES = {"erp": "Invoices (ERP)", "accounting": "Payments (accounting)", "payouts": "Payouts"}
_MEASURES = {
    "goods": "goods",
    "shipping": "shipping",
    "payments": "received",
    "refunds": "refunded",
    "commission": "commission",
    "net": "net amount",
}
_STATES = {"ok": "Fine", "watch": "Watch", "act": "Act now", "no_data": "Not compared"}
_PARTS = (
    ("cancelled_amount", "cancelled"),
    ("returned_amount", "returned"),
    ("tax_amount", "tax"),
    ("timing_amount", "still to come"),
    ("currency_amount", "other currency"),
    ("rounding_amount", "rounding"),
    ("unmatched_amount", "fits no order"),
)


def title(comparison: Row) -> str:
    """Return the name of a comparison."""
    source = _SOURCES.get(comparison["source"], str(comparison["source"]))
    return f"{source}: {_MEASURES.get(comparison['measure'], str(comparison['measure']))}"


def summary_columns() -> list[Column]:
    """Return the columns of all comparisons."""
    return [
        Column("Comparison", title, "strong"),
        Column("State", _state, "state"),
        Column("Shop", _money("shop_amount"), "number"),
        Column("Other system", _money("source_amount"), "number"),
        Column("Unexplained", _money("residual_size"), "number"),
        Column("Vendors", lambda row: _count(row, "unexplained_vendor_count"), "number"),
        Column("Days", lambda row: _count(row, "unexplained_day_count"), "number"),
        Column("What explains the rest", _explained, "wide"),
    ]


def day_columns() -> list[Column]:
    """Return the columns of days and vendors with a residual."""
    return [
        Column("Day", lambda row: wording.day(row["reconciliation_date"]), "strong"),
        Column("State", _state, "state"),
        Column("Vendor", _vendor),
        Column("Shop", _money("shop_amount"), "number"),
        Column("Other system", _money("source_amount"), "number"),
        Column("Unexplained", _money("residual_size"), "number"),
        Column("What explains the rest", _explained, "wide"),
    ]


def row_columns() -> list[Column]:
    """Return the columns of the orders or settlement spans behind the residuals."""
    return [
        Column("Order or settlement span", lambda row: row["subject_id"], "strong"),
        Column("Day", lambda row: wording.day(row["reconciliation_date"])),
        Column("Vendor", _vendor),
        Column("Shop", _money("shop_amount"), "number"),
        Column("Other system", _money("source_amount"), "number"),
        Column("Unexplained", _money("residual_amount"), "number"),
        Column("What explains the rest", _explained, "wide"),
    ]


def with_residuals(comparisons: tuple[Row, ...]) -> dict[str, Row]:
    """Return the comparisons that ask for a look, by their names."""
    return {title(row): row for row in comparisons if row["state"] in {"act", "watch"}}


def _state(row: Row) -> str:
    return _STATES.get(row["state"], str(row["state"]))


def _vendor(row: Row) -> str:
    return row["vendor_name"] or row["vendor_id"] or "no vendor"


def _money(column: str) -> Callable[[Row], str]:
    return lambda row: wording.money(row[column], row["currency_code"])


def _count(row: Row, column: str) -> str:
    return wording.NOTHING if row["state"] == "no_data" else wording.count(row[column])


def _explained(row: Row) -> str:
    if row.get("state") == "no_data":
        return str(row["explanation"])
    parts = [
        f"{words} {wording.money(row[column], row['currency_code'])}"
        for column, words in _PARTS
        if row[column]
    ]
    return ", ".join(parts) or wording.NOTHING
