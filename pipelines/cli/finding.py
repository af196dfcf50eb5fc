"""The result of one check of `kontor doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something is fine, and a sentence about it."""

    is_fine: bool
    sentence: str
