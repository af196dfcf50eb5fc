"""Browsers that an operator separated from a customer: what the stitching got wrong.

The warehouse takes whoever signed in most often on a browser for its user. Where that is wrong, a
family's tablet or a desk in a shop, an operator says so; the next run links it to nobody or to the
next who signed in there. Which browser and which customer is analytical; the reason is free text
and stays in the store.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from operations import kernel
from operations.kernel import By, Current, Field, NewEvent, Refused, State, Stream
from operations.roles import UNMERGE, roles_with
from output.findings.finding import Finding

LONGEST_REASON: Final = 500


class LinkRefusedError(Refused):
    """A link cannot be separated or joined again; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        """Take why."""
        self.finding = finding
        super().__init__(finding.english)


@dataclass(frozen=True, slots=True)
class Link:
    """A browser that the warehouse links to a customer of a marketplace."""

    marketplace: str
    visitor_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands about a link: whether it is separated, who decided so, when, and why."""

    link: Link
    is_separated: bool
    decided_by: str
    decided_at: datetime
    reason: str


def separate(engine: sa.Engine, link: Link, reason: str, key: str, by: By) -> Decision:
    """Separates a browser from a customer and returns the decision.

    Raises:
        LinkRefusedError: it is separated already, or no reason is given.
        NotPermitted: the account may not.
    """
    return _decide(engine, link, "separated", reason, key, by)


def rejoin(engine: sa.Engine, link: Link, reason: str, key: str, by: By) -> Decision:
    """Takes a separation back and returns the decision.

    Raises:
        LinkRefusedError: it is not separated, or no reason is given.
        NotPermitted: the account may not.
    """
    return _decide(engine, link, "rejoined", reason, key, by)


def separated_from(engine: sa.Engine, marketplace: str, customer_id: str) -> list[Decision]:
    """The browsers that are separated from a customer, by their ids."""
    with engine.connect() as connection:
        found = kernel.all_current(
            connection, STREAM.name, marketplace=marketplace, customer_id=customer_id
        )
    decided = [_decision(each) for each in found if each.state["is_separated"]]
    return sorted(decided, key=lambda each: each.link.visitor_id)


def _decide(engine: sa.Engine, link: Link, kind: str, reason: str, key: str, by: By) -> Decision:
    said = reason.strip()
    if not said:
        raise LinkRefusedError(Finding.of("link_no_reason"))
    if len(said) > LONGEST_REASON:
        raise LinkRefusedError(Finding.of("link_reason_too_long", most=LONGEST_REASON))
    payload = {
        "marketplace": link.marketplace,
        "visitor_id": link.visitor_id,
        "customer_id": link.customer_id,
        "reason": said,
    }
    event = NewEvent(_stream_id(link), kind, payload, idempotency_key=key)
    return _decision(kernel.append(engine, STREAM, event, by))


def _stream_id(link: Link) -> str:
    """An id of fixed length: those of browsers and customers may hold anything, and be long."""
    ids = "\0".join((link.visitor_id, link.customer_id))
    return f"{link.marketplace}/{hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def _decision(found: Current) -> Decision:
    state = found.state
    link = Link(str(state["marketplace"]), str(state["visitor_id"]), str(state["customer_id"]))
    is_separated = bool(state["is_separated"])
    return Decision(link, is_separated, found.changed_by, found.changed_at, str(state["reason"]))


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    del by
    was_separated, is_separated = bool(before and before["is_separated"]), new.kind == "separated"
    if was_separated == is_separated:
        why = "link_is_separated" if is_separated else "link_is_not_separated"
        raise LinkRefusedError(Finding.of(why))
    return {**new.payload, "is_separated": is_separated}


STREAM = Stream(
    name="visitor_links",
    fields={
        **dict.fromkeys(
            ("marketplace", "visitor_id", "customer_id", "is_separated"), Field(analytical=True)
        ),
        "reason": Field(),
    },
    permitted={"separated": roles_with(UNMERGE), "rejoined": roles_with(UNMERGE)},
    fold=_fold,
    is_analytical=True,
)
