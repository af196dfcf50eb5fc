"""A marketplace as its YAML file describes it: where feeds come from, which column is which."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from installation.positioned_yaml import Place, PositionedYaml, YamlRefusedError
from installation.start import STARTED_IN
from sources.column_source import ColumnSource
from sources.contract import OWN_SYSTEM, all_contracts, own_feeds
from sources.databases import Database, DatabaseFeed, database_problems
from sources.errors import ConfigurationError
from sources.file_feeds import FileFeed, told_apart
from sources.mapping_checks import mapping_problems, suggestion
from sources.segment_settings import ScoreBounds, SegmentSettings
from sources.time_zones import UTC, TimeZone
from sources.variables import Variables

# A person reads no more at once.
_MOST_PROBLEMS = 100
_HOLDING = "name, title, feeds"


def _kind_of_entry(value: Any) -> str:
    is_database = isinstance(value, DatabaseFeed) or (
        isinstance(value, dict) and "database" in value
    )
    return DATABASE_ENTRY if is_database else FILE_ENTRY


_TAGS = FILE_ENTRY, DATABASE_ENTRY = "<file>", "<database>"
FeedEntry = Annotated[
    Annotated[FileFeed, Tag(FILE_ENTRY)] | Annotated[DatabaseFeed, Tag(DATABASE_ENTRY)],
    Discriminator(_kind_of_entry),
]


def _plain_host(value: str) -> str:
    if not re.fullmatch(r"[^\s/:@?#*]+", value):
        raise ValueError(
            "not a host name; write it like shop.example, without scheme and path; subdomains "
            "are included"
        )
    return value


Host = Annotated[str, AfterValidator(_plain_host)]


class Marketplace(BaseModel):
    """One marketplace: its zone, its currency, and the files and databases of its feeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    time_zone: TimeZone = UTC
    timestamps: Literal["utc", "as_written"] = "utc"
    currency_code: str | None = None
    as_of: Literal["latest_order", "yesterday"] | date = "latest_order"
    # Nothing new comes by itself, as in a demo: pages do not call its data old.
    is_frozen: bool = False
    # A visitor's session ends when nothing happens for longer.
    session_inactivity_minutes: Annotated[int, Field(ge=10, le=240)] = 30
    # And at midnight of the business time zone, as Universal Analytics had it.
    sessions_cut_at_midnight: bool = False
    # Beside those of the events' own pages: a visit from one of them came from the shop itself.
    own_hosts: tuple[Host, ...] = ()
    segments: SegmentSettings = SegmentSettings()
    folder: Path = Path()
    databases: dict[str, Database] = {}
    feeds: dict[str, tuple[FeedEntry, ...]]

    _file: Path = PrivateAttr(default=Path())

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            raise ValueError("use lower-case letters, digits and _, starting with a letter")
        return value

    @field_validator("currency_code")
    @classmethod
    def _currency(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError("not a currency; use an ISO 4217 code like EUR")
        return value

    @model_validator(mode="after")
    def _entries_are_told_apart(self) -> "Marketplace":
        """One file may hold rows of a feed twice over: two entries, each with its own columns."""
        for feed, entries in self.feeds.items():
            self.feeds[feed] = told_apart(entries)
        return self

    @property
    def storage_time_zone(self) -> str:
        """The zone in which the warehouse keeps this marketplace's timestamps."""
        return self.time_zone if self.timestamps == "as_written" else UTC

    def folder_of(self, kind: Literal["exports", "segments"]) -> Path:
        """Where its files of a kind are, if it has any: `segments/<name>` beside its own."""
        return self._file.parent / kind / self.name

    @property
    def loaded_feeds(self) -> tuple[str, ...]:
        """The feeds that a run loads: those that the mapping names, and Kontor's own."""
        return (*self.feeds, *own_feeds())

    def file_feeds(self, feed: str) -> tuple[FileFeed, ...]:
        """The feed's files as the mapping lists them."""
        return tuple(entry for entry in self.feeds.get(feed, ()) if isinstance(entry, FileFeed))

    def database_feeds(self, feed: str) -> tuple[DatabaseFeed, ...]:
        """The feed's tables and queries as the mapping lists them."""
        return tuple(entry for entry in self.feeds.get(feed, ()) if isinstance(entry, DatabaseFeed))

    def landed_feeds(self, feed: str) -> tuple[FileFeed, ...]:
        """How what is landed for the feed is read: a file's bytes, an extract, our own copy."""
        if all_contracts()[feed].is_own:
            return (own_feed(feed),)
        extracts = (extract_feed(entry) for entry in self.database_feeds(feed))
        return (*self.file_feeds(feed), *extracts)


def extract_feed(entry: DatabaseFeed) -> FileFeed:
    """How the landed extracts of a table or query are read: as Parquet files of ours."""
    return FileFeed(
        files=f"{entry.entry}/*",
        system=entry.system,
        format="parquet",
        time_zone=entry.time_zone,
        snapshot=entry.mode == "full",
        snapshot_may_lose=entry.snapshot_may_lose,
        columns=entry.mapping,
    )


def own_feed(feed: str) -> FileFeed:
    """How the landed copies of the operational store are read: as JSON lines of ours, in UTC."""
    return FileFeed(
        files=f"{OWN_SYSTEM}/{feed}/*", system=OWN_SYSTEM, format="jsonl", time_zone=UTC
    )


def load_marketplace(path: Path, environment: Mapping[str, str]) -> Marketplace:
    """The marketplace that a YAML file describes.

    `${NAME}` and `${NAME:-default}` are taken from the environment. A relative folder starts at the
    YAML file's own folder; one from the environment where the person stood who started us.

    Raises:
        ConfigurationError: with one line per problem, each naming file, line, column and remedy.
    """
    try:
        document = PositionedYaml.read(path, _HOLDING)
    except YamlRefusedError as error:
        raise ConfigurationError([str(error)]) from None
    variables = Variables(environment)
    raw = variables.filled(document.data)
    if variables.unset:
        raise _refused(document, variables.unset)
    marketplace = _validated(document, variables, raw)
    problems = list(islice(_problems(marketplace), _MOST_PROBLEMS))
    if problems:
        raise _refused(document, problems)
    is_from_environment = str(document.data.get("folder", "")).startswith("${")
    start = Path(environment.get(STARTED_IN, "")) if is_from_environment else path.parent
    try:
        folder = (start / marketplace.folder.expanduser()).resolve()
    except (RuntimeError, OSError):
        # Of a user that does not exist, or of links that lead to each other.
        nowhere = "leads nowhere; write its path in full" + variables.origin(("folder",))
        raise _refused(document, [(("folder",), nowhere)]) from None
    marketplace._file = path.absolute()  # noqa: SLF001 - of the model that is made here
    return marketplace.model_copy(update={"folder": folder, **_placed(marketplace, document)})


def variables_in(path: Path) -> set[str]:
    """The variables that a marketplace's file refers to; none where it cannot be read."""
    try:
        document = PositionedYaml.read(path, _HOLDING)
    except YamlRefusedError:
        return set()
    variables = Variables({})
    variables.filled(document.data)
    return {name for names in variables.places.values() for name in names}


def _problems(marketplace: Marketplace) -> Iterator[tuple[Place, str]]:
    mappings = {
        feed: [entry.columns and dict(entry.columns) for entry in entries]
        for feed, entries in marketplace.feeds.items()
    }
    has_currency = marketplace.currency_code is not None
    in_dialects = {
        (feed, index)
        for feed, entries in marketplace.feeds.items()
        for index, entry in enumerate(entries)
        if isinstance(entry, FileFeed) and entry.dialect is not None
    }
    yield from mapping_problems(
        mappings, all_contracts(), has_currency=has_currency, in_dialects=in_dialects
    )
    yield from database_problems(marketplace.feeds, marketplace.databases)


def _validated(document: PositionedYaml, variables: Variables, raw: Any) -> Marketplace:
    try:
        return Marketplace.model_validate(raw)
    except ValidationError as error:
        found = [
            (
                document.place_of(tuple(part for part in item["loc"] if part not in _TAGS)),
                _message(item),
            )
            for item in error.errors(include_input=False)
        ]
    raise _refused(document, [(place, text + variables.origin(place)) for place, text in found])


def _refused(document: PositionedYaml, problems: list[tuple[Place, str]]) -> ConfigurationError:
    """What is wrong with the file, each with its place; no message quotes a value."""
    told = problems[:_MOST_PROBLEMS]
    return ConfigurationError([document.at(place, message, _words()) for place, message in told])


def _message(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        return f"there is no such key; {suggestion(str(item['loc'][-1]), _keys_at(item['loc']))}"
    return item["msg"].removeprefix("Value error, ")


def _keys_at(location: tuple[str | int, ...]) -> list[str]:
    """The keys that are known where one that is not stands."""
    model: type[BaseModel] = Marketplace
    if "columns" in location[:-1]:
        model = ColumnSource
    elif location[0] == "databases":
        model = Database
    elif location[0] == "segments":
        model = ScoreBounds if "bounds" in location[:-1] else SegmentSettings
    elif location[0] == "feeds":
        model = DatabaseFeed if DATABASE_ENTRY in location else FileFeed
    return [name for name, known in model.model_fields.items() if not known.exclude]


@cache
def _words() -> frozenset[str]:
    """Every key that a marketplace's file may have but the names that are chosen in it."""
    models = (
        *(Marketplace, Database, FileFeed, DatabaseFeed, ColumnSource),
        *(SegmentSettings, ScoreBounds),
    )
    fields = {name for model in models for name in model.model_fields}
    columns = {name for contract in all_contracts().values() for name in contract.columns}
    return frozenset({*fields, *all_contracts(), *columns})


def _placed(marketplace: Marketplace, document: PositionedYaml) -> dict[str, Any]:
    """Databases and what is read from them, each knowing where the file names it."""

    def placed(entry: Any, *place: str | int) -> Any:
        if isinstance(entry, FileFeed):
            return entry
        return entry.model_copy(update={"place": document.at(place, "").rstrip(" :")})

    return {
        "databases": {
            name: placed(database, "databases", name)
            for name, database in marketplace.databases.items()
        },
        "feeds": {
            feed: tuple(placed(entry, "feeds", feed, i) for i, entry in enumerate(entries))
            for feed, entries in marketplace.feeds.items()
        },
    }
