"""The business day of a stored time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone in which times are written and the one whose days count."""

    storage: str
    business: str

    def day(self, moment: str, *, is_date: bool) -> str:
        """The SQL of a moment's business day; a date has no zone, it is the business's already."""
        if is_date or self.storage == self.business:
            return f"cast({moment} as date)"
        return f"cast(timezone('{self.business}', timezone('{self.storage}', {moment})) as date)"
