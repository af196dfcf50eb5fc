"""The controls of Explore: the address gives them their values, and each writes into it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from dashboards import address
from dashboards.components import explored
from dashboards.components.list_filters import NOT_SEARCHED
from dashboards.context import Context
from dashboards.exploring import address as written_question
from dashboards.exploring import question as questions
from dashboards.exploring.question import Condition, Field, Filter, Question
from dashboards.exploring.tables import Column, Table
from dashboards.listings.asked import PAGE
from dashboards.listings.filters import LONGEST_SEARCH
from dashboards.widget_values import tell
from dashboards.words.messages import message
from dashboards.words.words import Words

_FORMATS = {"de": "DD.MM.YYYY", "en": "DD/MM/YYYY", "ru": "DD.MM.YYYY"}
_CONDITIONS = {
    "is": message("is exactly"),
    "has": message("contains"),
    "range": message("is between"),
    "yes": message("is yes"),
    "no": message("is no"),
    "empty": message("is empty"),
    "filled": message("is not empty"),
}
_CHARTS = {
    "": message("Table only"),
    "line": message("Line"),
    "bars": message("Bars"),
}

Changes = dict[str, str | None]


def ask(context: Context, tables: Mapping[str, Table]) -> Question:
    """Show the controls and return the question that the address asks."""
    question = address.read(lambda texts: written_question.read(texts, tables))
    words = context.words
    st.selectbox(
        words.text("Table"),
        list(tables),
        format_func=lambda name: explored.table_title(words, str(name)),
        **address.bound(
            "explore_table",
            question.table.name,
            lambda name: _changes(questions.first_question(tables[name])),
        ),
    )
    _columns(words, question)
    _filters(context, question)
    _order(words, question)
    return question


def _changes(question: Question) -> Changes:
    """Return what makes the address ask a question, beginning at its first page."""
    gone = {name: None for name in st.query_params if written_question.is_ours(name)}
    return {**gone, PAGE: None, **written_question.written(questions.answerable(question))}


def _columns(words: Words, question: Question) -> None:
    table = question.table
    left, right = st.columns(2)
    _several(
        words,
        (left, "groups", words.text("Group by"), questions.MOST_GROUPS),
        questions.group_fields(table),
        question.groups,
        lambda fields: replace(question, groups=fields, measures=_counted(question, fields)),
    )
    _several(
        words,
        (right, "figures", words.text("Figures"), questions.MOST_MEASURES),
        questions.measure_fields(table),
        question.measures,
        lambda fields: replace(question, measures=fields),
    )
    if not question.is_grouped:
        _several(
            words,
            (st, "columns", words.text("Columns"), None),
            questions.plain_fields(table),
            question.columns,
            lambda fields: replace(question, columns=fields),
        )


def _counted(question: Question, groups: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return what is counted of other groups; the mere number of rows goes with the last group."""
    is_mere = [field.function for field in question.measures] == [questions.COUNT]
    return () if is_mere and not groups else question.measures


def _several(
    words: Words,
    place: tuple[Any, str, str, int | None],
    fields: Mapping[str, Field],
    chosen: Collection[Field],
    asked: Callable[[tuple[Field, ...]], Question],
) -> None:
    where, key, label, most = place
    titles = explored.titles(words, fields.values())
    where.multiselect(
        label,
        list(fields),
        format_func=lambda name: titles.get(name, str(name)),
        max_selections=most,
        placeholder=words.text("Choose"),
        **address.bound(
            f"explore_{key}",
            [field.name for field in chosen],
            lambda names: _changes(asked(tuple(fields[name] for name in names))),
        ),
    )


def _filters(context: Context, question: Question) -> None:
    words, fields = context.words, questions.plain_fields(question.table)
    by_column = {each.column.name: each for each in question.filters}

    def asked(chosen: tuple[Field, ...]) -> Question:
        columns = [field.column for field in chosen if field.column is not None]
        return replace(
            question,
            filters=tuple(by_column.get(each.name) or _opened(each) for each in columns),
        )

    _several(
        words,
        (st, "filters", words.text("Filter by"), questions.MOST_FILTERS),
        fields,
        [fields[name] for name in by_column],
        asked,
    )
    for each in question.filters:
        _filter(context, question, each)


def _opened(column: Column) -> Filter:
    return Filter(column, questions.CONDITIONS[column.kind][0])


def _filter(context: Context, question: Question, each: Filter) -> None:
    words, column = context.words, each.column
    title = explored.field_title(words, Field(column))
    key = f"explore_{question.table.name}_{column.name}"

    def changes(other: Filter) -> Changes:
        filters = tuple(other if known == each else known for known in question.filters)
        return _changes(replace(question, filters=filters))

    def conditioned(condition: Condition) -> Changes:
        keeps_text = {condition, each.condition} <= {"is", "has"}
        return changes(Filter(column, condition, each.text if keeps_text else ""))

    def searched(text: object) -> Changes:
        wanted = str(text or "").strip()
        if not written_question.is_searchable(wanted):
            tell(NOT_SEARCHED)
            return {}
        return changes(replace(each, text=wanted))

    first, *rest = st.columns([2, 2, 2], vertical_alignment="bottom")
    first.selectbox(
        title,
        questions.CONDITIONS[column.kind],
        format_func=lambda name: words.choice(_CONDITIONS, name),
        **address.bound(f"{key}_condition", each.condition, conditioned),
    )
    if each.condition in {"is", "has"}:
        label = words.text("{column}: text", column=title)
        bound = address.bound(f"{key}_text", each.text, searched)
        rest[0].text_input(label, max_chars=LONGEST_SEARCH, **bound)
    if each.condition == "range":
        lower = words.text("{column}: from", column=title)
        _bound(
            context,
            (rest[0], lower, f"{key}_lower"),
            each.lower,
            column,
            lambda bound: changes(replace(each, lower=bound)),
        )
        upper = words.text("{column}: to", column=title)
        _bound(
            context,
            (rest[1], upper, f"{key}_upper"),
            each.upper,
            column,
            lambda bound: changes(replace(each, upper=bound)),
        )


def _bound(
    context: Context,
    place: tuple[Any, str, str],
    value: questions.Bound,
    column: Column,
    changes: Callable[[questions.Bound], Changes],
) -> None:
    where, label, key = place
    if column.kind == "number":
        shown = float(value) if isinstance(value, Decimal) else None

        def typed(number: Any) -> Changes:
            return changes(None if number is None else written_question.number_of(number))

        where.number_input(label, format="%.10g", **address.bound(key, shown, typed))
        return

    def picked(day: Any) -> Changes:
        return changes(day if isinstance(day, date) else None)

    where.date_input(
        label,
        min_value=written_question.FIRST_DAY,
        max_value=written_question.LAST_DAY,
        format=_FORMATS[context.words.language],
        **address.bound(key, value, picked),
    )


def _order(words: Words, question: Question) -> None:
    sorts = {"": words.text("Usual order")}
    for name, title in explored.titles(words, question.answer).items():
        sorts[name] = words.text("{column}, ascending", column=title)
        sorts[f"-{name}"] = words.text("{column}, descending", column=title)

    def sorted_by(sort: str) -> Changes:
        name = sort.removeprefix("-")
        return _changes(replace(question, sort=name, is_descending=sort.startswith("-")))

    # On a screen with headings a click on one of them does it.
    with st.container(key="k_phone_sort_explore"):
        st.selectbox(
            words.text("Sort by"),
            list(sorts),
            format_func=lambda sort: sorts.get(sort, ""),
            **address.bound(
                "explore_sort",
                f"-{question.sort}" if question.is_descending else question.sort,
                sorted_by,
            ),
        )
    if len(question.charts) > 1:
        st.segmented_control(
            words.text("Chart"),
            list(question.charts),
            format_func=lambda chart: words.choice(_CHARTS, chart),
            **address.bound(
                "explore_chart",
                question.chart,
                lambda chart: _changes(replace(question, chart=chart or "")),
            ),
        )
