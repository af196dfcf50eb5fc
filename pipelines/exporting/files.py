"""Reads the files of `exports/<marketplace>`: every mistake with file, line, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from installation.positioned_yaml import Place, PositionedYaml, YamlRefusedError
from pipelines.exporting.definitions import Buyers, DestinationFile, Export, name_problem
from pipelines.exporting.destination import Kind
from pipelines.exporting.fields import FIELDS, unknown_fields
from pipelines.exporting.file_formats import FOUND_BY
from pipelines.exporting.identifiers.formats import Format
from pipelines.exporting.kinds import KINDS
from sources.errors import ConfigurationError
from sources.mapping_checks import suggestion

_DESTINATIONS = "destinations"
_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Sink:
    """A destination that is described: its name, its file, its kind, and its checked settings."""

    name: str
    file: DestinationFile
    kind: Kind
    settings: BaseModel

    @property
    def matched_by(self) -> Format | None:
        """By what people are found there, if they are: also by a list that somebody uploads."""
        return self.kind.wanted or FOUND_BY.get(getattr(self.settings, "format", ""))


@dataclass(frozen=True, slots=True)
class Named:
    """An export that can run: its name, what its file says, and where it goes.

    `buyers` are those for whom a vendor asked, where it is for vendors.
    """

    name: str
    export: Export
    sink: Sink
    buyers: Buyers | None = None

    @property
    def queue(self) -> str:
        """What has one open run at most: the destination, or each request of a vendor by itself.

        A request that waits for approval must not keep people in the others who withdrew.
        """
        return self.sink.name if self.buyers is None else f"/{self.name}"

    @property
    def is_enabled(self) -> bool:
        """Whether neither it nor its destination is switched off."""
        return self.export.is_enabled and self.sink.file.is_enabled


@dataclass(frozen=True, slots=True)
class Unusable:
    """An export whose file, or whose destination's, has mistakes."""

    name: str
    problems: tuple[str, ...]


def export_names(folder: Path) -> list[str]:
    """The names of the exports that a marketplace has."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def export_named(folder: Path, name: str) -> Named:
    """An export with its destination.

    Raises:
        ConfigurationError: there is none, or its files have mistakes; all of them are told.
    """
    names = export_names(folder)
    if name not in names:
        hint = suggestion(name, names) if names else f"{folder} has none"
        raise ConfigurationError([f"there is no export {name!r}; {hint}"])
    document, export = _read(folder / f"{name}.yml", Export, "title, segment, destination, fields")
    problems = [
        document.at(
            ("fields", column),
            f"there is no field {field!r}; {suggestion(field, list(FIELDS[export.subject]))}",
        )
        for column, field in unknown_fields(export)
    ]
    places = folder / _DESTINATIONS
    sinks = sorted(path.stem for path in places.glob("*.yml"))
    if export.destination not in sinks:
        hint = suggestion(export.destination, sinks) if sinks else f"{places} has none"
        problems.append(document.at(("destination",), f"there is no such destination; {hint}"))
        raise ConfigurationError(problems)
    sink = _sink(places / f"{export.destination}.yml")
    problems += [document.at(place, message) for place, message in _misfits(export, sink)]
    if problems:
        raise ConfigurationError(problems)
    return Named(name, export, sink)


def all_exports(folder: Path) -> list[Named | Unusable]:
    """Every export of a marketplace, by name; those with mistakes with what they are."""
    found: list[Named | Unusable] = []
    for name in export_names(folder):
        try:
            found.append(export_named(folder, name))
        except ConfigurationError as error:
            found.append(Unusable(name, tuple(error.problems)))
    return found


def _sink(path: Path) -> Sink:
    document, file = _read(path, DestinationFile, "title, kind, consent")
    kind = KINDS.get(file.kind)
    if kind is None:
        hint = suggestion(file.kind, list(KINDS))
        raise ConfigurationError([document.at(("kind",), f"there is no such kind; {hint}")])
    settings = _validated(document, kind.settings, file.settings, ("settings",))
    lacking = [name for name in kind.secrets if name not in file.secrets]
    unknown = [name for name in file.secrets if name not in kind.secrets]
    problems = [
        document.at(("secrets",), f"{name} is missing; name the variable that holds it")
        for name in lacking
    ] + [document.at(("secrets", name), f"a {file.kind} has no such secret") for name in unknown]
    if problems:
        raise ConfigurationError(problems)
    return Sink(path.stem, file, kind, settings)


def _misfits(export: Export, sink: Sink) -> Iterator[tuple[Place, str]]:
    if not sink.file.allows(export.purpose, export.channel):
        allowed = "; ".join(
            f"{purpose} by {', '.join(channels)}" for purpose, channels in sink.file.consent.items()
        )
        yield (
            ("purpose",),
            f"{sink.name} may not be sent {export.purpose} by {export.channel}; it may {allowed}",
        )
    if sink.kind.identifiers and not set(sink.kind.identifiers) & set(export.fields):
        wanted = ", ".join(sink.kind.identifiers)
        yield ("fields",), f"{sink.name} finds people by one of {wanted}; add one of them"


def _read(path: Path, model: type[_M], holding: str) -> tuple[PositionedYaml, _M]:
    if problem := name_problem(path.stem):
        raise ConfigurationError([f"{path}: {problem}"])
    try:
        document = PositionedYaml.read(path, holding)
    except YamlRefusedError as error:
        raise ConfigurationError([str(error)]) from None
    return document, _validated(document, model, document.data, ())


def _validated(
    document: PositionedYaml, model: type[_M], data: Mapping[Any, Any], within: Place
) -> _M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = []
        for item in error.errors(include_input=False):
            place = document.place_of((*within, *item["loc"]))
            message = item["msg"].removeprefix("Value error, ")
            if item["type"] == "extra_forbidden":
                known = list(model.model_fields)
                message = f"there is no such key; {suggestion(str(item['loc'][-1]), known)}"
            problems.append(document.at(place, message))
        raise ConfigurationError(problems) from None
