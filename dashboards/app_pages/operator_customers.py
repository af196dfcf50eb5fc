"""Customers by segment: how many, what they buy, who moved where, and classes of net sales."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial

import streamlit as st

from dashboards import address
from dashboards.components import (
    choices,
    customer_segments,
    empty,
    html,
    lists,
    matrix,
    promotions,
    sales_classes,
    sections,
    tables,
)
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.listings.listing import Empty
from dashboards.queries import customer_segments as questions
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import with_sign

NO_SEGMENTS = Empty(
    message("No segments yet"), message("They begin with the first order that still stands.")
)
ONE_DAY = Empty(
    message("Nothing to compare yet"),
    message("Segments are computed at each month's end; so far there is one day."),
)


def page(context: Context) -> None:
    """Show the part of the page that the address names."""
    words = context.words
    heading(context, words.text("Customers"))
    if sections.is_shown("list"):
        _customers(context)
        return
    parts = {
        "segments": words.text("Segments"),
        "moves": words.text("Who moved"),
        "abc": words.text("ABC and XYZ"),
        "promotions": words.text("Promotions"),
    }
    shown = sections.choice(context, parts, key="customers_section")
    if shown == "abc":
        _classes(context)
    elif shown == "promotions":
        _promotions(context)
    elif not questions.days(context.viewer):
        empty.show(words, NO_SEGMENTS)
    elif shown == "moves":
        _moves(context)
    else:
        _sizes(context)


def _kind(context: Context) -> str:
    kinds = {code: context.words.say(said) for code, said in customer_segments.KINDS.items()}
    return choices.choose(
        context.words.text("Kind of segment"), "kind", kinds, key="customers_kind"
    )


def _sizes(context: Context) -> None:
    words, kind = context.words, _kind(context)
    if kind == "rfm":
        _what_scores_say(context)
    days = questions.days(context.viewer)
    before = days[1] if len(days) > 1 else days[0]
    found = {row["segment_id"]: row for row in questions.sizes(context.viewer, kind, before)}
    rows = [found[code] for code in customer_segments.ids_of(kind) if code in found]
    if not rows:
        empty.show(words, NO_SEGMENTS)
        return
    columns = [
        tables.Column(
            words.text("Segment"),
            lambda row: customer_segments.name_of(context, kind, row["segment_id"]),
            kind="strong",
            link=lambda row: customer_segments.link(kind, now=row["segment_id"]),
        ),
        tables.Column(
            words.text("Customers"),
            lambda row: words.number(row["customer_count"]),
            kind="number",
        ),
        tables.Column(
            words.text("Change since {day}", day=words.day(before)),
            partial(_change, context),
            kind="number",
        ),
        tables.Column(
            words.text("Net sales, 365 days"),
            lambda row: context.money(row["net_sales"]),
            kind="number",
        ),
    ]
    tables.show(columns, rows, caption=words.say(customer_segments.KINDS[kind]))


def _change(context: Context, row: Row) -> str:
    change = row["customer_change"]
    return with_sign(change, context.words.number(abs(change)))


def _what_scores_say(context: Context) -> None:
    """Say what the scores rest on, and where they cannot tell customers apart."""
    words, scores = context.words, questions.scores(context.viewer)
    if scores is None or not scores["scored_count"]:
        return
    st.markdown(
        html.markdown_safe(
            words.text(
                "{scored} of {all} customers bought in the last 365 days and have scores from 1 to"
                " 5. Equal values have equal scores, so the five groups are of different size.",
                scored=words.number(scores["scored_count"]),
                all=words.number(scores["customer_count"]),
            )
        )
    )
    share = scores["bought_once_share"]
    if share > 0.5:
        st.info(
            html.markdown_safe(
                words.count(
                    "{share} of them bought once. The number of orders does not tell these apart:"
                    " all customers together have {n} different score for it. Most differ only in"
                    " how long ago they bought and for how much; nothing here says that they will"
                    " come back.",
                    "{share} of them bought once. The number of orders does not tell these apart:"
                    " all customers together have {n} different scores for it. Most differ only in"
                    " how long ago they bought and for how much; nothing here says that they will"
                    " come back.",
                    scores["frequency_score_count"],
                    share=words.percent(share),
                )
            )
        )


def _moves(context: Context) -> None:
    words, kind = context.words, _kind(context)
    days = {day.isoformat(): words.day(day) for day in questions.days(context.viewer)}
    if len(days) < 2:
        empty.show(words, ONE_DAY)
        return
    first, last = _two_of(context, days)
    found = questions.moves(
        context.viewer, kind, date.fromisoformat(first), date.fromisoformat(last)
    )
    counts = {
        (
            row["segment_before"] or customer_segments.NONE,
            row["segment_after"] or customer_segments.NONE,
        ): int(row["customer_count"])
        for row in found
    }
    moved = sum(count for (was, now), count in counts.items() if was != now)
    st.markdown(
        html.markdown_safe(
            words.text(
                "{moved} of {all} customers are not where they were. Each row is what became of"
                " those who were in one segment; a number opens its customers.",
                moved=words.number(moved),
                all=words.number(sum(counts.values())),
            )
        )
    )
    matrix.show(
        context,
        counts,
        _axis(context, kind, {was for was, _ in counts}),
        _axis(context, kind, {now for _, now in counts}),
        lambda was, now: customer_segments.link(
            kind, was=was, now=now, **{"from": first, "to": last}
        ),
        caption=words.text("Segments on {first} and on {last}", first=days[first], last=days[last]),
        corner=words.text("was ↓ is →"),
    )


def _two_of(context: Context, days: Mapping[str, str]) -> tuple[str, str]:
    """Return an earlier and a later day, the newest two unless others are chosen."""
    words = context.words
    older = dict(list(days.items())[1:])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = choices.choose(words.text("From"), "from", older, key="moves_from")
        later = {day: said for day, said in days.items() if day > first}
        return first, choices.choose(words.text("To"), "to", later, key="moves_to")


def _axis(context: Context, kind: str, found: Collection[str]) -> matrix.Axis:
    codes = [
        code for code in [*customer_segments.ids_of(kind), customer_segments.NONE] if code in found
    ]
    return matrix.Axis(codes, partial(customer_segments.name_of, context, kind))


def _classes(context: Context) -> None:
    words = context.words
    kind = address.texts().get(sales_classes.KIND, sales_classes.USUAL)
    if kind not in sales_classes.KINDS:
        kind = sales_classes.USUAL
    counts = {
        (row["abc_class"], row["xyz_class"] or "none"): int(row["entity_count"])
        for row in questions.classes(context.viewer, kind)
    }
    matrix.show(
        context,
        counts,
        matrix.Axis([*customer_segments.ABC], lambda code: words.say(customer_segments.ABC[code])),
        matrix.Axis([*sales_classes.XYZ], lambda code: words.say(sales_classes.XYZ[code])),
        partial(sales_classes.link, kind),
        caption=words.text("Classes of sales and of demand"),
        corner=words.text("Net sales ↓ demand →"),
    )
    st.caption(
        words.text(
            "By net sales of the last 365 days, the largest first. Whoever crosses a limit is on"
            " its far side; equals stay together. Demand is the units ordered per week, weeks"
            " without any included; most single customers are uneven."
        )
    )
    lists.show(context, lists.ask(context, sales_classes.CLASSES))


def _promotions(context: Context) -> None:
    st.caption(
        context.words.text(
            "Order lines on a promotion's days against the same weekdays of the four weeks before"
            " and after on which nothing else was on offer. What is above them is additional; it"
            " includes what would have been bought on another day, and what mails for the promotion"
            " brought. In one of five cases the true share is outside the range. Days on which"
            " another promotion reached the same goods count only for the discount on all days."
        )
    )
    lists.show(context, lists.ask(context, promotions.PROMOTIONS))


def _customers(context: Context) -> None:
    words = context.words
    html.show("link.html", href="/customers", text=words.text("All segments"))
    found = lists.ask(context, customer_segments.CUSTOMERS)
    parameters = found.asked.parameters
    kind = str(parameters["segment_kind"])
    was, now = parameters["segment_before"], parameters["segment_after"]
    said = [
        customer_segments.name_of(context, kind, str(part))
        for part in (was, now)
        if part is not None
    ]
    st.header(" → ".join(said) or words.text("All customers"), anchor=False)
    lists.show(context, found)
