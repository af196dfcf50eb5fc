"""What a page is given: who looks, at which published state, and in which words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboards.published import LastRun, Manifest
from dashboards.viewer import Viewer
from dashboards.words.words import NOTHING, Number, Words
from operations.roles import role_of


@dataclass(frozen=True, slots=True)
class Context:
    """The viewer, the published state and the viewer's words, for one run of a page."""

    viewer: Viewer
    manifest: Manifest
    last_run: LastRun | None
    words: Words
    now: datetime

    @property
    def is_vendor(self) -> bool:
        """Whether the page is a vendor's own."""
        return self.viewer.audience == "vendor"

    def has_page(self, name: str) -> bool:
        """Whether the viewer's role has a page, so that a link to it leads somewhere."""
        return name in role_of(self.viewer.role).pages

    @property
    def window_end(self) -> date:
        """The end, exclusive, of the windows that are current."""
        return self.manifest.as_of_date + timedelta(days=1)

    @property
    def days_old(self) -> int:
        """How many days have ended since the last day that the data holds."""
        today = self.now.astimezone(ZoneInfo(self.manifest.time_zone)).date()
        return (today - self.window_end).days

    def money(self, amount: Number | None) -> str:
        """Return an amount in the marketplace's currency, to the cent."""
        return self.words.money(amount, self.manifest.currency_code)

    def moment(self, value: datetime | None, *, with_zone: bool = False) -> str:
        """Return a published moment as clocks of the marketplace show it."""
        if value is None:
            return NOTHING
        zone = ZoneInfo(self.manifest.time_zone)
        if value.tzinfo is None:
            value = value.replace(tzinfo=ZoneInfo(self.manifest.storage_time_zone))
        return self.words.moment(value, zone, with_zone=with_zone)

    def utc_moment(self, value: datetime | None) -> str:
        """Return a moment of our own, such as that of a run, with its zone."""
        return NOTHING if value is None else self.words.moment(value, UTC, with_zone=True)
