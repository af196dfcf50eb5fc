"""What every page has: the title with the data's age, and paging."""

import streamlit as st

from dashboards.components import html, states
from dashboards.context import Context
from dashboards.queries.paging import Part
from dashboards.words.messages import Message, counted

_PAGE_SIZE = 20
# Every night a run adds the day before it; a weekend without orders is no fault.
_OLD_AFTER_DAYS = 3

ORDERS = counted("{first} to {last} of {n} order", "{first} to {last} of {n} orders")
VENDORS = counted("{first} to {last} of {n} vendor", "{first} to {last} of {n} vendors")
ROWS = counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows")
CHECKS = counted("{first} to {last} of {n} check", "{first} to {last} of {n} checks")
LOADS = counted("{first} to {last} of {n} load", "{first} to {last} of {n} loads")


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


def part_choice(key: str, reset_on: object) -> Part:
    """Return the part of a list to show; another list starts at its beginning."""
    if st.session_state.get(f"{key}_of") != reset_on:
        st.session_state[f"{key}_of"] = reset_on
        st.session_state[f"{key}_offset"] = 0
    return Part(_PAGE_SIZE, st.session_state[f"{key}_offset"])


def turn_pages(context: Context, key: str, part: Part, total: int, of_what: Message) -> None:
    """Show which part of the list this is, and the way to its neighbours."""
    words = context.words
    last = min(part.row_offset + part.row_limit, total)
    st.caption(words.say(of_what, first=part.row_offset + 1, last=last, n=total))
    if total <= part.row_limit:
        return
    with st.container(horizontal=True):
        is_first = part.row_offset == 0
        _step(key, words.text("Previous"), -part.row_limit, is_possible=not is_first)
        _step(key, words.text("Next"), part.row_limit, is_possible=last < total)


def definition(title: str, entries: list[tuple[str, str]]) -> None:
    """Show how a number is made, folded away."""
    with st.expander(title):
        html.show("definition.html", entries=[(name, text) for name, text in entries if text])


def _step(key: str, label: str, rows: int, *, is_possible: bool) -> None:
    st.button(
        label,
        key=f"{key}_{'back' if rows < 0 else 'on'}",
        disabled=not is_possible,
        on_click=_move,
        args=(f"{key}_offset", rows),
    )


def _move(offset_key: str, rows: int) -> None:
    st.session_state[offset_key] = max(0, st.session_state[offset_key] + rows)
