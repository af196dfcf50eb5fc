"""Segments that have a rule: the list, and one in the editor, as a form and as YAML."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboards import address, commands
from dashboards.components import choices, findings, html, segment_form, segments, states
from dashboards.components.page import heading
from dashboards.components.segment_form import TEXT
from dashboards.context import Context
from dashboards.queries.reader import QueryTimeout
from dashboards.segmenting import draft as drafts
from dashboards.segmenting import known as segments_known
from dashboards.segmenting.draft import Draft
from dashboards.segmenting.known import Known
from dashboards.segmenting.preview import preview
from dashboards.segmenting.saving import outcome_of, retired, saved

NEW: Final = ""
_SHOWN: Final = "segment_shown"
_OUTCOME: Final = "segment_outcome"
_COMMAND: Final = "segment_command"


def page(context: Context) -> None:
    """Show the list and the editor of the segment that the address names, or of a new one."""
    words = context.words
    lead = words.text(
        "A segment is a rule; each run evaluates it again. What you save counts from the next run"
        " on, and earlier versions stay."
    )
    heading(context, words.text("Segment editor"), lead)
    known = segments_known.known(context)
    if known:
        segments.show_list(context, known)
    else:
        states.empty(
            words,
            words.text("No segments with a rule yet"),
            words.text("Make the first one below."),
        )
    titles = {NEW: words.text("New segment")} | {name: each.title for name, each in known.items()}
    chosen = choices.choose(words.text("Edit"), "segment", titles, key="segment_chosen")
    _editor(context, known, known.get(chosen))


def _editor(context: Context, known: Mapping[str, Known], edited: Known | None) -> None:
    words = context.words
    if edited is not None and not edited.is_of_customers:
        segments.show_of_others(context, edited)
        return
    name = edited.segment_id if edited else NEW
    shown = (name, edited.number if edited else 0)
    if st.session_state.get(_SHOWN) != shown or TEXT not in st.session_state:
        st.session_state[_SHOWN] = shown
        st.session_state[TEXT] = edited.text if edited else ""
    _say_outcome(context)
    beside = segments_known.rules_beside(known, name)
    draft = drafts.draft_of(str(st.session_state[TEXT]), beside.keys())
    st.header(edited.title if edited else words.text("New segment"), anchor=False)
    form, text = st.columns(2, gap="large")
    with form:
        st.subheader(words.text("Conditions"), anchor=False)
        segment_form.show(context, draft, segments.titles(context, known, beside))
    with text:
        st.subheader(words.text("The same as YAML"), anchor=False)
        st.text_area(
            words.text("Rule"), key=TEXT, height=260, max_chars=20_000, label_visibility="collapsed"
        )
        segment_form.problems(context, draft)
    percent = segments.ask_holdout(context, edited)
    _preview(context, known, edited, (draft, percent))
    _saving(context, known, edited, draft)
    if edited is not None and not edited.is_of_file:
        st.header(words.text("Versions"), anchor=False)
        marketplace = context.manifest.marketplace
        found = commands.versions_of_segment(context.viewer, marketplace, name)
        segments.show_versions(context, found)


def _preview(
    context: Context, known: Mapping[str, Known], edited: Known | None, asked: tuple[Draft, float]
) -> None:
    words, (draft, percent) = context.words, asked
    if draft.rule is None:
        return
    st.header(words.text("Preview"), anchor=False)
    name = edited.segment_id if edited else NEW
    before = edited.rule if edited is not None and not edited.is_retired else None
    others = segments_known.rules_beside(known, name)
    try:
        found = preview(context.viewer, draft.rule, before, others)
    except QueryTimeout:
        states.empty(
            words,
            words.text("The preview took too long"),
            words.text("It can be saved all the same; the run takes the time it needs."),
        )
        return
    except segments_known.CIRCLES as circle:
        chain = " → ".join(circle.chain)
        st.error(
            html.markdown_safe(
                words.text("These segments ask for each other: {chain}", chain=chain)
            )
        )
        return
    titles = {each: known[each].title for each in others}
    segments.show_preview(context, found, titles, percent)


def _saving(
    context: Context, known: Mapping[str, Known], edited: Known | None, draft: Draft
) -> None:
    words = context.words
    if edited is not None and edited.is_of_file:
        st.caption(words.text("A file defines this segment; it is changed there, and not here."))
        return
    st.header(words.text("Save"), anchor=False)
    key = edited.segment_id if edited else NEW
    if edited is None:
        st.text_input(
            words.text("Short name, for files and rules"),
            key="segment_id_new",
            max_chars=40,
            help=words.text("Small letters, digits and _, such as win_back"),
        )
    title = edited.title if edited else ""
    st.text_input(words.text("Name"), value=title, key=f"segment_title_{key}", max_chars=80)
    st.text_input(words.text("Why"), key=f"segment_reason_{key}", max_chars=500)
    save, retire = st.columns(2)
    save.button(
        words.text("Save a new version") if edited else words.text("Save"),
        key="segment_save",
        type="primary",
        disabled=draft.rule is None,
        on_click=_save,
        args=(context, known, edited, draft.text),
    )
    if edited is not None and not edited.is_retired:
        retire.button(
            words.text("Retire"), key="segment_retire", on_click=_retire, args=(context, edited)
        )


def _save(context: Context, known: Mapping[str, Known], edited: Known | None, text: str) -> None:
    name = edited.segment_id if edited else str(st.session_state.get("segment_id_new") or "")
    key = edited.segment_id if edited else NEW
    command = st.session_state.setdefault(_COMMAND, commands.new_request_id())
    said = (
        str(st.session_state.get(f"segment_title_{key}") or ""),
        str(st.session_state.get(f"segment_reason_{key}") or ""),
    )
    percent = float(st.session_state.get(segments.holdout_key(key)) or 0)
    outcome = saved(context, known, (name.strip(), edited), (text, *said), percent, command)
    del st.session_state[_COMMAND]
    st.session_state[_OUTCOME] = outcome
    if outcome.why is None:
        # What was written of why belongs to the version that was saved.
        st.session_state.pop(f"segment_reason_{key}", None)
        address.change({"segment": name.strip()})


def _retire(context: Context, edited: Known) -> None:
    reason = str(st.session_state.get(f"segment_reason_{edited.segment_id}") or "")
    command = st.session_state.setdefault(_COMMAND, commands.new_request_id())
    st.session_state[_OUTCOME] = retired(context, edited, reason, command)
    del st.session_state[_COMMAND]


def _say_outcome(context: Context) -> None:
    outcome = outcome_of(st.session_state.pop(_OUTCOME, None))
    if outcome is None:
        return
    words = context.words
    if outcome.why is not None:
        why = findings.said(words, outcome.why)
        title = words.text("Not saved")
        html.show("notice.html", kind="act", title=title, lines=[why])
    else:
        title = words.text("Saved as version {number}", number=outcome.number)
        html.show("notice.html", kind="ok", title=title, lines=[])
