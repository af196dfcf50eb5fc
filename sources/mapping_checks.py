"""Does a marketplace's mapping fit the contracts? Every problem with its place and remedy."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.contract import DELETED, Contract

Place = tuple[str | int, ...]


def mapping_problems(
    feeds: Mapping[str, Sequence[Mapping[str, Any] | None]],
    contracts: Mapping[str, Contract],
    *,
    has_currency: bool,
) -> Iterator[tuple[Place, str]]:
    """What is wrong with the mappings of each feed, as (place in the document, message)."""
    for feed, mappings in feeds.items():
        contract = contracts.get(feed)
        if contract is None:
            yield ("feeds", feed), f"there is no such feed; {suggestion(feed, contracts)}"
            continue
        for index, mapping in enumerate(mappings):
            if mapping is not None:
                place = ("feeds", feed, index, "columns")
                yield from _column_problems(contract, mapping, place, has_currency=has_currency)
    for feed, contract in contracts.items():
        if contract.required_feed and feed not in feeds:
            yield ("feeds",), f"{feed} is missing; every marketplace needs it"


def _column_problems(
    contract: Contract, mapping: Mapping[str, Any], place: Place, *, has_currency: bool
) -> Iterator[tuple[Place, str]]:
    for name in mapping:
        if name not in contract.columns:
            hint = suggestion(name, contract.columns)
            yield (*place, name), f"{contract.feed} has no column {name!r}; {hint}"
    for name in _unmapped(contract, mapping, has_currency=has_currency):
        yield place, f"{contract.feed} needs {name!r}; map it to a column or give a constant"


def suggestion(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """A sentence that names the closest known names, or all of them."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "there are: " + ", ".join(name for name in known if name != DELETED)


def _unmapped(
    contract: Contract, mapping: Mapping[str, Any], *, has_currency: bool
) -> Iterator[str]:
    for name, column in contract.columns.items():
        given = name in mapping or contract.defaults.get(name) in mapping or column.default
        if name == "currency_code" and has_currency:
            continue
        if column.required and not given:
            yield name
    for group in contract.require_one_of:
        if not any(name in mapping for name in group):
            yield " or ".join(group)
