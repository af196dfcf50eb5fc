"""The metrics of visits, and what they would be under another definition of a session."""

from datetime import timedelta

import streamlit as st

from dashboards.components import figures, tables
from dashboards.components.figures import Figure
from dashboards.components.funnel import rate
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries import marketplace
from dashboards.queries.reader import Row, Rows
from dashboards.words.words import NOTHING, Words, with_sign

# What each metric is a share of what, as the marts name the two.
_RATES = {
    "conversion_rate": ("converted_sessions", "session_count"),
    "visitor_conversion_rate": ("purchased_visitors", "judged_visitors"),
    "bounce_rate": ("bounces", "session_count"),
    "cart_abandonment_rate": ("abandoned_carts", "judged_carts"),
    "checkout_abandonment_rate": ("abandoned_checkouts", "judged_checkouts"),
}


def show_figures(context: Context, period: Period, made_of: Row, speed: Rows) -> None:
    """Show the metrics of visits, and how long a checkout takes."""
    words, metrics = context.words, marketplace.metrics(context.viewer)
    now = _rates(made_of, "") | _rates(made_of, "previous_")
    now |= dict(zip(("window_start", "window_end"), period.span, strict=True))
    shown = [figures.of(context, metrics, now, metric) for metric in _RATES]
    median = median_time(speed)
    if median is not None:
        meaning = words.text(
            "Half of the orders took no longer from the begin of the checkout, to ten seconds."
        )
        shown.append(
            Figure(words.text("Time in the checkout"), words.duration(median), None, meaning)
        )
    figures.show(context, shown)


def median_time(speed: Rows) -> timedelta | None:
    """Return the time that half of the orders did not exceed, rounded down to ten seconds."""
    count, so_far = sum(int(row["sessions"]) for row in speed), 0
    for row in speed:
        so_far += int(row["sessions"])
        if 2 * so_far >= count:
            return timedelta(seconds=int(row["seconds_from"]))
    return None


def show_definitions(context: Context, rows: Rows) -> None:
    """Show the same days under other definitions of a session."""
    if not rows:
        return
    words, first = context.words, int(rows[0]["session_count"])
    title = words.text("What another definition of a session would change")
    found = [
        {
            **row,
            "more": int(row["session_count"]) / first - 1 if first else None,
            "rate": rate(row["converted_sessions"], row["session_count"]),
            "bounces": rate(row["session_count"] - row["engaged_sessions"], row["session_count"]),
        }
        for row in rows
    ]
    with st.expander(title):
        tables.show(_definition_columns(words), found, caption=title)
        st.caption(
            words.text(
                "The same visits of the last 28 days. A marketplace's file sets the minutes by"
                " session_inactivity_minutes and the cut at midnight by"
                " sessions_cut_at_midnight; then all days are built anew."
            )
        )


def _definition_columns(words: Words) -> list[Column]:
    conversion, bounces = (
        figures.name_of(words, metric) for metric in ("conversion_rate", "bounce_rate")
    )
    return [
        Column(
            words.text("A session ends after"), lambda row: _named(words, row), "strong", place="id"
        ),
        Column(
            words.text("Sessions"),
            lambda row: words.number(row["session_count"]),
            "number",
            place="amount",
        ),
        Column(words.text("Difference"), lambda row: _difference(words, row), "number"),
        Column(conversion, lambda row: words.percent(row["rate"], 2), "number", place="state"),
        Column(bounces, lambda row: words.percent(row["bounces"], 2), "number", place="due"),
    ]


def _difference(words: Words, row: Row) -> str:
    if row["is_in_force"] or row["more"] is None:
        return NOTHING
    share = round(float(row["more"]), 4)
    return with_sign(share, words.percent(abs(share), 2))


def _rates(made_of: Row, prefix: str) -> dict[str, object]:
    held = {name.removeprefix(prefix): made_of[name] for name in made_of if name.startswith(prefix)}
    held["bounces"] = int(held["session_count"]) - int(held["engaged_sessions"])
    return {
        f"{prefix}{metric}": rate(int(held[part]), int(held[whole]))
        for metric, (part, whole) in _RATES.items()
    }


def _named(words: Words, row: Row) -> str:
    said = words.duration(timedelta(minutes=int(row["inactivity_minutes"])))
    if row["is_cut_at_midnight"]:
        said = words.text("{silence}, and at midnight", silence=said)
    return words.text("{silence} (in force)", silence=said) if row["is_in_force"] else said
