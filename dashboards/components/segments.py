"""Segments that have a rule: the list, what a draft would hold, and the versions of one."""

from collections.abc import Collection, Mapping, Sequence
from difflib import unified_diff
from itertools import pairwise
from typing import Any

import streamlit as st

from dashboards.components import customer_segments, figures, findings, tables
from dashboards.components.figures import Figure
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.segmenting.known import Known
from dashboards.segmenting.preview import Overlap, Preview
from dashboards.words.messages import message
from dashboards.words.words import NOTHING, Words

# On a phone, more of them push what is edited out of sight.
_SHOWN_FIRST = 6
_STATES = {
    "ok": message("Evaluated"),
    "failed": message("Needs attention"),
    "watch": message("From the next run on"),
    "absent": message("Retired"),
}


SUBJECTS_SAID = {
    "customer": message("Customers"),
    "vendor": message("Vendors"),
    "lead": message("Leads"),
}


def show_list(context: Context, known: Mapping[str, Known]) -> None:
    """Show all segments with their size and state."""
    words = context.words
    rows = [_row(context, each) for each in known.values()]
    columns = [
        Column(
            words.text("Segment"),
            lambda row: row["title"],
            "strong",
            link=lambda row: f"?segment={row['segment_id']}",
            place="id",
        ),
        Column(words.text("Of whom"), lambda row: row["subjects"]),
        Column(words.text("Members"), lambda row: row["members"], "number", place="amount"),
        Column(words.text("Unknown"), lambda row: row["unknown"], "number"),
        Column(words.text("Holdout"), lambda row: row["held_back"], "number"),
        Column(words.text("State"), lambda row: row["words"], "state", place="state"),
        Column(words.text("Saved"), lambda row: row["saved"], place="due"),
    ]
    _show_folded(words, columns, rows, words.text("Segments with a rule"))


def show_of_others(context: Context, found: Known) -> None:
    """Show the rule of a segment of vendors or leads, which no form edits."""
    st.header(found.title, anchor=False)
    st.code(found.text, language="yaml")
    st.caption(
        context.words.text("A file defines this segment; it is changed there, and not here.")
    )


def _show_folded(
    words: Words, columns: Sequence[Column], rows: Sequence[Row], caption: str
) -> None:
    """Show the first rows, and the others where somebody asks for them."""
    tables.show(columns, rows[:_SHOWN_FIRST], caption=caption)
    if others := rows[_SHOWN_FIRST:]:
        title = words.count("{n} more segment", "{n} more segments", len(others))
        with st.expander(title):
            tables.show(columns, others, caption=caption)


def titles(context: Context, known: Mapping[str, Known], names: Collection[str]) -> dict[str, str]:
    """Return what segments are called that a rule may name, those of the models as the last."""
    made = {
        segment_id: ": ".join(
            (context.words.say(said), customer_segments.name_of(context, kind, segment_id))
        )
        for kind, said in customer_segments.KINDS.items()
        for segment_id in customer_segments.ids_of(kind)
    }
    return {name: known[name].title for name in names} | made


def _row(context: Context, each: Known) -> Row:
    words, published = context.words, each.published
    state = _state(each)
    said = words.code(_STATES, state)
    if state == "failed" and published is not None:
        said = findings.published(words, published["finding"])
    saved = each.saved
    return {
        "segment_id": each.segment_id,
        "title": each.title,
        "subjects": words.code(SUBJECTS_SAID, each.subject.kind),
        "members": words.number(published["member_count"]) if published else NOTHING,
        "unknown": words.number(published["unknown_count"]) if published else NOTHING,
        "held_back": (
            words.number(published["holdout_count"])
            if published and published["holdout_share"]
            else NOTHING
        ),
        "state": state,
        "words": said,
        "saved": (
            words.text("In a file")
            if saved is None
            else f"{saved.saved_by}, {context.utc_moment(saved.saved_at)}"
        ),
    }


def _state(each: Known) -> str:
    if each.is_retired:
        return "absent"
    if each.published is None or each.is_pending:
        return "watch"
    return "ok" if each.published["is_evaluated"] else "failed"


def holdout_key(segment_id: str) -> str:
    """Return the key of the field that asks for a segment's holdout; a new one has no name."""
    return f"segment_holdout_{segment_id}"


def ask_holdout(context: Context, edited: Known | None) -> float:
    """Ask how many of a hundred customers are held back, and return it."""
    words, key = context.words, holdout_key(edited.segment_id if edited else "")
    st.session_state.setdefault(key, float(edited.holdout_share * 100) if edited else 0.0)
    help_ = words.text(
        "These customers are drawn by chance and left alone, so that what is done with the segment"
        " can be measured. Whoever is drawn stays so."
    )
    percent = st.number_input(
        words.text("Holdout, percent of its customers"),
        0.0,
        50.0,
        step=1.0,
        format="%.10g",
        key=key,
        help=help_,
        disabled=edited is not None and edited.is_of_file,
    )
    return float(percent)


def show_preview(
    context: Context, found: Preview, titles: Mapping[str, str], holdout_percent: float
) -> None:
    """Show the counts of a draft and what it shares with other segments."""
    words = context.words
    share = found.members / found.customers if found.customers else None
    shown = [
        Figure(words.text("Customers in it"), words.number(found.members)),
        Figure(words.text("Share of all customers"), words.percent(share)),
        Figure(
            words.text("Unknown"),
            words.number(found.unknown),
            definition=words.text(
                "Customers of whom the rule cannot be answered, because something it asks for is"
                " not known of them. They are not in the segment, nor in one with the contrary"
                " rule."
            ),
        ),
    ]
    if holdout_percent:
        shown.append(
            Figure(
                words.text("Holdout, about"),
                words.number(round(found.members * holdout_percent / 100)),
                definition=words.text(
                    "Each customer is drawn by a keyed hash when the membership begins, so the"
                    " exact number is known after the next run."
                ),
            )
        )
    if found.entering is not None:
        shown += [
            Figure(words.text("Would enter"), words.number(found.entering)),
            Figure(words.text("Would leave"), words.number(found.leaving)),
        ]
    figures.show(context, shown)
    sharing = [each for each in found.overlaps if each.shared]
    if sharing:
        caption = words.text("Also in other segments")
        rows = _overlaps(words, sharing, titles)
        _show_folded(words, _overlap_columns(words), rows, caption)


def _overlap_columns(words: Words) -> list[Column]:
    return [
        Column(words.text("Segment"), lambda row: row["title"], "strong", place="id"),
        Column(words.text("In both"), lambda row: row["shared"], "number", place="amount"),
        Column(words.text("In that one"), lambda row: row["members"], "number", place="state"),
        Column(
            words.text("In both, of all in either"),
            lambda row: row["jaccard"],
            "number",
            place="due",
        ),
    ]


def _overlaps(words: Words, sharing: Sequence[Overlap], titles: Mapping[str, str]) -> list[Row]:
    return [
        {
            "title": titles.get(each.segment_id, each.segment_id),
            "shared": words.number(each.shared),
            "members": words.number(each.members),
            "jaccard": words.percent(each.jaccard),
        }
        for each in sharing
    ]


def show_versions(context: Context, versions: Sequence[Any]) -> None:
    """Show the versions of a segment, the newest first, with what each changed of its rule."""
    words = context.words
    rows: list[Row] = [
        {
            "number": words.number(each.number),
            "title": each.title,
            "saved": f"{each.saved_by}, {context.utc_moment(each.saved_at)}",
            "reason": each.reason,
            "held_back": words.percent(each.holdout_share) if each.holdout_share else NOTHING,
        }
        for each in versions
    ]
    tables.show(
        [
            Column(words.text("Version"), lambda row: row["number"], "strong", place="id"),
            Column(words.text("Name"), lambda row: row["title"], place="amount"),
            Column(words.text("Saved"), lambda row: row["saved"], place="due"),
            Column(words.text("Holdout"), lambda row: row["held_back"], "number"),
            Column(words.text("Why"), lambda row: row["reason"], "wide", place="state"),
        ],
        rows,
        caption=words.text("Versions"),
    )
    for newer, older in pairwise(versions):
        before, after = (each.rule.splitlines(keepends=True) for each in (older, newer))
        # Without the two lines that would name files.
        changed = "".join(list(unified_diff(before, after, n=9))[2:])
        if changed:
            title = words.text(
                "What version {newer} changed of version {older}",
                newer=newer.number,
                older=older.number,
            )
            with st.expander(title):
                st.code(changed, language="diff")
