"""docs/feeds.md: what each feed may contain, generated from its contract."""

from collections.abc import Iterable, Iterator

from sources.contract import Column, Contract

_INTRODUCTION = """# Feeds

The feeds that Kontor reads, generated from `sources/contracts/` by `make docs`. All feeds except
the required ones are optional: without a feed, what depends on it is empty and says why.
*personal* marks personal data; it never reaches a vendor.
"""

_KEPT_OUT = {
    "address": "emptied where it holds an e-mail address",
    "address_in_key": "hashed where it holds an e-mail address",
    "query": "kept without host, query and e-mail addresses",
    "person": "emptied where it holds an @ or four digits in a row",
}


def feeds_page(contracts: Iterable[Contract]) -> str:
    """The page as Markdown."""
    return "\n".join([_INTRODUCTION, *(line for one in contracts for line in _feed(one))]) + "\n"


def _feed(contract: Contract) -> Iterator[str]:
    needed = " (required)" if contract.required_feed else ""
    yield f"## {contract.feed}{needed}\n"
    facts = [f"Key: {', '.join(contract.key)}"]
    facts += [f"version: {contract.version}"] if contract.version else []
    facts += [f"event time: {contract.event_time}"] if contract.event_time else []
    facts += [f"one of {' or '.join(group)} is required" for group in contract.require_one_of]
    if contract.is_own:
        facts += ["filled by Kontor from its operational store; not configured in a marketplace"]
    else:
        facts += [f"usual system: {contract.system}", f"expected: {contract.delivery}"]
    facts += [f"empty or old without it: {contract.what_depends}"] if contract.what_depends else []
    facts += [f"{' times '.join(names)} is below 10^12" for names in contract.amounts]
    if contract.unit:
        facts.append(f"all rows of one {' and '.join(contract.unit)} must be in one file")
    if contract.essential:
        listed = ", ".join(contract.essential)
        facts.append(f"a value that does not fit is emptied and counted, except {listed}")
    facts += [
        f"without {flag} these are emptied: {', '.join(names)}"
        for flag, names in contract.blank_without.items()
    ]
    yield f"{contract.description} {'; '.join(facts)}.\n"
    yield "| column | type | rules | meaning |\n|---|---|---|---|"
    for name, column in contract.columns.items():
        yield f"| {name} | {column.type} | {'; '.join(_rules(column))} | {column.description} |"
    yield ""


def _rules(column: Column) -> Iterator[str]:
    if column.required:
        unless = f" unless {' or '.join(column.else_from)} is mapped" if column.else_from else ""
        yield f"required{unless}" if column.default is None else f"default {column.default}"
    if column.allowed:
        yield ", ".join(column.allowed)
    yield from _bounds(column)
    if column.pattern:
        yield f"`{column.pattern}`"
    if column.keeps_out:
        yield _KEPT_OUT[column.keeps_out]
    if column.left_out:
        yield f"the {column.left_out}'s where it is left out"
    if column.references:
        yield f"→ {column.references}"
    if column.personal:
        yield "*personal*"


def _bounds(column: Column) -> Iterator[str]:
    if column.above is not None:
        up_to = "" if column.maximum is None else f", up to {column.maximum}"
        yield f"above {column.above}{up_to}"
    if column.minimum is not None and column.maximum is not None:
        yield f"{column.minimum} to {column.maximum}"
    elif column.minimum is not None:
        yield f"at least {column.minimum}"
