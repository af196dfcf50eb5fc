"""The true quality of vendors, which holds until it turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.world.vendor_laws import GRADES, SHARES, TIMES

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats, Ints

PERIODS = 2  # a vendor's quality turns once at most
FAR = 10**6  # a day that never comes


@dataclass(frozen=True, slots=True)
class Quality:
    """What is true of every vendor in each of its periods."""

    grade: Ints  # [vendors, PERIODS] place in GRADES
    begins: Ints  # [vendors, PERIODS] first day of each period, FAR where there is none
    laws: dict[str, Floats]  # by name of QUALITY, [vendors, PERIODS]

    def of(self, law: str, vendor: Ints, day: Ints) -> Floats:
        """The law of each vendor on a day."""
        found: Floats = self.laws[law][vendor, self.period(vendor, day)]
        return found

    def period(self, vendor: Ints, day: Ints) -> Ints:
        """The place of the period that each vendor is in on a day."""
        found: Ints = (self.begins[vendor, 1:] <= day[:, None]).sum(axis=1)
        return found


def make_quality(
    grade: Ints, turns: Ints, late_share_factor: Floats, rng: np.random.Generator
) -> Quality:
    """Laws drawn around those of the grades; an action on a vendor changes how often it is late."""
    count = turns.size
    wobble = np.exp(rng.normal(0, 0.25, (len(SHARES) + len(TIMES), count, 1)))
    laws = {}
    for number, name in enumerate((*SHARES, *TIMES)):
        value = np.array([getattr(law, name) for law in GRADES])[grade] * wobble[number]
        laws[name] = np.minimum(value, 0.9) if name in SHARES else value
    laws["ships_late"] = laws["ships_late"] * np.stack([np.ones(count), late_share_factor], axis=1)
    liked = np.array([law.rating_mean for law in GRADES])[grade]
    laws["rating_mean"] = np.clip(liked + rng.normal(0, 0.08, (count, 1)), 1.0, 5.0)
    return Quality(
        grade=grade,
        begins=np.stack([np.full(count, -FAR), turns], axis=1),
        laws={name: np.round(value, 4) for name, value in laws.items()},
    )
