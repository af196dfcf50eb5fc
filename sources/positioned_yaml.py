"""YAML that remembers where each value stands, so that an error can name line and column."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sources.errors import ConfigurationError

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PositionedYaml:
    """A document's data and the line and column (from 1) of each of its values."""

    path: Path
    data: Any
    positions: dict[Place, tuple[int, int]]

    @classmethod
    def read(cls, path: Path) -> "PositionedYaml":
        """The document in a file; raises ConfigurationError where it is missing or not YAML."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigurationError([f"{path}: cannot be read ({reason})"]) from None
        except UnicodeDecodeError as error:
            raise ConfigurationError([f"{path}: is not UTF-8 ({error.reason})"]) from None
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            data = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
            raise ConfigurationError([f"{path}{place}: not valid YAML: {error.problem}"]) from None
        if not isinstance(data, dict):
            raise ConfigurationError([f"{path}:1:1: must hold a mapping with name, title, feeds"])
        positions: dict[Place, tuple[int, int]] = {}
        _collect(node, (), positions)
        return cls(path, data, positions)

    def at(self, place: Place, message: str) -> str:
        """A message with file, line and column of the nearest value that stands in the file."""
        known = place
        while known and known not in self.positions:
            known = known[:-1]
        line, column = self.positions.get(known, (1, 1))
        name = ".".join(str(part) for part in place)
        return f"{self.path}:{line}:{column}: {name + ': ' if name else ''}{message}"


def _collect(node: Any, place: Place, positions: dict[Place, tuple[int, int]]) -> None:
    positions.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*place, key.value)
            positions[below] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _collect(value, below, positions)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _collect(value, (*place, index), positions)
