"""Files that hold rows of a feed, as a marketplace's file describes them."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    field_validator,
    model_validator,
)

from sources.column_source import FILE, ColumnSources
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


def _texts(value: Any) -> Any:
    """`{sku: ''}` is short for `{sku: ['']}`; numbers are meant as they are written."""
    if not isinstance(value, dict):
        return value
    return {
        name: [
            "" if one is None else str(one)
            for one in (these if isinstance(these, list) else [these])
        ]
        for name, these in value.items()
    }


ValuesByColumn = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_texts)]


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
    multiline: bool = False
    time_zone: TimeZone | None = None
    # The newest file holds all rows: what earlier ones held and it lacks is deleted.
    snapshot: bool = False
    snapshot_may_lose: float = Field(default=0.5, ge=0, le=1)
    # Rows that are none of this feed: those in which one of these columns has one of these values.
    drop_when: ValuesByColumn = {}
    columns: ColumnSources | None = None
    _entry: str = PrivateAttr("")

    @property
    def entry(self) -> str:
        """What the ledger calls it: its glob, numbered where the feed has the same one again."""
        return self._entry or self.files

    @property
    def tells_files(self) -> bool:
        """Whether a row says which file it came in, so that the same bytes are not the same rows."""
        return any(FILE in source.places for source in (self.columns or {}).values())

    def called(self, entry: str) -> "FileFeed":
        """The same under the name that the ledger uses."""
        named = self.model_copy()
        named._entry = entry
        return named

    @field_validator("files")
    @classmethod
    def _below_the_folder(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError(f"{value!r} leads out of folder; give it below folder")
        return value

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
        if self.drop_when or any(source.places for source in (self.columns or {}).values()):
            raise ValueError(
                f"{self.dialect} numbers its rows itself; remove drop_when and the templates with "
                "{occurrence}, {line} or {file}"
            )
        return self
