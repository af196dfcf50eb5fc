"""What every page has: the title with the data's age, and definitions."""

import streamlit as st

from dashboards.components import html, states
from dashboards.context import Context

# Every night a run adds the day before it; a weekend without orders is no fault.
_OLD_AFTER_DAYS = 3


def heading(context: Context, title: str, lead: str = "") -> None:
    """Show the title with the age of the data; what there is to know of its quality is in a drawer.

    The title stays on the screen; the lead, a sentence of the page, scrolls away with it.
    """
    words, manifest = context.words, context.manifest
    stale = states.why_stale(context)
    chips = [_age(context), _quality(context)]
    if stale:
        chips.append(("watch", words.text("Not updated")))
    html.show(
        "heading.html",
        title=title,
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
