"""What of an audience's fields was corrected or is unusable, as shapes: no text and no key.

A run keeps it among its events, which stay: so nothing in it may be of somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Correction:
    """How many values of a field a destination's form changed so, with one of them as shapes."""

    field: str
    correction: str
    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Unfound:
    """The shape of a field of somebody who cannot be found, and the class of the row."""

    row_class: str
    field: str
    shape: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Corrections by field, and samples of rows that find nobody."""

    corrections: Sequence[Correction] = ()
    samples: Sequence[Unfound] = ()

    def as_state(self) -> dict[str, Any]:
        """It as JSON."""
        return {
            "corrections": [asdict(each) for each in self.corrections],
            "samples": [asdict(each) for each in self.samples],
        }

    @staticmethod
    def of_state(state: Mapping[str, Any] | None) -> "Quality":
        """What `as_state` wrote; nothing in a run of before it was kept."""
        given = state or {}
        return Quality(
            tuple(Correction(**each) for each in given.get("corrections", ())),
            tuple(Unfound(**each) for each in given.get("samples", ())),
        )


NO_QUALITY: Final = Quality()
