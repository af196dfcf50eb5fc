"""Files that hold rows of a feed, as a marketplace's file describes them."""

import codecs
import re
from collections.abc import Sequence
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

from sources.column_source import FILE, ColumnSources, Patterns, Texts
from sources.expressions import condition
from sources.time_zones import TimeZone

# The foreign forms of clickstream that need no mapping of columns.
Dialect = Literal["segment", "ga4"]
_FORMATS_OF_DIALECT = {"segment": {None, "jsonl"}, "ga4": {None, "jsonl", "parquet"}}


def _plain_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise ValueError("not a system name; use lower-case letters, digits and _")
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
        raise ValueError("no such encoding; write it like utf-8, windows-1252 or iso-8859-15")
    return value


def _one_character(value: str | None) -> str | None:
    if value is None or (len(value) == 1 and value not in '"\r\n\0'):
        return value
    raise ValueError(
        "not a delimiter; use one character, like ';' or, for a tab, "
        '"\\t" in double quotes; omit it to have it detected'
    )


SystemName = Annotated[str, AfterValidator(_plain_name)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Delimiter = Annotated[str | None, AfterValidator(_one_character)]


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


_NUMBER = "<n>"


def _numbered(value: Any, number: int) -> Any:
    """What a file says, with the number of a row in the place of `<n>`."""
    if isinstance(value, str):
        return value.replace(_NUMBER, str(number))
    if isinstance(value, dict):
        return {_numbered(key, number): _numbered(each, number) for key, each in value.items()}
    return [_numbered(each, number) for each in value] if isinstance(value, list) else value


class FileFeed(BaseModel):
    """Files that hold rows of one feed, how they are written and what their columns mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str
    system: SystemName | None = None
    format: Literal["csv", "tsv", "jsonl", "parquet", "xlsx"] | None = None
    dialect: Dialect | None = None
    delimiter: Delimiter = None
    encoding: Encoding = "utf-8"
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
    # Of a workbook; left out, its first.
    sheet: str | None = None
    # The line of a CSV file or sheet that names its columns; lines that are no rows, like footers.
    header_line: int = Field(default=1, ge=1, le=100)
    drop_lines: Patterns = ()
    # Rows that are none of this feed: those in which one of these columns has one of these values.
    drop_when: ValuesByColumn = {}
    # Rows of this feed: those for which it holds, and those of which nobody can tell.
    where: str | None = None
    # So many rows stand on each line: `<n>` in the names of columns is 1, 2, 3 in turn.
    repeat: int | None = Field(default=None, ge=2, le=99)
    # The columns that rows have in common of which only the first says the rest.
    group_by: Texts = ()
    columns: ColumnSources | None = None
    _entry: str = PrivateAttr("")
    _slot: tuple[str, ...] = PrivateAttr(())
    _slot_may_lack: bool = PrivateAttr(default=False)

    @property
    def entry(self) -> str:
        """What the ledger calls it: its glob, numbered where the feed has the same one again."""
        return self._entry or self.files

    @property
    def tells_files(self) -> bool:
        """Whether rows say in which file they came: the same bytes are other rows elsewhere."""
        return any(FILE in source.places for source in (self.columns or {}).values())

    @property
    def slot(self) -> tuple[str, ...]:
        """The columns that it alone reads, where other entries read further rows off each line.

        A line that has none of them has no such row: the second product of an order with one.
        """
        return self._slot

    @property
    def slot_may_lack(self) -> bool:
        """Whether a file may have none of the slot's columns: it holds fewer rows on each line."""
        return self._slot_may_lack

    def repeated(self) -> list["FileFeed"]:
        """An entry for each row that stands on a line: itself, unless it says `repeat`."""
        if self.repeat is None:
            return [self]
        written = self.model_dump(mode="json", exclude_unset=True, exclude={"repeat"})
        entries = [_numbered(written, number) for number in range(1, self.repeat + 1)]
        found = [FileFeed.model_validate(entry) for entry in entries]
        for later in found[1:]:
            later._slot_may_lack = True  # noqa: SLF001
        return found

    @property
    def source_columns(self) -> frozenset[str]:
        """The source's columns that are read."""
        sources = (self.columns or {}).values()
        return frozenset(name for source in sources for name in source.source_columns)

    def beside(self, others: Sequence["FileFeed"]) -> "FileFeed":
        """The same, knowing the other entries of its feed: those before it, then those after."""
        same = [other for other in others if other is not self and other.files == self.files]
        before = sum(other.files == self.files for other in others[: others.index(self)])
        taken = frozenset[str]().union(*(other.source_columns for other in same))
        named = self.model_copy()
        named._entry = f"{self.files}#{before + 1}" if before else self.files  # noqa: SLF001
        named._slot = tuple(sorted(self.source_columns - taken)) if same else ()  # noqa: SLF001
        named._slot_may_lack = self._slot_may_lack  # noqa: SLF001
        return named

    @field_validator("files")
    @classmethod
    def _below_the_folder(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError("leads out of folder; use a path below it")
        if not Path(value).parts:
            raise ValueError("does not name a file; write it like orders.csv or orders-*.csv")
        return value

    @field_validator("where")
    @classmethod
    def _is_condition(cls, value: str | None) -> str | None:
        if value is not None:
            condition(value)
        return value

    @model_validator(mode="after")
    def _lines_are_those_of_texts(self) -> "FileFeed":
        if (self.drop_lines or self.header_line > 1) and self.format in ("jsonl", "parquet"):
            raise ValueError("header_line and drop_lines are about CSV files; remove them")
        if self.sheet is not None and self.format not in (None, "xlsx"):
            raise ValueError("only a workbook has sheets; remove sheet, or write format: xlsx")
        if self.drop_lines and self.multiline:
            raise ValueError("drop_lines and multiline exclude each other; use where instead")
        return self

    @model_validator(mode="after")
    def _repeats_say_where(self) -> "FileFeed":
        numbered = any(_NUMBER in name for name in self.source_columns)
        if self.repeat is not None and not numbered:
            raise ValueError(f"repeat needs {_NUMBER} in the names of columns, like Item {_NUMBER}")
        if self.repeat is None and numbered:
            raise ValueError(f"{_NUMBER} needs repeat: the number of rows on a line")
        return self

    @model_validator(mode="after")
    def _groups_are_named(self) -> "FileFeed":
        grouped = [name for name, source in (self.columns or {}).items() if source.group]
        if grouped and not self.group_by:
            raise ValueError(
                f"{grouped[0]} is taken from its group; name the group's columns in group_by"
            )
        if self.group_by and not grouped:
            raise ValueError(
                "group_by changes nothing; give a column `group: first_non_empty`, or remove it"
            )
        return self

    @model_validator(mode="after")
    def _separators_differ(self) -> "FileFeed":
        if self.thousands_separator == self.decimal_separator:
            raise ValueError("thousands_separator equals decimal_separator; they must differ")
        return self

    @model_validator(mode="after")
    def _dialect_reads_its_own_form(self) -> "FileFeed":
        if self.dialect is None:
            return self
        allowed = _FORMATS_OF_DIALECT[self.dialect]
        if self.format not in allowed:
            forms = " or ".join(sorted(form for form in allowed if form))
            raise ValueError(f"{self.dialect} is read from {forms}, not from {self.format}")
        if self.snapshot:
            raise ValueError(
                f"{self.dialect} delivers new events, never a full snapshot; remove snapshot"
            )
        has_rules = self.drop_when or self.where or self.group_by
        if has_rules or any(source.places for source in (self.columns or {}).values()):
            raise ValueError(
                f"{self.dialect} numbers its rows itself; remove drop_when, where, group_by and "
                "templates with {occurrence}, {line} or {file}"
            )
        return self


def told_apart(written: Sequence[Any]) -> tuple[Any, ...]:
    """A feed's entries, files and others, with one for each row that stands on a line."""
    rows = [each.repeated() for each in written if isinstance(each, FileFeed)]
    # Further rows come last, so that each entry keeps the place that it has in the document.
    further = [entry for entries in rows for entry in entries[1:]]
    first = iter(entries[0] for entries in rows)
    entries = [next(first) if isinstance(one, FileFeed) else one for one in written] + further
    files = [entry for entry in entries if isinstance(entry, FileFeed)]
    return tuple(one.beside(files) if isinstance(one, FileFeed) else one for one in entries)
