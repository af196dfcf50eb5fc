"""All measures of a vendor: what needs attention as tiles, the others in a line each."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.components import changes, rates, tables, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted
from dashboards.words.words import NOTHING, Words

# With more tiles than these the page of a vendor in trouble has no end on a phone.
_TILES = 4
_FOLDED: Mapping[str, Message] = {
    "ok": counted("{n} measure needs no action", "{n} measures need no action"),
    "no_data": counted("{n} measure without data yet", "{n} measures without data yet"),
}


def show(
    context: Context,
    scorecard: Sequence[Row],
    histories: Mapping[str, Sequence[Row]],
    link: str,
) -> None:
    """Show the measures in the order given; `link` is a page's address that takes a metric.

    Lines of what needs no action are folded away, unless nothing needs attention.
    """
    words = context.words
    needing = [rate for rate in scorecard if rate["state"] not in _FOLDED]
    if needing:
        rates.show_tiles(
            context,
            needing[:_TILES],
            lambda metric_id: tuple(histories.get(metric_id, ())),
            link=link,
        )
    if others := needing[_TILES:]:
        _lines(context, others, histories, link, words.text("Also beyond the limit"))
    for state, title in _FOLDED.items():
        if found := [rate for rate in scorecard if rate["state"] == state]:
            said = words.say(title, n=len(found))
            with st.expander(said, expanded=state == "ok" and not needing):
                _lines(context, found, histories, link, said)


def _lines(
    context: Context,
    found: Sequence[Row],
    histories: Mapping[str, Sequence[Row]],
    link: str,
    caption: str,
) -> None:
    words = context.words
    columns = [
        Column(
            words.text("Measure"),
            lambda row: wording.metric_name(words, row, is_own=context.is_vendor),
            "strong",
            lambda row: rates.link_to(link, row),
            place="id",
        ),
        Column(
            words.text_in("measure", "Value"), lambda row: wording.rate_value(words, row), "number",
            place="amount",
        ),
        Column(
            words.text("Counted"),
            lambda row: rates.counted_sentence(words, row, is_own=context.is_vendor),
            "wide",
        ),
        Column(
            words.text_in("measure", "Change"),
            lambda row: _change(words, row, histories.get(row["metric_id"], ())),
            "number",
        ),
        Column(words.text("Limit"), lambda row: _limit(words, row), "number", place="due"),
        Column(words.text("State"), lambda row: wording.state(words, row), "state", place="state"),
    ]  # fmt: skip
    tables.show(columns, found, caption=caption)


def _limit(words: Words, rate: Row) -> str:
    return NOTHING if rate["threshold"] is None else wording.limit_value(words, rate)


def _change(words: Words, rate: Row, history: Sequence[Row]) -> str:
    change = changes.of_rate(words, rate, history)
    return f"{change.arrow} {change.amount}" if change else NOTHING
