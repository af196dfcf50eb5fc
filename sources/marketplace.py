"""A marketplace as its YAML file describes it: where feeds come from, which column is which."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from sources.contract import all_contracts
from sources.errors import ConfigurationError
from sources.mapping_checks import mapping_problems
from sources.positioned_yaml import PositionedYaml

UTC = "UTC"
# The foreign forms of clickstream that need no mapping of columns.
Dialect = Literal["segment", "ga4"]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


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

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The source's columns that are read."""
        if self.column is not None:
            return (self.column,)
        if self.template is not None:
            return tuple(name for _, name, _, _ in Formatter().parse(self.template) if name)
        return ()


class FileFeed(BaseModel):
    """Files that hold rows of one feed, how they are written and what their columns mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str
    system: str | None = None
    format: Literal["csv", "tsv", "jsonl", "parquet"] | None = None
    dialect: Dialect | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    decimal_separator: Literal[".", ","] = "."
    multiline: bool = False
    time_zone: str | None = None
    columns: dict[str, ColumnSource] | None = None

    @field_validator("files")
    @classmethod
    def _below_the_folder(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError(f"{value!r} leads out of folder; give it below folder")
        return value

    @field_validator("system")
    @classmethod
    def _plain_system(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            raise ValueError(
                f"system: {value!r} is no name for a system; use small letters, digits and _"
            )
        return value

    @field_validator("columns", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: {"column": source} if isinstance(source, str) else source
            for name, source in value.items()
        }

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return value if value is None else known_time_zone(value)

    @model_validator(mode="after")
    def _dialect_reads_its_own_form(self) -> "FileFeed":
        if self.dialect is None:
            return self
        allowed = {"segment": {None, "jsonl"}, "ga4": {None, "jsonl", "parquet"}}[self.dialect]
        if self.format not in allowed:
            forms = " or ".join(sorted(form for form in allowed if form))
            raise ValueError(f"{self.dialect} comes as {forms}, not as {self.format}")
        return self


class Marketplace(BaseModel):
    """One marketplace: its zone, its currency, its folder and the files of its feeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    time_zone: str = UTC
    timestamps: Literal["utc", "as_written"] = "utc"
    currency_code: str | None = None
    as_of: Literal["latest_order", "yesterday"] | date = "latest_order"
    folder: Path
    feeds: dict[str, tuple[FileFeed, ...]]

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return known_time_zone(value)

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            raise ValueError("use small letters, digits and _, beginning with a letter")
        return value

    @property
    def storage_time_zone(self) -> str:
        """The zone in which the warehouse keeps this marketplace's timestamps."""
        return self.time_zone if self.timestamps == "as_written" else UTC


def known_time_zone(value: str) -> str:
    """The name of a zone that exists; raises ValueError otherwise."""
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone; write it like Europe/Berlin")
    return ZoneInfo(value).key


def load_marketplace(path: Path, environment: Mapping[str, str]) -> Marketplace:
    """The marketplace that a YAML file describes.

    `${NAME}` and `${NAME:-default}` are taken from the environment. A relative folder starts at the
    YAML file's own folder; one from the environment at the working folder, as in a shell.

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
                document.at(tuple(item["loc"]), item["msg"].removeprefix("Value error, "))
                for item in error.errors()
            ]
        ) from None
    problems = [
        document.at(place, message)
        for place, message in mapping_problems(
            {
                feed: [file.columns and dict(file.columns) for file in files]
                for feed, files in marketplace.feeds.items()
            },
            all_contracts(),
            has_currency=marketplace.currency_code is not None,
            in_dialects={
                (feed, index)
                for feed, files in marketplace.feeds.items()
                for index, file in enumerate(files)
                if file.dialect is not None
            },
        )
    ]
    if problems:
        raise ConfigurationError(problems)
    is_from_environment = str(document.data.get("folder", "")).startswith("${")
    start = Path() if is_from_environment else path.parent
    folder = (start / marketplace.folder.expanduser()).resolve()
    return marketplace.model_copy(update={"folder": folder})


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
