"""The suite of a feed: what its contract implies, and what the business knows beyond it.

The loader has judged every row by itself (types, allowed values, bounds). Here is what one row
cannot tell: uniqueness over all rows, relations to other feeds and between columns, shares, sums;
and a cheap second look at what the loader promised.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data_quality import expectations as expect
from data_quality.business_rules import CAPS, IN_ORDER, rules_of
from data_quality.currencies import ISO_4217
from data_quality.rules import Rule, Suite
from output.findings.finding import Finding

DELETED = "is_deleted"
# What pipelines join to a feed's rows; the names end so.
IS_KNOWN = "_is_known"
# Five minutes after the row was received, in the zone in which its times are written.
LATEST_PLAUSIBLE = "latest_plausible_at"
TOO_OLD = "too_old_count"
CONTRADICTING = "contradicting_count"

# A few orphans are normal while feeds arrive at different hours (decision 12); where
# most rows are orphans, the feed or its keys are of another system.
_KNOWN_MOSTLY, _KNOWN_BLOCKS = 0.999, 0.5
# One wrong clock is a nuisance; where half the rows run backwards, columns were exchanged.
_ORDER_MOSTLY, _ORDER_BLOCKS = 0.99, 0.5
_MAIL_MOSTLY = 0.995
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_CAP_MOSTLY = 0.9999


def feed_suite(contract: Mapping[str, Any], delivered: frozenset[str]) -> Suite:
    """The suite of a feed, from its contract as plain data and the feeds that exist beside it."""
    feed = contract["feed"]
    rules = [*_contract_rules(contract, delivered), *rules_of(feed, delivered)]
    return Suite(name=feed, title=contract["title"], rules=tuple(rules))


def _contract_rules(contract: Mapping[str, Any], delivered: frozenset[str]) -> Iterator[Rule]:
    columns = {name: c for name, c in contract["columns"].items() if name != DELETED}
    yield expect.unique(list(contract["key"]))
    for name, column in columns.items():
        if column["required"]:
            yield expect.never_empty(name)
        yield from _value_rules(contract["feed"], name, column)
        reference = column["references"]
        if reference and reference.partition(".")[0] in delivered - {contract["feed"]}:
            yield _known(name, reference)
    for earlier, later in IN_ORDER.get(contract["feed"], ()):
        yield expect.in_order(earlier, later, mostly=_ORDER_MOSTLY, blocks_below=_ORDER_BLOCKS)
    if contract["version"]:
        yield expect.fact(CONTRADICTING, 0, Finding.of("no_contradiction"))
    moment = contract["event_time"]
    if moment and columns[moment]["type"] == "timestamp":
        yield expect.in_order(moment, LATEST_PLAUSIBLE, mostly=1.0, blocks_below=_ORDER_BLOCKS)
        yield expect.fact(TOO_OLD, 0, Finding.of("none_too_old", column=moment))


def _value_rules(feed: str, name: str, column: Mapping[str, Any]) -> Iterator[Rule]:
    if column["allowed"]:
        yield expect.one_of(name, list(column["allowed"]), mostly=1.0, blocks_below=_KNOWN_BLOCKS)
    if name.endswith("currency_code"):
        yield expect.one_of(name, list(ISO_4217), mostly=1.0, blocks_below=_KNOWN_BLOCKS)
    if name == "email":
        yield expect.matches(name, _MAIL, "is_mail_address", mostly=_MAIL_MOSTLY)
    cap = CAPS.get((feed, name), CAPS.get(("", column["type"])))
    if cap is not None:
        low = 0 if column["minimum"] == 0 else None
        yield expect.between(name, low, cap, mostly=_CAP_MOSTLY)


def _known(name: str, reference: str) -> Rule:
    feed, _, key = reference.partition(".")
    return expect.holds(
        f"{name}{IS_KNOWN}",
        Finding.of("is_known", column=name, feed=feed, key=key),
        mostly=_KNOWN_MOSTLY,
        blocks_below=_KNOWN_BLOCKS,
    )
