"""What every page has: the title with the data's age, and definitions."""

import streamlit as st

from dashboards.components import html, states
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.words.words import Words

# Every night a run adds the day before it; a weekend without orders is no fault.
_OLD_AFTER_DAYS = 3


def heading(
    context: Context,
    title: str,
    lead: str = "",
    *,
    period: Period | None = None,
    is_compared: bool = False,
) -> None:
    """Show the title with the age of the data; what there is to know of its quality is in a drawer.

    The title stays on the screen, and with it the period that was chosen and what its figures are
    compared with; the lead, a sentence of the page, scrolls away.
    """
    states.note_heading()
    words, manifest = context.words, context.manifest
    stale = states.why_stale(context)
    chips = [_age(context), _quality(context)]
    if stale:
        chips.append(("watch", words.text("Not updated")))
    html.show(
        "heading.html",
        title=title,
        period=[] if period is None else _period(context, period, is_compared=is_compared),
        as_of=words.text("Data to {day}", day=words.day(manifest.as_of_date)),
        chips=chips,
        lines=[
            *([stale] if stale else []),
            words.text("Published {moment}", moment=context.utc_moment(manifest.built_at)),
        ],
        link="/data-health" if context.has_page("operator_data_health") else "",
        link_text=words.text("See Data health"),
    )
    if lead:
        html.show("lead.html", text=lead)


def _period(context: Context, period: Period, *, is_compared: bool) -> list[str]:
    words, (first, end) = context.words, period.span
    if period.day_count is None:
        until = words.text("to {day}", day=words.day(period.last_day))
        return [words.text("All time") if end == context.window_end else until]
    said = [words.days(first, end)]
    if is_compared:
        said.append(against_before(words, period.day_count))
    return said


def against_before(words: Words, days: int) -> str:
    """Return what figures of a period are compared with."""
    return words.count("against the {n} day before", "against the {n} days before", days)


def _age(context: Context) -> tuple[str, str]:
    """Return the colour and the words of how old the data is, whatever its checks say."""
    words, days = context.words, context.days_old
    if context.manifest.is_frozen:
        return "quiet", words.text("This marketplace's clock stands still")
    said = words.count("{n} day old", "{n} days old", max(days, 0))
    return ("act" if days >= _OLD_AFTER_DAYS else "quiet"), said


def _quality(context: Context) -> tuple[str, str]:
    """Return the colour and the words of how far the data can be trusted.

    A vendor is told only whether something may be missing; an odd figure of the whole marketplace
    is the operator's to look at.
    """
    words, quality = context.words, context.manifest.quality
    if context.is_vendor:
        if quality.state == "ok":
            return "ok", words.text("Data complete")
        return "watch", words.text("Some data may be missing")
    if quality.warning_count:
        return "watch", words.count("{n} warning", "{n} warnings", quality.warning_count)
    if quality.state != "ok":
        return "watch", words.text("Published with warnings")
    return "ok", words.text("All checks passed")


def definition(title: str, entries: list[tuple[str, str]]) -> None:
    """Show how a number is made, folded away."""
    with st.expander(title):
        html.show("definition.html", entries=[(name, text) for name, text in entries if text])
