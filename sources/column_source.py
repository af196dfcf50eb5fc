"""Where the values of one canonical column come from, as a marketplace's file says it."""

import re
from string import Formatter
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

# What strptime of DuckDB reads.
_DIRECTIVES = frozenset("aAbBcdfgGhHIjmMnpSTuUVwWxXyYzZ%")
# Valid for Python and not for RE2, by which rows are judged: looking around and back references.
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\(\?P=")


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

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnSource":
        if sum(value is not None for value in (self.column, self.constant, self.template)) != 1:
            raise ValueError("give exactly one of column, constant or template")
        return self

    @field_validator("template")
    @classmethod
    def _plain_template(cls, value: str | None) -> str | None:
        remedy = "write columns like {number} and a brace itself like {{"
        try:
            parts = list(Formatter().parse(value or ""))
        except ValueError as error:
            raise ValueError(f"{value!r} is no template ({error}); {remedy}") from None
        if any(name is not None and (not name or spec or how) for _, name, spec, how in parts):
            raise ValueError(f"{value!r} has a place without a plain name; {remedy}")
        return value

    @field_validator("pattern")
    @classmethod
    def _regular_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}; correct it") from None
        if value and _NOT_IN_RE2.search(value):
            raise ValueError(
                f"{value!r} looks around or back, which RE2 does not; write it without"
            )
        return value

    @field_validator("format")
    @classmethod
    def _known_format(cls, value: str | None) -> str | None:
        unknown = [d for d in re.findall(r"%-?(.?)", value or "") if d not in _DIRECTIVES or not d]
        if value is None or ("%" in value and not unknown):
            return value
        raise ValueError(f"{value!r} is no format of a time; write it like '%d.%m.%Y %H:%M'")

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
