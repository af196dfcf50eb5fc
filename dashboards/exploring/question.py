"""A question to one table: which columns of which rows, or what is counted of groups of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from dashboards.exploring.tables import Column, Kind, Table

Condition = Literal["is", "has", "range", "yes", "no", "empty", "filled"]
Chart = Literal["", "line", "bars"]
Bound = date | Decimal | None

MOST_FILTERS: Final = 10
MOST_GROUPS: Final = 3
MOST_MEASURES: Final = 8
COUNT: Final = "count"
DISTINCT: Final = "distinct"

_FIRST_COLUMNS = 7
_STEPS = ("week", "month", "year")
_ALWAYS: tuple[Condition, ...] = ("empty", "filled")
CONDITIONS: Mapping[Kind, tuple[Condition, ...]] = {
    "text": ("is", "has", *_ALWAYS),
    "number": ("range", *_ALWAYS),
    "day": ("range", *_ALWAYS),
    "moment": ("range", *_ALWAYS),
    "boolean": ("yes", "no", *_ALWAYS),
}
_FUNCTIONS: Mapping[Kind, tuple[str, ...]] = {
    "text": (DISTINCT,),
    "number": ("sum", "avg", "min", "max"),
    "day": ("min", "max"),
    "moment": ("min", "max"),
    "boolean": (),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows: a condition on a column, with a text or bounds; without either it takes all."""

    column: Column
    condition: Condition
    text: str = ""
    lower: Bound = None
    upper: Bound = None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the answer: one of the table, a step of its days, or a function over a group."""

    column: Column | None
    step: str = ""
    function: str = ""

    @property
    def name(self) -> str:
        """How an address and a file call it."""
        if self.column is None:
            return self.function
        if self.function:
            return f"{self.function}.{self.column.name}"
        return f"{self.column.name}.{self.step}" if self.step else self.column.name

    @property
    def kind(self) -> Kind:
        """Of which kind its values are."""
        return "number" if self._is_counted else self.column.kind if self.column else "number"

    @property
    def decimals(self) -> int:
        """How many decimals its numbers have."""
        if self._is_counted or self.column is None:
            return 0
        return max(self.column.decimals, 2) if self.function == "avg" else self.column.decimals

    @property
    def is_quantity(self) -> bool:
        """Whether its numbers are quantities: nothing else has three decimals."""
        return not self._is_counted and self.column is not None and self.column.decimals == 3

    @property
    def _is_counted(self) -> bool:
        return self.function in {COUNT, DISTINCT}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a table; `answerable` makes one of what somebody chose."""

    table: Table
    columns: tuple[Field, ...]
    filters: tuple[Filter, ...] = ()
    groups: tuple[Field, ...] = ()
    measures: tuple[Field, ...] = ()
    sort: str = ""
    is_descending: bool = False
    chart: Chart = ""

    @property
    def answer(self) -> tuple[Field, ...]:
        """The columns of the answer, in order."""
        return (*self.groups, *self.measures) if self.is_grouped else self.columns

    @property
    def is_grouped(self) -> bool:
        """Whether rows are counted together."""
        return bool(self.groups or self.measures)

    @property
    def drawn(self) -> Field | None:
        """The number that a chart shows over the only group."""
        if len(self.groups) != 1:
            return None
        return next((field for field in self.measures if field.kind == "number"), None)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """How the answer can be drawn: a line over days, bars over anything else."""
        if self.drawn is None:
            return ("",)
        return ("", "line") if self.groups[0].kind == "day" else ("", "bars")


def first_question(table: Table) -> Question:
    """Return the question that a table opens with: all rows, the first columns."""
    return Question(table, tuple(plain_fields(table).values())[:_FIRST_COLUMNS])


def answerable(question: Question) -> Question:
    """Return a question with something to show, and without the sort or chart of what is gone."""
    if question.groups and not question.measures:
        question = replace(question, measures=(Field(None, function=COUNT),))
    if not question.columns:
        question = replace(question, columns=first_question(question.table).columns)
    if question.sort not in {field.name for field in question.answer}:
        question = replace(question, sort="", is_descending=False)
    return question if question.chart in question.charts else replace(question, chart="")


def plain_fields(table: Table) -> dict[str, Field]:
    """Return the table's own columns, by name."""
    return {name: Field(column) for name, column in table.columns.items()}


def group_fields(table: Table) -> dict[str, Field]:
    """Return what rows can be grouped by, by name; of moments there is a day beside them."""
    columns = [column for column in table.columns.values() if column.kind != "moment"]
    fields = [Field(column) for column in columns]
    fields += [Field(each, step) for each in columns if each.kind == "day" for step in _STEPS]
    return {field.name: field for field in fields}


def measure_fields(table: Table) -> dict[str, Field]:
    """Return what can be counted of a group, by name."""
    fields = [Field(None, function=COUNT)]
    fields += [
        Field(column, function=function)
        for column in table.columns.values()
        for function in _FUNCTIONS[column.kind]
    ]
    return {field.name: field for field in fields}
