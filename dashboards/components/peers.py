"""Where a vendor stands among comparable ones: never what a single one of them does."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components import states, tables, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import Words

_QUARTERS: Mapping[str, Message] = {
    "1": message("In the best quarter"),
    "2": message("In the better half"),
    "3": message("In the weaker half"),
    "4": message("In the last quarter"),
}
_KINDS: Mapping[str, Message] = {
    "category_and_size": counted(
        "at least {n} vendor of your category and size",
        "at least {n} vendors of your category and size",
    ),
    "category": counted(
        "at least {n} vendor of your category", "at least {n} vendors of your category"
    ),
    "size": counted("at least {n} vendor of your size", "at least {n} vendors of your size"),
}
# Ends of classes are quarters of a limit: with so many decimals a percentage says any of them.
_DECIMALS = 3
_TITLE = message("Among comparable vendors")


def show(context: Context, rows: Rows) -> None:
    """Show the position in each measure that can be compared, or why none can."""
    words = context.words
    if not rows:
        return
    st.header(words.say(_TITLE), anchor=False)
    compared = [row for row in rows if row["comparison"] == "shown"]
    if not compared:
        states.empty(words, words.text("No comparison yet"), _why_not(words, rows))
        return
    tables.show(_columns(words), compared, caption=words.say(_TITLE))
    st.caption(
        words.text(
            "Figures of {days}; the comparison changes once a month. Only ranges are shown, so that"
            " no vendor's own figure can be found in them.",
            days=words.days(compared[0]["window_start"], compared[0]["window_end"]),
        )
    )


def _why_not(words: Words, rows: Rows) -> str:
    if all(row["comparison"] == "too_few_units" for row in rows):
        return words.text("It begins with 30 orders in the window of a measure.")
    return words.text(
        "There are fewer than ten comparable vendors, or one of them outweighs the others."
    )


def _columns(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Measure"),
            lambda row: wording.metric_name(words, row, is_own=True),
            "strong",
            place="id",
        ),
        Column(
            words.text("Your value"),
            lambda row: wording.rate_value(words, row),
            "number",
            place="amount",
        ),
        Column(
            words.text("Your position"),
            lambda row: words.code(_QUARTERS, str(row["own_quarter"])),
            place="state",
        ),
        Column(words.text("The middle half of them"), lambda row: _range(words, row), place="due"),
        Column(words.text("Compared with"), lambda row: _compared_with(words, row), "wide"),
    ]


def _range(words: Words, row: Row) -> str:
    best = _end(words, row, row["peers_best"])
    if row["peers_worst"] is None:
        return words.text("{best} and worse", best=best)
    return words.text("{lower} to {upper}", lower=best, upper=_end(words, row, row["peers_worst"]))


def _end(words: Words, row: Row, value: float) -> str:
    """Return an end of a class as it is: rounded, it would be the end of no class."""
    if row["unit"] == "score":
        return words.number(value, 2)
    decimals = next(n for n in range(_DECIMALS + 1) if _is_whole(value * 10 ** (n + 2), n))
    return words.percent(value, decimals)


def _is_whole(value: float, decimals: int) -> bool:
    return decimals == _DECIMALS or round(float(value), 6).is_integer()


def _compared_with(words: Words, row: Row) -> str:
    return words.say(_KINDS[row["peer_kind"]], n=row["least_peer_count"])
