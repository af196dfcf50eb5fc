"""The columns of a list: what a page shows of a row, and what a file holds of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal, TypedDict, Unpack

from dashboards.context import Context
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message
from dashboards.words.words import NOTHING

Kind = Literal["text", "short", "wide", "number", "state", "strong"]
Cell = str | int | float | Decimal | date | datetime | None
Shown = Callable[[Context, Row], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, by its name in addresses.

    `value` is what a file holds: a typed value, or words where the page shows words. `order` is how
    the first click sorts by it; without one there is none. `is_shown` is a column that nobody needs
    to choose. `zone` names the clock of moments.
    """

    name: str
    title: Message
    shown: Shown
    value: Callable[[Context, Row], Cell]
    kind: Kind = "text"
    order: Order | None = None
    link: Shown | None = None
    is_shown: bool = True
    zone: Callable[[Context], str] | None = None


class Options(TypedDict, total=False):
    """What the makers of columns take beside a name and a title."""

    kind: Kind
    order: Order | None
    link: Shown
    is_shown: bool


def plain(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of text as it is published."""
    return said(name, title, lambda _context, row: str(row[name] or NOTHING), **options)


def said(name: str, title: Message, shown: Shown, **options: Unpack[Options]) -> Column:
    """Return a column of words, which the page and the file say alike."""

    def value(context: Context, row: Row) -> str | None:
        text = shown(context, row)
        return None if text == NOTHING else text

    options.setdefault("order", Order(name, is_text=True))
    return Column(name, title, shown, value, **options)


def code(
    name: str, title: Message, codes: Mapping[str, Message], **options: Unpack[Options]
) -> Column:
    """Return a column of published codes, in words."""

    def shown(context: Context, row: Row) -> str:
        return NOTHING if row[name] is None else context.words.code(codes, str(row[name]))

    return said(name, title, shown, **options)


def yes_or_no(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of what is so or not."""

    def shown(context: Context, row: Row) -> str:
        if row[name] is None:
            return NOTHING
        return context.words.text("yes") if row[name] else context.words.text("no")

    options.setdefault("order", Order(name, is_descending=True))
    return said(name, title, shown, **options)


def rated(name: str, title: Message, shown: Shown, **options: Unpack[Options]) -> Column:
    """Return a column of numbers that the page says in words of its own."""
    return _typed(name, title, shown, options)


def number(name: str, title: Message, decimals: int = 0, **options: Unpack[Options]) -> Column:
    """Return a column of numbers."""
    return _typed(
        name, title, lambda context, row: context.words.number(row[name], decimals), options
    )


def quantity(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of quantities."""
    return _typed(name, title, lambda context, row: context.words.quantity(row[name]), options)


def share(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of rates, where 1 is the whole."""
    return _typed(name, title, lambda context, row: context.words.percent(row[name]), options)


def money(name: str, title: Message, currency: str = "", **options: Unpack[Options]) -> Column:
    """Return a column of amounts, in the currency of a column or in the marketplace's."""

    def shown(context: Context, row: Row) -> str:
        code = row[currency] if currency else context.manifest.currency_code
        return context.words.money(row[name], code or "")

    return _typed(name, title, shown, options)


def day(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of days."""
    options.setdefault("kind", "short")
    return _typed(name, title, lambda context, row: context.words.day(row[name]), options)


def moment(
    name: str, title: Message, shown: Shown | None = None, **options: Unpack[Options]
) -> Column:
    """Return a column of moments, as clocks of the marketplace show them."""
    options.setdefault("kind", "short")
    return Column(
        name,
        title,
        shown or (lambda context, row: context.moment(row[name])),
        lambda context, row: _local(row[name] and context.aware(row[name]), context.zone),
        zone=lambda context: context.manifest.time_zone,
        **_sorted_by(name, options),
    )


def utc_moment(name: str, title: Message, **options: Unpack[Options]) -> Column:
    """Return a column of moments of our own, such as those of runs."""
    options.setdefault("kind", "short")
    return Column(
        name,
        title,
        lambda context, row: context.utc_moment(row[name]),
        lambda _context, row: _local(row[name], UTC),
        zone=lambda _context: "UTC",
        **_sorted_by(name, options),
    )


def _typed(name: str, title: Message, shown: Shown, options: Options) -> Column:
    options.setdefault("kind", "number")
    return Column(name, title, shown, lambda _context, row: row[name], **_sorted_by(name, options))


def _sorted_by(name: str, options: Options) -> Options:
    options.setdefault("order", Order(name, is_descending=True))
    return options


def _local(value: datetime | None, zone: tzinfo) -> datetime | None:
    """Return a moment as a clock shows it: spreadsheets know no zones, so the heading names it."""
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(zone).replace(tzinfo=None)
