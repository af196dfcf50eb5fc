"""Where the values of one canonical column come from, as a marketplace's file says it."""

from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

from sources.expressions import columns_of, parsed
from sources.patterns import Pattern
from sources.time_formats import format_problem, language_problem

# What a template may say of a row's place, beside the columns of the source. A column of the source
# that has one of these names comes first.
OCCURRENCE, LINE, FILE = PLACES = ("occurrence", "line", "file")


def _several(value: Any) -> Any:
    """`format: '%Y'` is short for `format: ['%Y']`."""
    return [value] if isinstance(value, str) else value


# One text, or several in a list.
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_several)]


class ColumnSource(BaseModel):
    """Where the values of one canonical column come from, and what is done with them."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    expression: str | None = None
    # The row's own value, else the first that any row of its group has; see the file's `group_by`.
    group: Literal["first_non_empty"] | None = None
    map: dict[str, str] = {}
    # Regular expressions that a value must match in full; asked in their order, after `map`.
    map_pattern: dict[Pattern, str] = {}
    ignore_case: bool = False
    # What a value becomes that neither map names.
    otherwise: str | None = None
    default: str | None = None
    pattern: Pattern | None = None
    # The first that fits a value is its format.
    format: Texts = ()
    # In which a format's names of months are written.
    language: str | None = None
    # Digits beyond what the column keeps are rounded away, half up, instead of refused.
    round: bool = False

    @field_validator("template")
    @classmethod
    def _plain_template(cls, value: str | None) -> str | None:
        remedy = "write columns like {number} and a brace itself like {{"
        try:
            parts = list(Formatter().parse(value or ""))
        except ValueError as error:
            raise ValueError(f"not a template ({error}); {remedy}") from None
        if any(name is not None and (not name or spec or how) for _, name, spec, how in parts):
            raise ValueError(f"a placeholder without a plain name; {remedy}")
        return value

    @field_validator("expression")
    @classmethod
    def _plain_expression(cls, value: str | None) -> str | None:
        if value is not None:
            parsed(value)
        return value

    @field_validator("format")
    @classmethod
    def _known_formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if problem := format_problem(each):
                raise ValueError(problem)
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str | None) -> str | None:
        if value is not None and (problem := language_problem(value)):
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnSource":
        origins = (self.column, self.constant, self.template, self.expression)
        if sum(value is not None for value in origins) != 1:
            raise ValueError("give exactly one of column, constant, template or expression")
        if OCCURRENCE in self.places and (self.translates or self.pattern):
            raise ValueError("a template with {occurrence} cannot have map or pattern")
        if self.ignore_case and not (self.map or self.map_pattern):
            raise ValueError("ignore_case is about map and map_pattern; add one, or remove it")
        if self.language is not None and not self.format:
            raise ValueError("language is that of a format's months; add format, or remove it")
        return self

    @property
    def translates(self) -> bool:
        """Whether values become others."""
        return bool(self.map or self.map_pattern or self.otherwise is not None)

    @property
    def given_values(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """The values that the mapping itself gives, with their places in it."""
        single = {name: getattr(self, name) for name in ("constant", "otherwise", "default")}
        yield from (((name,), value) for name, value in single.items() if value)
        for name in ("map", "map_pattern"):
            targets = getattr(self, name).items()
            yield from (((name, given), value) for given, value in targets if value)

    @property
    def places(self) -> tuple[str, ...]:
        """The names in the template that may mean a row's place."""
        return tuple(name for name in self.source_columns if self.template and name in PLACES)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The source's columns that are read."""
        if self.column is not None:
            return (self.column,)
        if self.template is not None:
            return tuple(name for _, name, _, _ in Formatter().parse(self.template) if name)
        if self.expression is not None:
            return tuple(dict.fromkeys(columns_of(parsed(self.expression))))
        return ()


def _long_forms(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: {"column": source} if isinstance(source, str) else source
        for name, source in value.items()
    }


# `order_id: number` is short for `order_id: {column: number}`.
ColumnSources = Annotated[dict[str, ColumnSource], BeforeValidator(_long_forms)]
