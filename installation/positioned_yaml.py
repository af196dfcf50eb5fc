"""YAML that people write: the one door to it, with limits, and with the place of each value.

What is given as such a file may be any other, and private, so no error shows what it holds: the
place is named, and what to do.
"""

import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]

# Every feed mapped in full takes a tenth of this, and seven levels.
_LARGEST_BYTES = 1 << 20
_DEEPEST = 20
_MOST_VALUES = 20_000
# How alike a key must be to a known one to be shown.
_ALIKE = 0.75
# A pipe would be waited for.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
# What can be written in double quotes and stored nowhere: \0, and half of a character.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# The core schema of YAML 1.2, https://yaml.org/spec/1.2.2/#1032-tag-resolution.
_CORE = {
    "bool": re.compile("true|True|TRUE|false|False|FALSE"),
    "int": re.compile("[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+"),
    "float": re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
}
_MERGE = "tag:yaml.org,2002:merge"
_WRITE_OUT = "write out what is meant"
# What PyYAML says, which may quote the file, in our words.
_SAID = {
    "mapping values are not allowed": "a second ': ' in a value, or a wrong indentation; put the "
    "value in quotes, or correct the indentation",
    "cannot start any token": "a tab, or a sign that no value begins with; indent with spaces, and "
    "put the value in quotes",
    "quoted scalar": "a quote is opened and not closed, or a backslash stands in double quotes; "
    "close it, or use single quotes",
    "flow": "a bracket is opened and not closed, or a comma is missing; correct it",
    "expected <block end>": "the indentation does not go on from the lines above; correct it",
    "could not find expected ':'": "a key without ': ' behind it; write key: value",
    "": "check indentation, quotes and brackets",
}


class YamlRefusedError(ValueError):
    """A text is not what this door lets through; its message says where, why and what to do."""

    def __init__(self, path: Path, message: str, line: int = 0, column: int = 0) -> None:
        """Line and column count from 1; they are 0 where the file itself cannot be used."""
        self.path, self.line, self.column = path, line, column
        place = f":{line}:{column}" if line else ""
        super().__init__(f"{path}{place}: {message}")


@dataclass(frozen=True, slots=True)
class PositionedYaml:
    """A document's data and the line and column (from 1) of each of its values."""

    path: Path
    data: dict[Any, Any]
    positions: dict[Place, tuple[int, int]]

    @classmethod
    def read(cls, path: Path, holding: str) -> "PositionedYaml":
        """The document in a file, which must be one mapping; `holding` says of what.

        Raises:
            YamlRefusedError: it is missing, too large, or refused by `parse`.
        """
        return cls.parse(_text(path), path, holding)

    @classmethod
    def parse(cls, text: str, path: Path, holding: str) -> "PositionedYaml":
        """The document in a text, which must be one mapping; `path` is how errors call it.

        Raises:
            YamlRefusedError: it is too deep, not YAML, or uses what invites mistakes: aliases,
                tags, a key twice. Each is named with line and column.
        """
        reading = _Reading(path)
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                reading.take(event)
        except yaml.reader.ReaderError as error:
            place = _line_and_column(text[: error.position])
            raise _fault(path, *place, "a control character; remove it") from None
        except yaml.MarkedYAMLError as error:
            # A quote or a key that does not end is looked for where it begins.
            marks = [error.problem_mark, error.context_mark]
            if "scanning" in str(error.context):
                marks.reverse()
            mark = marks[0] or marks[1]
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            said = f"{error.context} {error.problem}"
            meant = next(ours for theirs, ours in _SAID.items() if theirs in said)
            raise _fault(path, *place, f"not valid YAML: {meant}") from None
        if not isinstance(reading.root, dict):
            raise _fault(path, 1, 1, f"must hold a mapping with {holding}")
        return cls(path, reading.root, reading.positions)

    def at(self, place: Place, message: str, known: Collection[str] | None = None) -> str:
        """A message with file, line and column of the nearest value that stands in the file.

        Where `known` names the keys that may be there, one that is like none of them, in a file
        that may be another's, is shown as `*`.
        """
        nearest = place
        while nearest and nearest not in self.positions:
            nearest = nearest[:-1]
        line, column = self.positions.get(nearest, (1, 1))
        names, data = [], self.data
        for part in place:
            is_shown = known is None or isinstance(data, list) or _is_like(str(part), known)
            names.append(str(part) if is_shown else "*")
            data = _inside(data, part)
        name = ".".join(names) + ": " if names else ""
        return f"{self.path}:{line}:{column}: {name}{message}"

    def place_of(self, location: Place) -> Place:
        """The part of a location that the file has or lacks, without what is below a value."""
        data: Any = self.data
        for index, part in enumerate(location):
            if not isinstance(data, dict | list):
                return location[:index]
            data = _inside(data, part)
        return location


_NO_KEY: Any = object()


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read, and the key whose value comes next."""

    holds: dict[Any, Any] | list[Any]
    place: Place
    key: Any = _NO_KEY


@dataclass(slots=True)
class _Reading:
    """Data made of a parser's events, without recursion and within the limits."""

    path: Path
    root: Any = None
    positions: dict[Place, tuple[int, int]] = field(default_factory=dict)
    _stack: list[_Open] = field(default_factory=list)
    _documents: int = 0
    _scalars: yaml.SafeLoader = field(default_factory=lambda: yaml.SafeLoader(""))

    def take(self, event: yaml.Event) -> None:
        """Adds what an event brings; raises YamlRefusedError where that is refused."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused(
                    event, "a second document; a file may have only one, without ---"
                )
        elif isinstance(event, yaml.AliasEvent):
            raise self._refused(event, f"an alias (*); {_WRITE_OUT}")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._take_node(event)

    def _take_node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            raise self._refused(event, f"an anchor (&); {_WRITE_OUT}")
        if event.tag is not None:
            raise self._refused(event, "a tag (!); remove it, and put the text in quotes")
        if len(self.positions) > _MOST_VALUES:
            raise self._refused(event, f"more than {_MOST_VALUES} values; split the file")
        if isinstance(event, yaml.ScalarEvent):
            self._add(event, self._value(event))
            return
        if len(self._stack) == _DEEPEST:
            raise self._refused(event, f"nested deeper than {_DEEPEST} levels; flatten it")
        holds: dict[Any, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Open(holds, self._add(event, holds)))

    def _add(self, event: yaml.NodeEvent, value: Any) -> Place:
        """Puts a value, or the key of one, where it belongs; returns its place."""
        if not self._stack:
            self.root = value
            return self._stands((), event)
        above = self._stack[-1]
        if isinstance(above.holds, list):
            above.holds.append(value)
            return self._stands((*above.place, len(above.holds) - 1), event)
        if above.key is _NO_KEY:
            self._begin(above, event, value)
            return above.place
        above.holds[above.key] = value
        place = (*above.place, above.key)
        above.key = _NO_KEY
        return place

    def _begin(self, above: _Open, event: yaml.NodeEvent, key: Any) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(event, "a list or a mapping as a key; a key must be a word")
        if key in above.holds:
            raise self._refused(event, "a duplicate key; remove one")
        # Its value may be a list, which is to be found under the key, so both names are known.
        for name in (key, event.value):
            self._stands((*above.place, name), event)
        above.key = key

    def _stands(self, place: Place, event: yaml.NodeEvent) -> Place:
        self.positions.setdefault(place, _begin_of(event))
        return place

    def _value(self, event: yaml.ScalarEvent) -> Any:
        if _NO_TEXT.search(event.value):
            raise self._refused(event, "an invalid character (\\0 or \\ud800); remove it")
        tag = self._scalars.resolve(  # type: ignore[no-untyped-call]  # PyYAML's own
            yaml.ScalarNode, event.value, event.implicit
        )
        if tag == _MERGE:
            raise self._refused(event, f"a merge key (<<); {_WRITE_OUT}")
        make = self._scalars.yaml_constructors.get(tag)
        if make is None or not _is_core(tag, event.value):
            return event.value
        try:
            return make(self._scalars, yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError):
            raise self._refused(
                event,
                "looks like a number or a date but is neither; correct it, or put it in quotes",
            ) from None

    def _refused(self, event: yaml.Event, message: str) -> YamlRefusedError:
        return _fault(self.path, *_begin_of(event), message)


def _is_core(kind: str, value: str) -> bool:
    """Whether a plain scalar is what YAML 1.2 takes it for.

    PyYAML reads YAML 1.1, where `no` is false, `010` is eight and `12:30` is 750.
    """
    pattern = _CORE.get(kind.rpartition(":")[2])
    return pattern is None or bool(pattern.fullmatch(value))


def _is_like(name: str, known: Collection[str]) -> bool:
    return bool(get_close_matches(name, known, 1, _ALIKE))


def _inside(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _text(path: Path) -> str:
    try:
        descriptor = os.open(path, _FLAGS)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise YamlRefusedError(path, "is not a regular file; name a .yml file")
        with os.fdopen(descriptor, "rb") as stream:
            raw = stream.read(_LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise YamlRefusedError(path, f"cannot be read ({reason})") from None
    if len(raw) > _LARGEST_BYTES:
        raise YamlRefusedError(path, f"is larger than {_LARGEST_BYTES} bytes; split it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(errors="replace")
        raise _fault(path, *_line_and_column(before), "is not UTF-8; save it as UTF-8") from None


def _begin_of(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _line_and_column(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _fault(path: Path, line: int, column: int, message: str) -> YamlRefusedError:
    return YamlRefusedError(path, message, line, column)
