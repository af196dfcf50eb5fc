"""Does a marketplace's mapping fit the contracts? Every problem with its place and remedy."""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sources.column_source import ColumnSource
from sources.contract import DELETED, Contract
from sources.given_values import value_problems

# Every feed and every column of one fits; the vendors of a marketplace need not.
_LISTED = 60
Place = tuple[str | int, ...]


def mapping_problems(
    feeds: Mapping[str, Sequence[Mapping[str, ColumnSource] | None]],
    contracts: Mapping[str, Contract],
    *,
    has_currency: bool,
    in_dialects: Collection[tuple[str, int]] = (),
) -> Iterator[tuple[Place, str]]:
    """What is wrong with the mappings of each feed, as (place in the document, message).

    `in_dialects` names the files, by feed and place, whose dialect maps what they hold.
    """
    for feed, mappings in feeds.items():
        contract = contracts.get(feed)
        if contract is None or contract.is_own:
            yield ("feeds", feed), _undeliverable(feed, contracts)
            continue
        for index, mapping in enumerate(mappings):
            place = ("feeds", feed, index, "columns")
            if (feed, index) in in_dialects:
                yield from _dialect_problems(contract, mapping or {}, (*place[:-1], "dialect"))
            elif mapping is not None:
                yield from _column_problems(contract, mapping, place, has_currency=has_currency)
                yield from _found_nowhere(feed, mapping, place, feeds, contracts)
    for feed, contract in contracts.items():
        if contract.required_feed and feed not in feeds:
            yield ("feeds",), f"{feed} is missing; every marketplace needs it"


def _undeliverable(feed: str, contracts: Mapping[str, Contract]) -> str:
    if feed in contracts:
        return f"{feed} is filled by Kontor from its own store; remove it"
    deliverable = [name for name, contract in contracts.items() if not contract.is_own]
    return f"there is no such feed; {suggestion(feed, deliverable)}"


def _dialect_problems(
    contract: Contract, mapping: Mapping[str, ColumnSource], place: Place
) -> Iterator[tuple[Place, str]]:
    """A dialect fills the columns of events; the mapping may only replace some of them."""
    if contract.feed != "events":
        yield place, f"{contract.feed} has no dialect, only events has; map its columns instead"
    yield from _unknown_columns(contract, mapping, (*place[:-1], "columns"))
    yield from _wrong_values(contract, mapping, (*place[:-1], "columns"))


def _unknown_columns(
    contract: Contract, mapping: Mapping[str, ColumnSource], place: Place
) -> Iterator[tuple[Place, str]]:
    for name in mapping:
        if name not in contract.columns:
            hint = suggestion(name, contract.columns)
            yield (*place, name), f"{contract.feed} has no such column; {hint}"


def _wrong_values(
    contract: Contract, mapping: Mapping[str, ColumnSource], place: Place
) -> Iterator[tuple[Place, str]]:
    for name, source in mapping.items():
        if name in contract.columns:
            for below, message in value_problems(contract.columns[name], source):
                yield (*place, name, *below), message


def _column_problems(
    contract: Contract, mapping: Mapping[str, ColumnSource], place: Place, *, has_currency: bool
) -> Iterator[tuple[Place, str]]:
    yield from _unknown_columns(contract, mapping, place)
    yield from _wrong_values(contract, mapping, place)
    for name in _unmapped(contract, mapping, has_currency=has_currency):
        yield place, f"{contract.feed} needs {name!r}; map it to a column or give a constant"


def _found_nowhere(
    feed: str,
    mapping: Mapping[str, ColumnSource],
    place: Place,
    feeds: Mapping[str, Sequence[Mapping[str, ColumnSource] | None]],
    contracts: Mapping[str, Contract],
) -> Iterator[tuple[Place, str]]:
    """Columns that neither this mapping gives nor one of another feed that could."""
    for name, column in contracts[feed].columns.items():
        if column.else_from and name not in mapping:
            others = elsewhere(column.else_from, mapping, feeds, contracts)
            if not others:
                listed = " or ".join(repr(other) for other in column.else_from)
                yield place, f"{feed} needs {name!r}; map it, or else {listed}, or give a constant"


def elsewhere(
    columns: Sequence[str],
    mapping: Mapping[str, ColumnSource],
    feeds: Mapping[str, Sequence[Mapping[str, ColumnSource] | None]],
    contracts: Mapping[str, Contract],
) -> tuple[str, ...]:
    """Those of other feeds' columns that the marketplace maps and a row's own keys lead to."""
    named = (column.partition(".") for column in columns)
    return tuple(
        f"{feed}.{name}"
        for feed, _, name in named
        if {*contracts[feed].key} <= {*mapping}
        and any(name in (other or ()) for other in feeds.get(feed, ()))
    )


def suggestion(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """A sentence that names the closest known name, or all of them where they are not too many."""
    folded = {other.casefold(): other for other in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    others = [name for name in known if name != DELETED]
    more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
    return f"there are: {', '.join(others[:_LISTED])}{more}"


def _unmapped(
    contract: Contract, mapping: Mapping[str, ColumnSource], *, has_currency: bool
) -> Iterator[str]:
    for name, column in contract.columns.items():
        given = name in mapping or contract.defaults.get(name) in mapping or column.default
        if column is contract.own_currency and has_currency:
            continue
        if column.required and not given and not column.else_from:
            yield name
    for group in contract.require_one_of:
        if not any(name in mapping for name in group):
            yield " or ".join(group)
