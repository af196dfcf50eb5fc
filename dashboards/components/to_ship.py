"""The orders that a vendor still has to ship, as the first thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboards.components.actions import Action
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message

_WHAT = counted("Ship {n} order", "Ship {n} orders")
_OVERDUE = counted("{n} order is overdue", "{n} orders are overdue")
_OVERDUE_SINCE = message("{overdue}, the oldest since {moment}.")
_DUE_BY = counted("{n} order is due by {moment}.", "{n} orders are due, the first by {moment}.")


@dataclass(frozen=True, slots=True)
class ToShip:
    """How many orders are overdue, or due on the day after the data, and since or by when."""

    overdue_count: int
    due_count: int
    oldest: datetime | None
    next_due: datetime | None


def waiting(context: Context, rows: Sequence[Row]) -> ToShip:
    """Return what waits, by the day of its ship-by time where the marketplace is.

    The data ends with a day, so what was due then is overdue, and what is due next is of the day
    after it.
    """
    end = context.window_end
    overdue = [row for row in rows if _day(context, row) < end]
    due = [row for row in rows if _day(context, row) == end]
    return ToShip(
        sum(row["order_count"] for row in overdue),
        sum(row["order_count"] for row in due),
        min((row["ship_by_at"] for row in overdue), default=None),
        min((row["ship_by_at"] for row in due), default=None),
    )


def action(context: Context, waits: ToShip, window_days: int) -> Action | None:
    """Return what to ship and by when; None where nothing waits."""
    words, count = context.words, waits.overdue_count + waits.due_count
    if not count:
        return None
    deadlines = []
    if waits.overdue_count:
        overdue = words.say(_OVERDUE, n=waits.overdue_count)
        since = context.moment(waits.oldest, with_zone=True)
        deadlines.append(words.say(_OVERDUE_SINCE, overdue=overdue, moment=since))
    if waits.due_count:
        due_by = context.moment(waits.next_due, with_zone=True)
        deadlines.append(words.say(_DUE_BY, n=waits.due_count, moment=due_by))
    state, state_words = (
        ("act", words.text("Overdue")) if waits.overdue_count else ("watch", words.text("Due"))
    )
    return Action(
        state,
        state_words,
        words.say(_WHAT, n=count),
        "/orders",
        words.text("See your orders"),
        " ".join(deadlines),
        words.count(
            "An order shipped late counts against you for {n} day.",
            "An order shipped late counts against you for {n} days.",
            window_days,
        ),
    )


def days_asked(context: Context, window_days: int) -> tuple[datetime, datetime]:
    """Return the span of ship-by times that matter, with a day to spare for any time zone."""
    end = datetime.combine(context.window_end, datetime.min.time())
    return end - timedelta(days=window_days), end + timedelta(days=2)


def _day(context: Context, row: Row) -> date:
    stored: datetime = row["ship_by_at"]
    moment = stored.replace(tzinfo=ZoneInfo(context.manifest.storage_time_zone))
    return moment.astimezone(ZoneInfo(context.manifest.time_zone)).date()
