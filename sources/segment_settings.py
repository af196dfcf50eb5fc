"""What a marketplace's file says of its customers' segments: the bounds of their scores."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_BOUNDS = 4  # between five scores


def _rising(bounds: tuple[Any, ...]) -> tuple[Any, ...]:
    is_rising = all(low < high for low, high in pairwise(bounds))
    if len(bounds) != _BOUNDS or not is_rising:
        raise ValueError("give four bounds between five scores, each above the one before")
    return bounds


_Days = Annotated[int, Field(ge=0, lt=365)]
_Orders = Annotated[int, Field(ge=2)]
_Money = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=2)]


class ScoreBounds(BaseModel):
    """Where the scores for recency, frequency and money change; by fifths of customers without.

    Recency: days since the last order up to which the score is 5, 4, 3, 2. Frequency and money:
    orders and net sales from which it is 2, 3, 4, 5.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    recency_days: Annotated[tuple[_Days, ...], AfterValidator(_rising)] | None = None
    frequency: Annotated[tuple[_Orders, ...], AfterValidator(_rising)] | None = None
    monetary: Annotated[tuple[_Money, ...], AfterValidator(_rising)] | None = None

    def as_variables(self) -> dict[str, Any]:
        """The bounds as the models take them; None is by fifths."""
        return self.model_dump(mode="json")


class SegmentSettings(BaseModel):
    """How customers are sorted into segments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bounds: ScoreBounds = ScoreBounds()
