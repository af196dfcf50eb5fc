"""The light of every system, with what it says and what it holds back."""

from collections.abc import Sequence
from typing import Any

from dashboards.components import figures, findings, html
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import Words

NAMES = {
    "cms": message("Content (CMS)"),
    "crm": message("CRM"),
    "erp": message("ERP and accounting"),
    "helpdesk": message("Help desk"),
    "marketing": message("Marketing"),
    "oms": message("Order management"),
    "operations": message("Kontor itself"),
    "pim": message("Product data (PIM)"),
    "reference": message("Reference data"),
    "shop": message("Shop"),
    "tracking": message("Clickstream"),
    "vendor_portal": message("Vendor portal"),
}
_FIGURES = {
    "systems": (
        message("Systems with problems"),
        message(
            "Systems that deliver, of which a feed, a check or a comparison with the shop has a"
            " problem."
        ),
    ),
    "late": (
        message("Late feeds"),
        message("Feeds that brought nothing new in their usual time."),
    ),
    "quarantined": (
        message("Quarantined rows"),
        message("Rows that were not loaded because they break their contract."),
    ),
    "checks": (
        message("Failing checks"),
        message("Checks of deliveries, exports and figures that fail, with warnings."),
    ),
    "comparisons": (
        message("Comparisons that differ"),
        message("Comparisons of the shop with another system that leave something unexplained."),
    ),
}
_QUARANTINED = message("Quarantined rows: {n}")
_FAILING_CHECKS = message("Failing checks: {n}")
_DIFFERING = message("Comparisons that differ: {n}")


def name(words: Words, row: Row) -> str:
    """Return what people call a system."""
    return words.code(NAMES, row["system"])


def sentence(words: Words, row: Row) -> str:
    """Return what is found of a system, with the feed that it is about."""
    found = findings.sentence(words, row)
    if not row["finding_title"]:
        return found
    feed = words.published(row["finding_title"])
    return words.text("{feed}: {finding}", feed=feed, finding=found)


def show_figures(
    context: Context, systems: Sequence[Row], comparisons: Sequence[Row], failing_check_count: int
) -> None:
    """Show what needs attention, in a handful of numbers."""
    words = context.words
    delivering = [row for row in systems if row["state"] != "absent"]
    troubled = [row for row in delivering if row["state"] != "ok"]
    compared = [row for row in comparisons if row["state"] != "no_data"]
    differing = [row for row in compared if row["state"] in {"act", "watch"}]
    values = {
        "systems": _some_of(words, len(troubled), len(delivering)),
        "late": words.number(_sum(systems, "late_count")),
        "quarantined": words.number(_sum(systems, "open_quarantine_count")),
        "checks": words.number(failing_check_count),
        "comparisons": _some_of(words, len(differing), len(compared)),
    }
    shown = [
        figures.Figure(words.say(name), values[key], definition=words.say(what))
        for key, (name, what) in _FIGURES.items()
    ]
    figures.show(context, shown)


def with_problems(systems: Sequence[Row]) -> list[Row]:
    """Return the systems in trouble, and those that deliver nothing although that is missed."""
    return [row for row in systems if row["state"] != "ok" and _is_told(row)]


def without_problems(systems: Sequence[Row]) -> list[Row]:
    """Return the systems of which nothing is to be said."""
    return [row for row in systems if row["state"] == "ok"]


def absent_sentence(words: Words, systems: Sequence[Row]) -> str:
    """Return the names of the systems that deliver nothing and are missed by nobody."""
    names = [name(words, row) for row in systems if row["state"] == "absent" and not _is_told(row)]
    return words.text("Deliver nothing: {systems}.", systems=", ".join(names)) if names else ""


def show(context: Context, systems: Sequence[Row]) -> None:
    """Show one card per system; the state is a word, the colour only underlines it."""
    html.show(
        "systems.html",
        systems=[_card(context, row) for row in systems],
        link_text=context.words.text("See what is wrong"),
    )


def _card(context: Context, row: Row) -> dict[str, Any]:
    words = context.words
    return {
        "name": name(words, row),
        "state": row["state"],
        "words": findings.state(words, row),
        "sentence": sentence(words, row),
        # What is missing and missed by nobody needs no second sentence.
        "held_back": findings.held_back(words, row) if _is_told(row) else "",
        "facts": _facts(context, row),
        "link": _link(row),
    }


def _link(row: Row) -> str:
    """Return where the problem of a system is shown; empty where there is none."""
    if row["state"] not in {"failed", "warning"}:
        return ""
    places = (
        ("differing_comparison_count", "books"),
        ("failing_check_count", "checks"),
        ("open_quarantine_count", "quarantine"),
    )
    return next((f"?section={part}" for column, part in places if row[column]), "?section=feeds")


def _is_told(row: Row) -> bool:
    return row["state"] != "absent" or findings.is_missed(row)


def _facts(context: Context, row: Row) -> list[str]:
    words = context.words
    if row["state"] == "absent":
        return [words.text("Feeds it could deliver: {n}", n=row["feed_count"])]
    facts = [
        words.text(
            "Feeds delivered: {delivered} of {expected}",
            delivered=row["delivered_count"],
            expected=row["expected_count"],
        )
    ]
    if row["troubled_count"] > 1:
        facts.append(words.text("Feeds with problems: {n}", n=row["troubled_count"]))
    if row["last_good_load_at"] is not None:
        moment = context.utc_moment(row["last_good_load_at"])
        facts.append(words.text("Last load: {moment}", moment=moment))
    if row["event_lag_days"] == 0:
        facts.append(words.text("Events up to the last day"))
    elif row["event_lag_days"] is not None:
        behind = row["event_lag_days"]
        facts.append(
            words.count(
                "Newest events {n} day before the last day",
                "Newest events {n} days before the last day",
                behind,
            )
        )
    counts = (
        ("open_quarantine_count", _QUARANTINED),
        ("failing_check_count", _FAILING_CHECKS),
        ("differing_comparison_count", _DIFFERING),
    )
    facts += [words.say(said, n=row[column]) for column, said in counts if row[column]]
    return facts


def _some_of(words: Words, some: int, all_of_them: int) -> str:
    return words.text("{some} of {all}", some=some, all=all_of_them)


def _sum(rows: Sequence[Row], column: str) -> int:
    return sum(row[column] or 0 for row in rows)
