"""Files that hold rows of a feed, as a marketplace's file describes them."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from sources.column_source import ColumnSources
from sources.time_zones import TimeZone

# The foreign forms of clickstream that need no mapping of columns.
Dialect = Literal["segment", "ga4"]
_FORMATS_OF_DIALECT = {"segment": {None, "jsonl"}, "ga4": {None, "jsonl", "parquet"}}


def _plain_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise ValueError(
            f"system: {value!r} is no name for a system; use small letters, digits and _"
        )
    return value


SystemName = Annotated[str, AfterValidator(_plain_name)]


class FileFeed(BaseModel):
    """Files that hold rows of one feed, how they are written and what their columns mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str
    system: SystemName | None = None
    format: Literal["csv", "tsv", "jsonl", "parquet"] | None = None
    dialect: Dialect | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    decimal_separator: Literal[".", ","] = "."
    # Between thousands; left out, any that people use beside a decimal comma, none beside a point.
    thousands_separator: Literal[".", ",", "'", " "] | None = None
    # What stands for an empty value.
    null_values: tuple[str, ...] = ("NULL", "\\N")
    multiline: bool = False
    time_zone: TimeZone | None = None
    # The newest file holds all rows: what earlier ones held and it lacks is deleted.
    snapshot: bool = False
    snapshot_may_lose: float = Field(default=0.5, ge=0, le=1)
    columns: ColumnSources | None = None

    @field_validator("files")
    @classmethod
    def _below_the_folder(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError(f"{value!r} leads out of folder; give it below folder")
        return value

    @model_validator(mode="after")
    def _separators_differ(self) -> "FileFeed":
        if self.thousands_separator == self.decimal_separator:
            raise ValueError("thousands_separator is the decimal_separator; they have to differ")
        return self

    @model_validator(mode="after")
    def _dialect_reads_its_own_form(self) -> "FileFeed":
        if self.dialect is None:
            return self
        allowed = _FORMATS_OF_DIALECT[self.dialect]
        if self.format not in allowed:
            forms = " or ".join(sorted(form for form in allowed if form))
            raise ValueError(f"{self.dialect} comes as {forms}, not as {self.format}")
        if self.snapshot:
            raise ValueError(
                f"{self.dialect} delivers what happened, never all of it at once; remove snapshot"
            )
        return self
