"""Sentences, numbers, money and time in the language of one reader (decision 15)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

import structlog
from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_datetime_format,
)
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
)
from babel.units import format_unit

from dashboards.words.languages import Language
from dashboards.words.messages import Message
from dashboards.words.plain import plain

_LOG = structlog.get_logger(__name__)
_CATALOGUES = Path(__file__).parent / "catalogues"

# British rather than American English: the day before the month, 24 hours, "US$" for one dollar
# among others.
_LOCALES: dict[Language, str] = {"de": "de", "en": "en_GB", "ru": "ru"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NOT_ZERO = re.compile(r"[1-9]")
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
_NO_BREAK_SPACE = "\u00a0"
NOTHING = "\u2013"
MINUS = "\u2212"
_MILLION = 1_000_000
_EXACT_BELOW = 10_000

Number = int | float | Decimal

# What a sentence takes: text as it is, and a whole number, which is written as the reader writes
# numbers. Money, rates and time are formatted before: only the caller knows currency, decimals and
# zone.
Argument = str | int


class CatalogueMissing(Exception):  # noqa: N818
    """A catalogue was not compiled."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; frozen, and shared by everybody who reads it."""

    language: Language
    locale: Locale
    catalogue: NullTranslations = field(repr=False)

    def text(self, msgid: str, /, **arguments: Argument) -> str:
        """Return a sentence with its arguments put in."""
        return self.say(Message(msgid), **arguments)

    def text_in(self, context: str, msgid: str, /, **arguments: Argument) -> str:
        """Return a sentence whose English has more than one meaning."""
        return self.say(Message(msgid, context=context), **arguments)

    def count(self, singular: str, plural: str, n: int, /, **arguments: Argument) -> str:
        """Return the form of a sentence that goes with n, which is put in as {n}."""
        return self.say(Message(singular, plural), **{**arguments, "n": n})

    def code(self, codes: Mapping[str, Message], code: str, /, **arguments: Argument) -> str:
        """Return what a published code and its arguments mean; a code without words stays one."""
        if code not in codes:
            # Without the code: where a browser sends one that is none, it is what somebody typed.
            _LOG.error("code without words", beside=next(iter(codes), ""))
            return plain(code)
        return self.say(codes[code], **arguments)

    def choice(self, codes: Mapping[str, Message], value: object) -> str:
        """Return what a choice on a page means; what is none, as a browser may send, stays."""
        is_one = isinstance(value, str) and value in codes
        return self.say(codes[str(value)]) if is_one else plain(value)

    def say(self, message: Message, /, **arguments: Argument) -> str:
        """Return a message in this language, or in English where it is not translated.

        What is put in loses control and format characters and is not read for placeholders again;
        escaping is left to the template. A placeholder without a value stays and is logged.
        """
        template = self._template(message, arguments.get("n"))

        def value_of(placeholder: re.Match[str]) -> str:
            value = arguments.get(placeholder[1])
            if value is None:
                _LOG.error("placeholder without a value", name=placeholder[1], message=template)
                return placeholder[0]
            said = plain(value) if isinstance(value, str) else self.number(value)
            # An abbreviation's full stop ends the sentence, too, as in "Sold by Acme Inc."
            is_stopped = template.startswith(".", placeholder.end()) and said.endswith(".")
            return said.removesuffix(".") if is_stopped else said

        return _PLACEHOLDER.sub(value_of, template)

    def number(self, value: Number | None, decimals: int = 0) -> str:
        """Return a number; what is not known is a dash and never zero, here and below."""
        if value is None:
            return NOTHING
        return _signed(format_decimal(value, f"#,##0{_fraction(decimals)}", locale=self.locale))

    def quantity(self, value: Number | None) -> str:
        """Return a quantity: whole as a whole number, a part of a unit to three decimals."""
        if value is None:
            return NOTHING
        return _signed(format_decimal(value, "#,##0.###", locale=self.locale))

    def figure(self, value: float) -> str:
        """Return a number to four digits, and every digit before the point."""
        pattern = "#,##0" if abs(value) >= 1000 else "@###"
        return _signed(format_decimal(value, pattern, locale=self.locale))

    def money(self, amount: Number | None, currency_code: str) -> str:
        """Return an amount with its currency, to the currency's smallest unit."""
        if amount is None:
            return NOTHING
        return _spaced(format_currency(amount, currency_code, locale=self.locale))

    def headline_money(self, amount: Number | None, currency_code: str) -> str:
        """Return an amount short enough for a tile: to the cent only below 10,000."""
        if amount is None:
            return NOTHING
        size = abs(float(amount))
        if size >= _MILLION:
            compact = format_compact_currency(
                amount, currency_code, locale=self.locale, fraction_digits=2
            )
            return _spaced(compact)
        if size < _EXACT_BELOW:
            return self.money(amount, currency_code)
        pattern = self.locale.currency_formats["standard"].pattern.replace("0.00", "0")
        whole = format_currency(
            amount, currency_code, pattern, locale=self.locale, currency_digits=False
        )
        return _spaced(whole)

    def percent(self, rate: Number | None, decimals: int = 1) -> str:
        """Return a rate, where 1 is the whole, as per cent."""
        if rate is None:
            return NOTHING
        pattern = self.locale.percent_formats[None].pattern
        with_decimals = pattern.replace("0", f"0{_fraction(decimals)}")
        return _signed(format_percent(rate, with_decimals, locale=self.locale))

    def day(self, value: date | None) -> str:
        """Return a day."""
        return NOTHING if value is None else format_date(value, "medium", locale=self.locale)

    def month(self, first: date) -> str:
        """Return a month and its year, by its first day."""
        return format_skeleton("yMMM", first, locale=self.locale)

    def moment(self, value: datetime | None, zone: tzinfo, *, with_zone: bool = False) -> str:
        """Return a moment to the minute as clocks in a zone show it; a naive one is UTC."""
        if value is None:
            return NOTHING
        local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone)
        time = format_time(local, "short", tzinfo=zone, locale=self.locale)
        if with_zone:
            time += f"{_NO_BREAK_SPACE}{_offset(local)}"
        both = str(get_datetime_format("medium", locale=self.locale))
        return both.format(time, self.day(local.date()))

    def days(self, first: date, end: date) -> str:
        """Return a half-open window by its first and last day."""
        last = end - timedelta(days=1)
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def duration(self, value: timedelta | None) -> str:
        """Return a span of time: minutes below an hour, hours below two days, else days."""
        if value is None:
            return NOTHING
        minutes = round(value.total_seconds() / 60)
        if minutes < 60:
            return self._unit(minutes, "duration-minute")
        hours = round(minutes / 60)
        if hours < 48:
            return self._unit(hours, "duration-hour")
        return self._unit(round(hours / 24), "duration-day")

    def published(self, text: str | None) -> str:
        """Return a text that the registries and contracts hold in English; "" where there is none.

        One that no catalogue knows, such as that of an older version, stays English.
        """
        return self.catalogue.gettext(text) if text else ""

    def _template(self, message: Message, n: Argument | None) -> str:
        msgid, plural, context = message.msgid, message.plural, message.context
        if plural is None:
            if context is None:
                return self.catalogue.gettext(msgid)
            return self.catalogue.pgettext(context, msgid)
        number = n if isinstance(n, int) else 0
        if context is None:
            return self.catalogue.ngettext(msgid, plural, number)
        return self.catalogue.npgettext(context, msgid, plural, number)

    def _unit(self, value: int, unit: str) -> str:
        return format_unit(value, unit, "long", locale=self.locale)


@cache
def words_in(language: Language) -> Words:
    """Return the words of a language; its catalogue is read once."""
    compiled = _CATALOGUES / f"{language}.mo"
    try:
        with compiled.open("rb") as file:
            catalogue = GNUTranslations(file)
    except FileNotFoundError:
        raise CatalogueMissing(
            f"{compiled} is missing: `make .venv/installed` compiles the catalogues of words"
        ) from None
    return Words(language, Locale.parse(_LOCALES[language]), catalogue)


def _fraction(decimals: int) -> str:
    return f".{'0' * decimals}" if decimals else ""


def with_sign(change: Number, size: str) -> str:
    """Return a change by its sign and its size as it is written; none is \u00b1."""
    sign = "+" if change > 0 else MINUS if change < 0 else "\u00b1"
    return f"{sign}{size}"


def _signed(figure: str) -> str:
    """Return a figure with the sign that changes and charts have, not CLDR's hyphen.

    What rounds to zero has none.
    """
    return figure.replace("-", MINUS if _NOT_ZERO.search(figure) else "")


def _spaced(money: str) -> str:
    """Return an amount with CLDR's currencySpacing, which Babel leaves out: "CHF 5.00"."""
    return _signed(_LETTER_THEN_DIGIT.sub(_NO_BREAK_SPACE, money))


def _offset(local: datetime) -> str:
    """Return how far a moment is from UTC; CLDR names few zones shortly in all languages."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else MINUS}{hours}{f':{rest:02d}' if rest else ''}"
