"""What a home page asks of its reader, made of what the page has read anyway."""

from collections.abc import Sequence
from urllib.parse import quote

from dashboards.components import (
    attention,
    findings,
    limits,
    reconciliation,
    systems,
    vendors,
    wording,
)
from dashboards.components.actions import Action
from dashboards.components.attention import Need
from dashboards.context import Context
from dashboards.queries.reader import Row


def of_measures(context: Context, scorecard: Sequence[Row]) -> list[Action]:
    """Return what a vendor can do about its measures that are likely beyond their limits."""
    words = context.words
    return [
        Action(
            state=rate["state"],
            state_words=wording.state(words, rate),
            what=words.published(rate["vendor_advice"])
            or wording.metric_name(words, rate, is_own=True),
            link=f"/performance?metric={quote(rate['metric_id'], safe='')}",
            link_text=words.text("See what is behind it"),
            consequence=_consequence(context, rate),
        )
        for rate in scorecard
        if rate["state"] in {"act", "watch"}
    ]


def of_needs(context: Context, needs: Sequence[Need]) -> list[Action]:
    """Return the vendors to speak to, the one with the most cases beyond a limit first."""
    return [_of_need(context, need) for need in needs if need.state == "act"]


def of_systems(context: Context, found: Sequence[Row]) -> list[Action]:
    """Return the systems that failed, with what is held back for it."""
    words = context.words
    return [
        Action(
            state=system["state"],
            state_words=findings.state(words, system),
            what=words.text(
                "{system}: {finding}",
                system=systems.name(words, system),
                finding=systems.sentence(words, system),
            ),
            link="/data-health",
            link_text=words.text("See data health"),
            consequence=findings.held_back(words, system),
        )
        for system in found
        if system["state"] == "failed"
    ]


def of_books(context: Context, comparisons: Sequence[Row]) -> list[Action]:
    """Return the comparisons with another system that leave too much unexplained."""
    words = context.words
    return [
        Action(
            state="act",
            state_words=wording.state(words, comparison),
            what=words.text(
                "The books differ. {comparison}",
                comparison=reconciliation.title(words, comparison),
            ),
            link="/data-health?section=books",
            link_text=words.text("See the comparison"),
            consequence=words.text(
                "Unexplained: {amount}.",
                amount=words.money(comparison["residual_size"], comparison["currency_code"]),
            ),
        )
        for comparison in comparisons
        if comparison["state"] == "act"
    ]


def _of_need(context: Context, need: Need) -> Action:
    words = context.words
    issue = attention.issue_sentence(words, need.worst)
    return Action(
        state=need.state,
        state_words=wording.state(words, {"state": need.state}),
        what=words.text("{vendor}: {issue}", vendor=need.vendor_name, issue=issue),
        link=vendors.measures_link(need.vendor_id),
        link_text=words.text("See the vendor's measures"),
        consequence=words.text(
            "{distance} Sales at stake: {amount}.",
            distance=limits.sentence(words, need.worst),
            amount=context.money(need.gmv_at_stake),
        ),
    )


def _consequence(context: Context, rate: Row) -> str:
    words = context.words
    return words.text(
        "{measure}: {value}, limit {limit}. {distance}",
        measure=wording.metric_name(words, rate, is_own=True),
        value=wording.rate_value(words, rate),
        limit=wording.bound(words, rate, rate["threshold"]),
        distance=limits.sentence(words, rate),
    )
