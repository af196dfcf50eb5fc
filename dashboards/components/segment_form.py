"""A rule as a form: its conditions in words, each to take out, and one to add."""

from typing import Any, Final

import streamlit as st

from dashboards.components import findings, html
from dashboards.context import Context
from dashboards.segmenting import draft as drafts
from dashboards.segmenting import wording
from dashboards.segmenting.draft import Draft
from dashboards.words.messages import message

# The one state of the editor; the form writes it, too.
TEXT: Final = "segment_yaml"
_PROBLEM: Final = "segment_form_problem"
_MOST_DAYS, _MOST_TIMES = 36_500, 1_000_000
_HOW: Final = {"all": message("All of these"), "any": message("Any of these")}
_KINDS: Final = {
    "attribute": message("What somebody is"),
    "event": message("What somebody did"),
    "segment": message("Another segment"),
}


def show(context: Context, draft: Draft, others: dict[str, str]) -> None:
    """Show the conditions and the controls that add one; `others` are segments by their names."""
    words = context.words
    if draft.problems:
        st.caption(words.text("The form follows as soon as the YAML is a rule."))
        return
    if len(draft.parts) > 1 or draft.how == "any":
        st.segmented_control(
            words.text("Customers meet"),
            list(_HOW),
            default=draft.how,
            format_func=lambda how: words.choice(_HOW, how),
            key=f"segment_how_{draft.how}",
            on_change=_join,
            args=(draft,),
        )
    for index, part in enumerate(draft.parts):
        said, taken = st.columns([5, 1], vertical_alignment="center")
        said.markdown(html.markdown_safe(wording.said(words, part)))
        taken.button(
            words.text("Remove"),
            key=f"segment_remove_{index}",
            help=wording.said(words, part),
            on_click=_take_out,
            args=(draft, index),
        )
    _adding(context, draft, others)


def problems(context: Context, draft: Draft) -> None:
    """Show what keeps the text from being a rule, with its place."""
    words = context.words
    if draft.problems:
        lines = [
            words.text(
                "Line {line}, column {column}: {problem}",
                line=each.line,
                column=each.column,
                problem=findings.said(words, each.finding),
            )
            for each in draft.problems
        ]
        html.show("notice.html", kind="act", title=words.text("This is no rule yet"), lines=lines)


def _adding(context: Context, draft: Draft, others: dict[str, str]) -> None:
    words = context.words
    with st.container(border=True):
        kinds = [kind for kind in _KINDS if kind != "segment" or others]
        kind = st.selectbox(
            words.text("Add a condition"),
            kinds,
            format_func=lambda each: words.choice(_KINDS, each),
            key="segment_add_kind",
        )
        if kind == "event":
            part: Any = _event(context)
        elif kind == "segment":
            part = _segment(context, others)
        else:
            part = _attribute(context)
        st.button(
            words.text("Add"), key="segment_add", on_click=_add, args=(draft, part), type="primary"
        )
        if refused := st.session_state.pop(_PROBLEM, None):
            st.error(html.markdown_safe(findings.said(words, refused)))


def _attribute(context: Context) -> Any:
    words = context.words
    left, middle, right = st.columns(3)
    name = left.selectbox(
        words.text("Attribute"),
        drafts.attributes(),
        format_func=lambda each: wording.attribute_title(words, str(each)),
        key="segment_add_attribute",
    )
    kind = drafts.kind_of_attribute(name)
    sign = middle.selectbox(
        words.text("Comparison"),
        drafts.signs_of(kind),
        format_func=lambda each: words.choice(wording.SIGNS, each),
        key=f"segment_add_sign_{kind}",
    )
    label = words.text("Value")
    key = f"segment_add_{kind}_{sign}"
    if sign == "known" or kind == "yes_no":
        given: Any = right.toggle(words.text("yes"), value=True, key=key)
    elif drafts.takes_days(sign):
        given = right.number_input(label, 1, _MOST_DAYS, 30, step=1, key=key)
    elif kind == "number":
        number = right.number_input(label, value=0.0, format="%.10g", key=key)
        given = int(number) if float(number).is_integer() else number
    elif kind == "day":
        given = right.date_input(label, value=context.manifest.as_of_date, key=key)
    else:
        help_ = words.text("Several values with commas between them")
        given = drafts.listed(right.text_input(label, help=help_, max_chars=1000, key=key))
    return drafts.attribute_part(name, sign, given)


def _event(context: Context) -> Any:
    words = context.words
    first, second, third = st.columns(3)
    name = first.selectbox(
        words.text("Event"),
        drafts.events(),
        format_func=lambda each: wording.event_title(words, str(each)),
        key="segment_add_event",
    )
    least = second.number_input(
        words.text("At least so often; 0 for never"), 0, _MOST_TIMES, 1, step=1, key="segment_least"
    )
    days = third.number_input(
        words.text("In the last days; empty for ever"),
        1,
        _MOST_DAYS,
        value=None,
        step=1,
        key="segment_days",
    )
    left, right = st.columns(2)
    field = left.selectbox(
        words.text("Only with"),
        ["", *drafts.text_fields_of(name)],
        format_func=lambda each: (
            wording.attribute_title(words, str(each)) if each else words.text("Anything")
        ),
        key=f"segment_field_{name}",
    )
    texts = right.text_input(
        words.text("Value"), max_chars=1000, key="segment_field_value", disabled=not field
    )
    return drafts.event_part(name, int(least), int(days) if days else None, field, texts)


def _segment(context: Context, others: dict[str, str]) -> Any:
    words = context.words
    left, right = st.columns(2)
    name = left.selectbox(
        words.text("Segment"),
        list(others),
        format_func=lambda each: others.get(str(each), ""),
        key="segment_add_segment",
    )
    is_in = right.toggle(words.text("is in it"), value=True, key="segment_add_is_in")
    return drafts.segment_part(str(name), is_in=is_in)


def _add(draft: Draft, part: Any) -> None:
    if drafts.is_refused(part):
        st.session_state[_PROBLEM] = part
        return
    st.session_state[TEXT] = drafts.joined(draft.how, (*draft.parts, part))


def _take_out(draft: Draft, index: int) -> None:
    left = [part for number, part in enumerate(draft.parts) if number != index]
    st.session_state[TEXT] = drafts.joined(draft.how, left)


def _join(draft: Draft) -> None:
    chosen = st.session_state.get(f"segment_how_{draft.how}")
    st.session_state[TEXT] = drafts.joined("any" if chosen == "any" else "all", draft.parts)
