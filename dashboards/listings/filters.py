"""What narrows a list down: each filter reads its part of an address into the query's parameters.

An address is what somebody typed or followed. A filter takes what it offers and nothing else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dashboards.context import Context
from dashboards.listings import periods
from dashboards.listings.unreadable import Unreadable
from dashboards.words.messages import Message

LONGEST_SEARCH = 200
# What somebody may type by mistake where an order or a vendor is looked for, and no address, log
# or history of a browser may keep: an e-mail address, or a telephone number as people write it.
_EMAIL = re.compile(r"\S@\S")
_PHONE = re.compile(r"\+\d{7,}|00[1-9]\d{9,}|0[1-9]\d{8,12}")
_PHONE_IN_GROUPS = re.compile(r"[+(]?\d[\d\s()/.+-]*[\s()/][\d\s()/.-]*\d")
_SEPARATORS = re.compile(r"[\s()/.-]")
_DIGITS_OF_A_PHONE = 7

Parameters = dict[str, Any]


class Filter(Protocol):
    """Whatever narrows a list down, by its names in an address."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in an address that this filter reads."""
        ...

    def parameters(self, context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return the parameters of the query; raises Unreadable where an address makes no sense."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several codes, or any of them; `options` are the codes with what they are called."""

    name: str
    title: Message
    any_title: Message
    options: Callable[[Context], Mapping[str, str]]

    @property
    def names(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    def parameters(self, context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return the code, or nothing for any."""
        code = texts.get(self.name)
        if code is not None and code not in self.options(context):
            raise Unreadable(self.name)
        return {self.name: code}


def all_of(
    codes: Mapping[str, Message], *, but: str = ""
) -> Callable[[Context], Mapping[str, str]]:
    """Return the options of a choice among codes, but for the one that stands for any."""

    def options(context: Context) -> Mapping[str, str]:
        return {code: context.words.say(said) for code, said in codes.items() if code != but}

    return options


@dataclass(frozen=True, slots=True)
class Flag:
    """On, or off as at first."""

    name: str
    title: Message
    parameter: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    def parameters(self, _context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return whether it is on."""
        if texts.get(self.name, "1") != "1":
            raise Unreadable(self.name)
        return {self.parameter: self.name in texts}


@dataclass(frozen=True, slots=True)
class Search:
    """A part of an id or a name; never what looks like an e-mail address or a phone number."""

    title: Message
    placeholder: Message
    name: str = "search"

    @property
    def names(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    def parameters(self, _context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return what is searched for."""
        text = texts.get(self.name)
        if text is not None and (not text or len(text) > LONGEST_SEARCH or looks_personal(text)):
            raise Unreadable(self.name)
        return {self.name: text}


@dataclass(frozen=True, slots=True)
class Id:
    """What the list is about, such as a measure; the page gives it, an address names it."""

    name: str
    parameter: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    def parameters(self, _context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return the id, which has to be there."""
        if self.name not in texts:
            raise Unreadable(self.name)
        return {self.parameter: texts[self.name]}


@dataclass(frozen=True, slots=True)
class Window:
    """One of the published windows, for figures that exist for those alone."""

    @property
    def names(self) -> tuple[str, ...]:
        """That of the window."""
        return (periods.WINDOW,)

    def parameters(self, context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return the window's id."""
        return {"window_id": periods.window(context, texts).window_id}


@dataclass(frozen=True, slots=True)
class Days:
    """A published window or any days, for rows that have a day of their own."""

    @property
    def names(self) -> tuple[str, ...]:
        """Those of a window and of days."""
        return periods.NAMES

    def parameters(self, context: Context, texts: Mapping[str, str]) -> Parameters:
        """Return the first and the last day."""
        chosen = periods.period(context, texts)
        return {"from_date": chosen.first_day, "to_date": chosen.last_day}


def looks_personal(text: str) -> bool:
    """Return whether a text looks like an e-mail address or a telephone number."""
    stripped = text.strip()
    if _EMAIL.search(stripped):
        return True
    digits = _SEPARATORS.sub("", stripped)
    if _PHONE.fullmatch(digits):
        return True
    is_grouped = _PHONE_IN_GROUPS.fullmatch(stripped) is not None
    return is_grouped and sum(letter.isdigit() for letter in digits) >= _DIGITS_OF_A_PHONE
