"""What comes back of orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints


@dataclass(frozen=True, slots=True)
class Returned:
    """The lines that come back."""

    line: Ints  # place in Lines
    quantity: Ints
    refund_cents: Ints  # before tax
    tax_cents: Ints
    reason: Ints
