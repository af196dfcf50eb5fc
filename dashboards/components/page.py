"""What every page has: the title with the data's age, and definitions."""

import streamlit as st

from dashboards.components import html, states
from dashboards.context import Context

# Every night a run adds the day before it; a weekend without orders is no fault.
_OLD_AFTER_DAYS = 3


def heading(context: Context, title: str, lead: str = "") -> None:
    """Show the title with the age of the data, its checks and, if need be, why it is old."""
    words, manifest = context.words, context.manifest
    age_state, age = _age(context)
    state, said = _quality(context)
    html.show(
        "heading.html",
        title=title,
        lead=lead,
        as_of=words.text("Data to {day}", day=words.day(manifest.as_of_date)),
        published=words.text("published {moment}", moment=context.utc_moment(manifest.built_at)),
        age=age,
        age_state=age_state,
        state=state,
        state_words=said,
        state_link="/data-health"
        if state != "ok" and context.has_page("operator_data_health")
        else "",
    )
    if context.is_vendor:
        states.stale_for_vendor(context)
    else:
        states.stale_for_operator(context)


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
