"""The light of every system, with what it says and what it holds back."""

from collections.abc import Sequence
from typing import Any

from dashboards.components import figures, health, html, wording
from dashboards.queries.reader import Row

_NAMES = {
    "oms": "Order management",
    "erp": "ERP and accounting",
    "pim": "Product data (PIM)",
    "crm": "CRM",
    "cms": "Content (CMS)",
}


def show_figures(
    systems: Sequence[Row], comparisons: Sequence[Row], failing_check_count: int
) -> None:
    """Show what asks for a look, in a handful of numbers."""
    delivering = [row for row in systems if row["state"] != "absent"]
    troubled = [row for row in delivering if row["state"] != "ok"]
    unexplained = [row for row in comparisons if row["state"] in {"act", "watch"}]
    shown = [
        ("Systems to look at", f"{len(troubled)} of {len(delivering)}", "Systems that deliver."),
        ("Late feeds", _sum(systems, "late_count"), "Feeds that bring nothing new in their time."),
        (
            "Rows kept back",
            _sum(systems, "open_quarantine_count"),
            "Rows in quarantine that were not loaded.",
        ),
        (
            "Failing checks",
            wording.count(failing_check_count),
            "Checks of deliveries, exports and figures that failed last, warnings included.",
        ),
        (
            "Comparisons to look at",
            f"{len(unexplained)} of {_compared(comparisons)}",
            "Comparisons of the shop with another system that leave something unexplained.",
        ),
    ]
    figures.show([figures.Figure(name, value, definition=what) for name, value, what in shown])


def show(systems: Sequence[Row]) -> None:
    """Show one card per system; the state is a word, the colour only underlines it."""
    html.show("systems.html", systems=[_card(row) for row in systems])


def name(system: str) -> str:
    """Return what people call a system."""
    return _NAMES.get(system, system.replace("_", " ").capitalize())


def _card(row: Row) -> dict[str, Any]:
    return {
        "name": name(row["system"]),
        "state": row["state"],
        "words": wording.STATE_WORDS.get(row["state"], row["state"]),
        "sentence": row["sentence"],
        # What is missing and missed by nobody needs no second sentence.
        "held_back": health.held_back(row) if _is_told(row) else "",
        "facts": _facts(row),
    }


def _is_told(row: Row) -> bool:
    return row["state"] != "absent" or health.is_missed(row)


def _facts(row: Row) -> list[str]:
    if row["state"] == "absent":
        return [f"Feeds it could deliver: {wording.count(row['feed_count'])}"]
    expected = wording.ordinary_count(row["expected_count"], "feed", "feeds")
    facts = [f"{wording.count(row['delivered_count'])} of {expected} delivered"]
    if row["last_good_load_at"] is not None:
        ago = wording.lasted(row["lag_hours"])
        facts.append(f"Last good load {wording.moment(row['last_good_load_at'])} UTC, lag: {ago}")
    if row["event_lag_days"] == 0:
        facts.append("Events up to the last day")
    elif row["event_lag_days"] is not None:
        behind = wording.ordinary_count(row["event_lag_days"], "day", "days")
        facts.append(f"Newest events of a feed {behind} before the last day")
    if row["open_quarantine_count"]:
        facts.append(f"Rows kept back: {wording.count(row['open_quarantine_count'])}")
    if row["failing_check_count"]:
        facts.append(f"Failing checks: {wording.count(row['failing_check_count'])}")
    return facts


def _sum(rows: Sequence[Row], column: str) -> str:
    return wording.count(sum(row[column] or 0 for row in rows))


def _compared(comparisons: Sequence[Row]) -> str:
    return wording.count(sum(row["state"] != "no_data" for row in comparisons))
