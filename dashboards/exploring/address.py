"""How an address writes a question, and what it reads in one.

?table=mart_vendor_daily&where.order_date=2025-01-01..2025-03-31&group=order_date.month
&count=sum.gmv,count&sort=-sum.gmv&chart=line
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from dashboards.exploring import question as questions
from dashboards.exploring.question import CONDITIONS, Bound, Chart, Field, Filter, Question
from dashboards.exploring.tables import Column, Kind, Table
from dashboards.listings.filters import LONGEST_SEARCH, looks_personal
from dashboards.listings.unreadable import Unreadable

TABLE: Final = "table"
COLUMNS: Final = "columns"
GROUP: Final = "group"
COUNT: Final = "count"
SORT: Final = "sort"
CHART: Final = "chart"
WHERE: Final = "where."

# Days around these are nobody's, and some of them no clock of another zone can show.
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)

_BETWEEN = ".."
_FIRST = "fct_orders"
_CHARTS: Mapping[str, Chart] = {"line": "line", "bars": "bars"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def is_ours(name: str) -> bool:
    """Return whether a name in an address is part of a question."""
    return name in {TABLE, COLUMNS, GROUP, COUNT, SORT, CHART} or name.startswith(WHERE)


def written(question: Question) -> dict[str, str]:
    """Return the question as an address writes it."""
    texts = {TABLE: question.table.name}
    if not question.is_grouped and question != _with_first_columns(question):
        texts[COLUMNS] = _names(question.columns)
    texts |= {f"{WHERE}{each.column.name}": filter_text(each) for each in question.filters}
    if question.groups:
        texts[GROUP] = _names(question.groups)
    if question.measures:
        texts[COUNT] = _names(question.measures)
    if question.sort:
        texts[SORT] = f"-{question.sort}" if question.is_descending else question.sort
    if question.chart:
        texts[CHART] = question.chart
    return texts


def read(texts: Mapping[str, str], tables: Mapping[str, Table]) -> Question:
    """Return the question of an address; without a table it is about orders.

    Raises:
        Unreadable: it names a table, column or value that is none, or asks for too much.
    """
    first = _FIRST if _FIRST in tables else next(iter(tables))
    name = texts.get(TABLE, first)
    if name not in tables:
        raise Unreadable(TABLE)
    table = tables[name]
    sort = texts.get(SORT, "")
    plain = questions.plain_fields(table)
    asked = Question(
        table,
        columns=_chosen(texts, COLUMNS, plain, len(plain)),
        filters=_filters(texts, table),
        groups=_chosen(texts, GROUP, questions.group_fields(table), questions.MOST_GROUPS),
        measures=_chosen(texts, COUNT, questions.measure_fields(table), questions.MOST_MEASURES),
        sort=sort.removeprefix("-"),
        is_descending=sort.startswith("-"),
        chart=_chart(texts),
    )
    made = questions.answerable(asked)
    if asked.sort != made.sort:
        raise Unreadable(SORT)
    if asked.chart != made.chart:
        raise Unreadable(CHART)
    return made


def filter_text(each: Filter) -> str:
    """Return a filter as an address writes it."""
    if each.condition == "range":
        ends = ("" if bound is None else str(bound) for bound in (each.lower, each.upper))
        return _BETWEEN.join(ends)
    return f"{each.condition}:{each.text}" if each.condition in {"is", "has"} else each.condition


def number_of(value: float) -> Decimal | None:
    """Return a number of a widget as an address can write it; nothing where it cannot."""
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _with_first_columns(question: Question) -> Question:
    return questions.answerable(
        Question(
            question.table,
            (),
            question.filters,
            sort=question.sort,
            is_descending=question.is_descending,
        )
    )


def _names(fields: tuple[Field, ...]) -> str:
    return ",".join(field.name for field in fields)


def _chosen(
    texts: Mapping[str, str], key: str, fields: Mapping[str, Field], most: int
) -> tuple[Field, ...]:
    names = texts[key].split(",") if key in texts else []
    if len(names) > most or len(set(names)) != len(names) or not fields.keys() >= set(names):
        raise Unreadable(key)
    return tuple(fields[name] for name in names)


def _chart(texts: Mapping[str, str]) -> Chart:
    if CHART not in texts:
        return ""
    if texts[CHART] not in _CHARTS:
        raise Unreadable(CHART)
    return _CHARTS[texts[CHART]]


def _filters(texts: Mapping[str, str], table: Table) -> tuple[Filter, ...]:
    found: list[Filter] = []
    for key in (key for key in texts if key.startswith(WHERE)):
        column = table.columns.get(key.removeprefix(WHERE))
        read_filter = None if column is None else _filter(column, texts[key])
        if read_filter is None or len(found) == questions.MOST_FILTERS:
            raise Unreadable(key)
        found.append(read_filter)
    return tuple(found)


def _filter(column: Column, text: str) -> Filter | None:
    """Return a filter on a column; nothing where the text does not fit it."""
    word, colon, value = text.partition(":")
    for condition in CONDITIONS[column.kind]:
        if condition == "range" and _BETWEEN in text:
            lower, _, upper = text.partition(_BETWEEN)
            if all(_is_bound(column.kind, end) for end in (lower, upper)):
                return Filter(column, condition, "", _bound(lower), _bound(upper))
        elif condition in {"is", "has"}:
            if condition == word and colon and is_searchable(value):
                return Filter(column, condition, value)
        elif condition == text:
            return Filter(column, condition)
    return None


def is_searchable(text: str) -> bool:
    """Return whether rows may be looked for by a text, which then stays in the address."""
    return len(text) <= LONGEST_SEARCH and "\x00" not in text and not looks_personal(text)


def _is_bound(kind: Kind, text: str) -> bool:
    if not text:
        return True
    if kind == "number":
        return _NUMBER.fullmatch(text) is not None
    try:
        return bool(_DAY.fullmatch(text)) and FIRST_DAY <= date.fromisoformat(text) <= LAST_DAY
    except ValueError:
        return False


def _bound(text: str) -> Bound:
    if not text:
        return None
    return date.fromisoformat(text) if _DAY.fullmatch(text) else Decimal(text)
