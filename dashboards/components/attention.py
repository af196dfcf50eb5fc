"""The vendors that need attention: their issues together, ranked by the cases they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import streamlit as st

from dashboards.components import empty, html, limits, tables, vendors, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.words import NOTHING, Words

_ON_HOME, _OPEN = 5, 10


@dataclass(frozen=True, slots=True)
class Need:
    """A vendor with its issues, the worst first.

    An order that was shipped late mostly arrives late too and counts in several measures. So the
    figures are those of the worst measure, and no order is counted twice.
    """

    vendor_id: str
    vendor_name: str
    issues: tuple[Row, ...]

    @property
    def worst(self) -> Row:
        """The issue with the most cases beyond its limit."""
        return self.issues[0]

    @property
    def state(self) -> str:
        """The worst state of all issues."""
        return "act" if any(issue["state"] == "act" for issue in self.issues) else "watch"

    @property
    def excess_cases(self) -> float:
        """The cases beyond the limit of the worst measure, not rounded; it ranks vendors."""
        return max(0.0, limits.excess_cases(self.worst))

    @property
    def cases_beyond(self) -> int:
        """The cases that would have had to go the other way, which pages show and add up."""
        beyond = limits.distance(self.worst) if limits.counts_cases(self.worst) else None
        return max(0, beyond or 0)

    @property
    def gmv_at_stake(self) -> Decimal:
        """What the orders that missed the worst measure were sold for."""
        return Decimal(self.worst["gmv_at_stake"] or 0)


def ranked(issues: Sequence[Row]) -> list[Need]:
    """Return the vendors of issues by cases beyond a limit, then by the sales at stake."""
    by_vendor = sorted(issues, key=lambda issue: str(issue["vendor_id"]))
    needs = [
        Need(vendor_id, vendors.name(found[0]), found)
        for vendor_id, group in groupby(by_vendor, key=lambda issue: str(issue["vendor_id"]))
        if (found := tuple(sorted(group, key=_urgency)))
    ]
    return sorted(needs, key=lambda need: (-need.excess_cases, -need.gmv_at_stake, need.vendor_id))


def show_first(context: Context, needs: Sequence[Need]) -> None:
    """Show the first vendors in need, with the way to all of them."""
    if not needs:
        empty.show(context.words, empty.NO_ATTENTION)
        return
    shown = needs[:_ON_HOME]
    _show(context, shown)
    text = see_all(context.words, needs, shown)
    html.show("link.html", href="/vendors?section=attention", text=text)
    st.caption(explanation(context.words))


def show_all(context: Context, needs: Sequence[Need]) -> None:
    """Show all vendors in need, those after the first folded away."""
    words = context.words
    if not needs:
        empty.show(words, empty.NO_ATTENTION)
        return
    _show(context, needs[:_OPEN])
    if others := needs[_OPEN:]:
        with st.expander(words.count("{n} more vendor", "{n} more vendors", len(others))):
            _show(context, others)
    st.caption(explanation(words))


def columns(context: Context) -> list[Column]:
    """Return the columns of the list of vendors, of rows as `row` makes them."""
    words = context.words
    return [
        Column(
            words.text("Vendor"),
            lambda row: row["vendor_name"],
            "strong",
            lambda row: vendors.measures_link(row["vendor_id"]),
        ),
        Column(words.text("Issues"), lambda row: row["issues"], "wide"),
        Column(words.text("Cases beyond the limit"), lambda row: row["excess"], "number"),
        Column(words.text("Sales at stake"), lambda row: row["at_stake"], "number"),
        Column(words.text("State"), lambda row: wording.state(words, row), "state"),
    ]


def row(context: Context, need: Need) -> Row:
    """Return a vendor as the list shows it."""
    words = context.words
    return {
        "vendor_id": need.vendor_id,
        "vendor_name": need.vendor_name,
        "issues": " · ".join(issue_sentence(words, issue) for issue in need.issues),
        "excess": words.number(need.cases_beyond) if need.cases_beyond else NOTHING,
        "at_stake": context.money(need.gmv_at_stake),
        "state": need.state,
    }


def issue_sentence(words: Words, issue: Row) -> str:
    """Return one issue: the measure, and how many of how many units missed it."""
    measure = wording.metric_name(words, issue)
    return words.text("{measure}: {counted}", measure=measure, counted=limits.missed(words, issue))


def see_all(words: Words, needs: Sequence[Need], shown: Sequence[Need]) -> str:
    """Return how many of all issues are shown, as the text of the link to the others."""
    some, all_of_them = (sum(len(need.issues) for need in part) for part in (shown, needs))
    return words.count(
        "{shown} of {n} issue · See all", "{shown} of {n} issues · See all", all_of_them, shown=some
    )


def explanation(words: Words) -> str:
    """Return how the list is ranked."""
    return words.text(
        "Ranked by the cases beyond the limit of the worst measure: orders, order lines, parcels or"
        " invoices. Sales at stake are those of the orders behind them."
    )


def _show(context: Context, needs: Sequence[Need]) -> None:
    caption = context.words.text("Rates that are likely beyond their limit")
    tables.show(columns(context), [row(context, need) for need in needs], caption=caption)


def _urgency(issue: Row) -> tuple[float, str, str]:
    return -limits.excess_cases(issue), str(issue["state"]), str(issue["metric_id"])
