"""The form of one condition: what somebody is or did, or another segment."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboards.context import Context
from dashboards.segmenting import conditions, offered, wording
from dashboards.segmenting.conditions import Held
from dashboards.words.messages import message

_PREFIX: Final = "segment_add_"
_KINDS: Final = {
    "attribute": message("What somebody is"),
    "event": message("What somebody did"),
    "segment": message("Another segment"),
}


def show(context: Context, others: Mapping[str, str]) -> Any:
    """Show the form and return the condition, or what does not fit; `others` are segments."""
    words = context.words
    kind = st.selectbox(
        words.text("Kind of condition"),
        [kind for kind in _KINDS if kind != "segment" or others],
        format_func=lambda each: words.choice(_KINDS, each),
        key=f"{_PREFIX}kind",
    )
    if kind == "event":
        return _event(context)
    if kind == "segment":
        return _segment(context, others)
    return _attribute(context)


def fill(held: Held) -> None:
    """Let the form hold a condition, so that it can be changed."""
    state = st.session_state
    state[f"{_PREFIX}kind"] = held.form
    state[f"{_PREFIX}{held.form}"] = held.name
    event = held.name if held.form == "event" else ""
    if event:
        state["segment_times"], state["segment_count"] = held.times
        state["segment_days"] = held.days
        state[f"{_PREFIX}fields_{event}"] = list(held.fields)
    if held.form == "segment":
        state[f"{_PREFIX}is_in"] = held.is_in
    for name, given in held.fields.items():
        place = f"{_PREFIX}{event}_{name}"
        state[f"{place}_signs"] = list(given)
        state.update({f"{place}_{sign}": value for sign, value in given.items()})


def _usually(key: str, value: object) -> str:
    """A widget's key; it begins with a value, unless the form was filled."""
    st.session_state.setdefault(key, value)
    return key


def _attribute(context: Context) -> Any:
    words = context.words
    name = st.selectbox(
        words.text("Attribute"),
        conditions.attributes(),
        format_func=lambda each: wording.attribute_title(words, str(each)),
        key=f"{_PREFIX}attribute",
    )
    return conditions.attribute_condition(name, _compared(context, name, ""))


def _event(context: Context) -> Any:
    words = context.words
    name = st.selectbox(
        words.text("Event"),
        conditions.events(),
        format_func=lambda each: wording.event_title(words, str(each)),
        key=f"{_PREFIX}event",
    )
    first, second, third = st.columns(3)
    sign = first.selectbox(
        words.text("How often"),
        conditions.TIMES,
        format_func=lambda each: words.choice(wording.SIGNS, each),
        key=_usually("segment_times", "at_least"),
    )
    count = second.number_input(
        words.text("Times"), 0, conditions.MOST_TIMES, step=1, key=_usually("segment_count", 1)
    )
    days = third.number_input(
        words.text("In the last days; empty for ever"),
        1,
        conditions.MOST_DAYS,
        step=1,
        key=_usually("segment_days", None),
    )
    fields = st.multiselect(
        words.text("Only with"),
        list(conditions.fields_of(name)),
        format_func=lambda each: wording.attribute_title(words, str(each)),
        placeholder=words.text("Anything"),
        key=f"{_PREFIX}fields_{name}",
    )
    where = {field: _compared(context, field, name) for field in fields}
    return conditions.event_condition(name, (sign, int(count)), int(days) if days else None, where)


def _compared(context: Context, name: str, event: str) -> dict[str, Any]:
    """The comparisons of a field and their values."""
    words, kind = context.words, conditions.kind_of(name, event)
    place = f"{_PREFIX}{event}_{name}"
    usual = "at_least" if kind == "number" else "is"
    signs = st.multiselect(
        wording.attribute_title(words, name) if event else words.text("Comparison"),
        conditions.signs_of(kind),
        format_func=lambda each: words.choice(wording.SIGNS, each),
        placeholder=words.text("Choose a comparison"),
        key=_usually(f"{place}_signs", [usual]),
    )
    return {sign: _value(context, (name, event), sign) for sign in signs}


def _value(context: Context, field: tuple[str, str], sign: str) -> Any:
    words, (name, event) = context.words, field
    kind, key = conditions.kind_of(name, event), f"{_PREFIX}{event}_{name}_{sign}"
    label = words.choice(wording.SIGNS, sign)
    if sign == "known" or kind == "yes_no":
        return st.toggle(words.text("yes"), key=_usually(key, value=True), help=label)
    if conditions.takes_days(sign):
        return int(st.number_input(label, 1, conditions.MOST_DAYS, step=1, key=_usually(key, 30)))
    if kind == "number":
        number = st.number_input(label, format="%.10g", key=_usually(key, 0.0))
        return int(number) if float(number).is_integer() else number
    if kind == "day":
        return st.date_input(label, key=_usually(key, context.manifest.as_of_date))
    known = offered.offered(context.viewer, name, event)
    held = st.session_state.get(key) or []
    return st.multiselect(
        label,
        [*known, *(value for value in held if value not in known)],
        accept_new_options=True,
        placeholder=words.text("Choose or type values"),
        key=key,
    )


def _segment(context: Context, others: Mapping[str, str]) -> Any:
    words = context.words
    name = st.selectbox(
        words.text("Segment"),
        list(others),
        format_func=lambda each: others.get(str(each), ""),
        key=f"{_PREFIX}segment",
    )
    is_in = st.toggle(words.text("is in it"), key=_usually(f"{_PREFIX}is_in", value=True))
    return conditions.segment_condition(str(name), is_in=is_in)
