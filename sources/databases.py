"""Operational databases as a marketplace's file describes them, and what is read from them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sources.column_source import ColumnSource, ColumnSources
from sources.contract import DELETED
from sources.file_feeds import SystemName
from sources.mapping_checks import suggestion
from sources.time_zones import TimeZone

_NAME = r"[A-Za-z_][A-Za-z0-9_$-]*"
Place = tuple[str | int, ...]


class Database(BaseModel):
    """A PostgreSQL server's database and the manners in which it is read.

    `place` is where the file names it; it is no part of what decides a build.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr
    statement_timeout_seconds: int = Field(default=600, ge=1)
    connect_timeout_seconds: int = Field(default=10, ge=1)
    accept_writing_role: bool = False
    place: str = Field(default="", exclude=True)

    @field_validator("url")
    @classmethod
    def _postgresql(cls, value: SecretStr) -> SecretStr:
        if not re.match(r"postgres(ql)?://", value.get_secret_value()):
            raise ValueError("write it like postgresql://reader:password@host:5432/shop")
        return value


class DatabaseFeed(BaseModel):
    """Rows of one feed in a database: a table or a query, read in full or by a cursor column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = Field(pattern=_NAME)
    table: str | None = None
    query: str | None = None
    name: str | None = Field(default=None, pattern=rf"^{_NAME}$")
    mode: Literal["cursor", "full"]
    cursor: str | None = None
    # Longer than the longest transaction of the source: rows committed late carry earlier values.
    overlap_seconds: int = Field(default=900, ge=0)
    overlap_count: int = Field(default=1000, ge=0)
    slice_rows: int = Field(default=1_000_000, ge=1)
    deleted_when: str | None = None
    snapshot_may_lose: float = Field(default=0.5, ge=0, le=1)
    time_zone: TimeZone | None = None
    system: SystemName | None = None
    columns: ColumnSources | None = None
    place: str = Field(default="", exclude=True)

    @field_validator("table")
    @classmethod
    def _plain_table(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(rf"{_NAME}(\.{_NAME})?", value):
            raise ValueError("write it like public.invoices; use a query for any other name")
        return value

    @model_validator(mode="after")
    def _agrees(self) -> "DatabaseFeed":
        if (self.table is None) == (self.query is None):
            raise ValueError("give exactly one of table or query")
        if (self.mode == "cursor") != (self.cursor is not None):
            raise ValueError("mode: cursor needs a cursor column, mode: full must not have one")
        return self

    @property
    def entry(self) -> str:
        """What its loads are called: the database and the table, or the query's name or hash."""
        query = sha256((self.query or "").encode()).hexdigest()[:8]
        return f"{self.database}/{self.name or self.table or f'query-{query}'}"

    @property
    def title(self) -> str:
        """The table or query as messages name it."""
        return self.table or f"the query {self.name or ''}".strip()

    @property
    def mapping(self) -> dict[str, ColumnSource] | None:
        """The mapping of the extract, in which an expression for deleted rows is a column."""
        if self.columns is None or self.deleted_when is None:
            return self.columns
        return {**self.columns, DELETED: ColumnSource(column=DELETED)}


def database_problems(
    feeds: Mapping[str, Sequence[Any]], databases: Mapping[str, Database]
) -> Iterator[tuple[Place, str]]:
    """What is wrong between feeds and databases, as (place in the document, message)."""
    for feed, entries in feeds.items():
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            if not isinstance(entry, DatabaseFeed):
                continue
            if entry.database not in databases:
                hint = suggestion(entry.database, databases) if databases else "there is none"
                message = f"databases has no such name; {hint}"
                yield ("feeds", feed, index, "database"), message
            if entry.entry in seen:
                message = "the same table or query a second time; give each a name of its own"
                yield ("feeds", feed, index), message
            seen.add(entry.entry)
