"""A marketplace as its YAML file describes it: where feeds come from, which column is which."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from installation.start import STARTED_IN
from sources.contract import OWN_SYSTEM, all_contracts, own_feeds
from sources.databases import Database, DatabaseFeed, database_problems
from sources.errors import ConfigurationError
from sources.file_feeds import FileFeed
from sources.mapping_checks import mapping_problems
from sources.positioned_yaml import Place, PositionedYaml
from sources.time_zones import UTC, TimeZone

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def _kind_of_entry(value: Any) -> str:
    is_database = isinstance(value, DatabaseFeed) or (
        isinstance(value, dict) and "database" in value
    )
    return DATABASE_ENTRY if is_database else FILE_ENTRY


FILE_ENTRY, DATABASE_ENTRY = "<file>", "<database>"
FeedEntry = Annotated[
    Annotated[FileFeed, Tag(FILE_ENTRY)] | Annotated[DatabaseFeed, Tag(DATABASE_ENTRY)],
    Discriminator(_kind_of_entry),
]


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
    # Beside those of the events' own pages: a visit from one of them came from the shop itself.
    own_hosts: tuple[str, ...] = ()
    folder: Path = Path()
    databases: dict[str, Database] = {}
    feeds: dict[str, tuple[FeedEntry, ...]]

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            raise ValueError("use small letters, digits and _, beginning with a letter")
        return value

    @field_validator("currency_code")
    @classmethod
    def _currency(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError(f"{value!r} is no currency; write its ISO 4217 code, like EUR")
        return value

    @field_validator("own_hosts")
    @classmethod
    def _plain_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not re.fullmatch(r"[^\s/:@?#*]+", host):
                raise ValueError(
                    f"{host!r} is no host; write it like shop.example, without scheme and path; "
                    "what lies below it belongs to it"
                )
        return value

    @model_validator(mode="after")
    def _entries_are_told_apart(self) -> "Marketplace":
        """One file may hold rows of a feed twice over: two entries, each with its own columns."""
        for feed, entries in self.feeds.items():
            files = [entry for entry in entries if isinstance(entry, FileFeed)]
            self.feeds[feed] = tuple(
                entry.beside(files) if isinstance(entry, FileFeed) else entry for entry in entries
            )
        return self

    @property
    def storage_time_zone(self) -> str:
        """The zone in which the warehouse keeps this marketplace's timestamps."""
        return self.time_zone if self.timestamps == "as_written" else UTC

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
    document = PositionedYaml.read(path)
    problems: list[str] = []
    raw = _substitute(document.data, (), environment, document, problems)
    if problems:
        raise ConfigurationError(problems)
    try:
        marketplace = Marketplace.model_validate(raw)
    except ValidationError as error:
        raise ConfigurationError(
            [
                document.at(_place_of(item["loc"]), item["msg"].removeprefix("Value error, "))
                for item in error.errors()
            ]
        ) from None
    problems = [document.at(place, message) for place, message in _problems(marketplace)]
    if problems:
        raise ConfigurationError(problems)
    is_from_environment = str(document.data.get("folder", "")).startswith("${")
    start = Path(environment.get(STARTED_IN, "")) if is_from_environment else path.parent
    folder = (start / marketplace.folder.expanduser()).resolve()
    return marketplace.model_copy(update={"folder": folder, **_placed(marketplace, document)})


def variables_in(path: Path) -> set[str]:
    """The variables that a marketplace's file refers to; none where it cannot be read."""
    try:
        return {found[1] for found in _VARIABLE.finditer(path.read_text("utf-8"))}
    except (OSError, UnicodeDecodeError):
        return set()


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


def _place_of(location: tuple[str | int, ...]) -> Place:
    return tuple(part for part in location if part not in {FILE_ENTRY, DATABASE_ENTRY})


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


def _substitute(
    value: Any,
    place: tuple[str | int, ...],
    environment: Mapping[str, str],
    document: PositionedYaml,
    problems: list[str],
) -> Any:
    if isinstance(value, dict):
        return {
            key: _substitute(item, (*place, key), environment, document, problems)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            _substitute(item, (*place, index), environment, document, problems)
            for index, item in enumerate(value)
        ]
    if not isinstance(value, str):
        return value

    def variable(match: re.Match[str]) -> str:
        found = environment.get(match[1]) or match[2]
        if found is None:
            problems.append(
                document.at(place, f"{match[1]} is not set; set it in the environment or in .env")
            )
            return ""
        return found

    return _VARIABLE.sub(variable, value)
