"""`${NAME}` and `${NAME:-default}` in a document, filled in from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from installation.positioned_yaml import Place

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Variables:
    """The environment, which of its variables stand where, and where one is not set."""

    environment: Mapping[str, str] = field(repr=False)
    places: dict[Place, list[str]] = field(default_factory=dict)
    unset: list[tuple[Place, str]] = field(default_factory=list)

    def filled(self, value: Any, place: Place = ()) -> Any:
        """A part of a document with its variables filled in; `place` is where it stands."""
        if isinstance(value, dict):
            return {key: self.filled(item, (*place, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item, (*place, index)) for index, item in enumerate(value)]
        if not isinstance(value, str):
            return value

        def text_of(match: re.Match[str]) -> str:
            self.places.setdefault(place, []).append(match[1])
            found = self.environment.get(match[1]) or match[2]
            if found is None:
                message = f"{match[1]} is not set; set it in the environment or in .env"
                self.unset.append((place, message))
            return found or ""

        return _VARIABLE.sub(text_of, value)

    def origin(self, place: Place) -> str:
        """Which variables a value is made of, in brackets behind a message about it."""
        names = ", ".join(f"${{{name}}}" for name in dict.fromkeys(self.places.get(place, ())))
        return f" (the value comes from {names})" if names else ""
