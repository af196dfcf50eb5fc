"""Where the values of one canonical column come from, as a marketplace's file says it."""

import re
from string import Formatter
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

from sources.time_formats import format_problem

# Valid for Python and not for RE2, by which rows are judged: looking around and back references.
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\(\?P=")
# What a template may say of a row's place, beside the columns of the source. A column of the source
# that has one of these names comes first.
OCCURRENCE, LINE, FILE = PLACES = ("occurrence", "line", "file")


class ColumnSource(BaseModel):
    """Where the values of one canonical column come from: a column, a constant or a template."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    map: dict[str, str] = {}
    default: str | None = None
    pattern: str | None = None
    format: str | None = None
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

    @field_validator("pattern")
    @classmethod
    def _regular_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            # Its message may quote the expression.
            place = f" at character {error.pos + 1}" if error.pos is not None else ""
            raise ValueError(f"not a regular expression{place}; correct it") from None
        except (RecursionError, OverflowError):
            raise ValueError(
                "the regular expression is too deep or too large; simplify it"
            ) from None
        if value and _NOT_IN_RE2.search(value):
            raise ValueError(
                "uses lookaround or backreferences, which RE2 does not support; write it without"
            )
        return value

    @field_validator("format")
    @classmethod
    def _known_format(cls, value: str | None) -> str | None:
        problem = format_problem(value) if value is not None else None
        if problem:
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnSource":
        if sum(value is not None for value in (self.column, self.constant, self.template)) != 1:
            raise ValueError("give exactly one of column, constant or template")
        if OCCURRENCE in self.places and (self.map or self.pattern):
            raise ValueError("a template with {occurrence} cannot have map or pattern")
        return self

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
