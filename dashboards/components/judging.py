"""How sure a judgement is: the rule before beside it, and how often either errs at this size."""

from collections.abc import Callable

import streamlit as st

from dashboards.components import html, tables, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

_COMPARED: dict[str, Message] = {
    "category": message("Judged in the light of the vendors of the same category."),
    "marketplace": message("Judged in the light of all vendors of the marketplace."),
    "fixed": message(
        "There are too few vendors to compare with, or no common pattern: the rule before decides."
    ),
}
_LEVELS = {"watch": message("Watch"), "act": message("Act now")}


def show(context: Context, rate: Row, errors: Rows) -> None:
    """Show whom the vendor is compared with, what the rule before says, and how both err."""
    words = context.words
    compared = _COMPARED.get(rate["prior_group"])
    if compared is None or rate["state"] == "no_data":
        return
    said = [words.say(compared)]
    if rate["state_by_fixed_prior"] != rate["state"]:
        said.append(
            words.text(
                "The rule before, which weighed every measure alike, would have said: {state}.",
                state=words.code(wording.LEVELS, rate["state_by_fixed_prior"]),
            )
        )
    st.caption(" ".join(said))
    if not errors:
        return
    with st.expander(words.text("How often this judgement is wrong")):
        columns = _columns(words, is_rating=rate["unit"] == "score")
        tables.show(columns, errors, caption=words.text("How often this judgement is wrong"))
        st.caption(_explained(words, rate, errors[0]))


def show_score(context: Context, score: Row | None) -> None:
    """Show the vendor score with its range, and the measure that stands worst."""
    words = context.words
    if score is None or not score["score_weight_share"]:
        return
    share = words.percent(score["score_weight_share"], 0)
    if score["rate"] is None:
        title = words.text("No vendor score yet")
        said = words.text(
            "The measures with data have {share} of the weight of all; a score takes half of it.",
            share=share,
        )
        html.show("notice.html", kind="no_data", title=title, lines=[said])
        return
    value, lower, upper = (words.number(score[name], 0) for name in
                           ("rate", "rate_lower", "rate_upper"))  # fmt: skip
    lines = [
        words.text(
            "Likely {lower} to {upper}. With every measure at its limit it would be {limit}.",
            lower=lower,
            upper=upper,
            limit=words.number(score["threshold"], 0),
        )
    ]
    if score["score_weight_share"] < 1:
        rests = words.text("It rests on measures with {share} of the weight of all.", share=share)
        lines.append(rests)
    if score["worst_metric_id"]:
        name = wording.metric_name(words, {**score, "metric_id": score["worst_metric_id"]},
                                   is_own=context.is_vendor)  # fmt: skip
        state = words.code(wording.LEVELS, score["worst_state"])
        lines.append(words.text("Worst measure: {measure} ({state}).", measure=name, state=state))
    title = words.text("Vendor score {value} of 100", value=value)
    html.show("notice.html", kind=score["state"], title=title, lines=lines)


def _columns(words: Words, *, is_rating: bool) -> list[Column]:
    def share(name: str) -> Callable[[Row], str]:
        return lambda row: words.percent(row[name])

    def count(name: str) -> Callable[[Row], str]:
        return lambda row: NOTHING if row[name] is None else words.number(row[name])

    def rating(name: str) -> Callable[[Row], str]:
        return lambda row: NOTHING if row[name] is None else words.number(row[name], 2)

    begins = (
        words.text("From which mean rating down")
        if is_rating
        else words.text("From how many misses")
    )
    value, name = (rating, "from_rating") if is_rating else (count, "from_count")
    return [
        Column(words.text("Level"), lambda row: words.code(_LEVELS, row["level"]), "strong",
               place="id"),
        Column(begins, value(name), "number", place="amount"),
        Column(words.text("Wrongly accused"), share("accused_share"), "number", place="state"),
        Column(words.text("Found"), share("caught_share"), "number", place="due"),
        Column(words.text("Rule before: from"), value(f"{name}_by_fixed_prior"), "number"),
        Column(words.text("Wrongly accused"), share("accused_share_by_fixed_prior"), "number"),
        Column(words.text("Found"), share("caught_share_by_fixed_prior"), "number"),
    ]  # fmt: skip


def _explained(words: Words, rate: Row, errors: Row) -> str:
    def said(name: str) -> str:
        return words.percent(errors[name])

    if rate["unit"] == "hours":
        return words.text(
            "Of vendors with {n} units: wrongly accused are those of whom {innocent} take longer"
            " than the limit, found those of whom {guilty} do. A median is beyond the limit where"
            " more than half are.",
            n=words.number(errors["unit_count"]),
            innocent=said("innocent_rate"),
            guilty=said("guilty_rate"),
        )
    if rate["unit"] == "score":
        return words.text(
            "By {n} ratings: wrongly accused are vendors whose true mean is {innocent}, found those"
            " whose true mean is {guilty}. The limit is {limit}.",
            n=words.number(errors["unit_count"]),
            innocent=words.number(errors["innocent_rating"], 2),
            guilty=words.number(errors["guilty_rating"], 2),
            limit=wording.limit_value(words, rate),
        )
    return words.text(
        "Of vendors with {n} units: wrongly accused are those whose true rate is {innocent}, found"
        " those whose true rate is {guilty}. The limit is {limit}.",
        n=words.number(errors["unit_count"]),
        innocent=said("innocent_rate"),
        guilty=said("guilty_rate"),
        limit=wording.limit_value(words, rate),
    )
