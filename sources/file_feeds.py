"""Files that hold rows of a feed, as a marketplace's file describes them."""

import codecs
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


# Text encodings of Python's that no file is written in.
_NO_ENCODINGS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}


def _known_encoding(value: str) -> str:
    try:
        found = codecs.lookup(value)
    except (LookupError, ValueError):
        found = None
    # Python calls base64 and gzip codecs, too; no public attribute tells them from encodings.
    is_text = found is not None and getattr(found, "_is_text_encoding", True)
    is_read = found is not None and found.incrementaldecoder is not None
    if found is None or not is_text or not is_read or found.name.replace("-", "_") in _NO_ENCODINGS:
        raise ValueError(
            f"{value!r} is no encoding; write it like utf-8, windows-1252 or iso-8859-15"
        )
    return value


def _one_character(value: str | None) -> str | None:
    if value is None or (len(value) == 1 and value not in '"\r\n\0'):
        return value
    raise ValueError(
        f"{value!r} is no delimiter; give one character, like ';' or, for a tab, "
        '"\\t" in double quotes; leave it out to have it found'
    )


SystemName = Annotated[str, AfterValidator(_plain_name)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Delimiter = Annotated[str | None, AfterValidator(_one_character)]


class FileFeed(BaseModel):
    """Files that hold rows of one feed, how they are written and what their columns mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str
    system: SystemName | None = None
    format: Literal["csv", "tsv", "jsonl", "parquet"] | None = None
    dialect: Dialect | None = None
    delimiter: Delimiter = None
    encoding: Encoding = "utf-8"
    decimal_separator: Literal[".", ","] = "."
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
