"""Browsers that were linked to the wrong customer: who may separate them, and what stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dashboards import resources
from dashboards.context import Context
from dashboards.viewer import NotAllowed, Viewer, require_operator
from operations import roles, visitor_links
from operations.kernel import By, Refused
from operations.visitor_links import Link, LinkRefusedError
from output.findings.finding import Finding

LONGEST_REASON: Final = visitor_links.LONGEST_REASON


@dataclass(frozen=True, slots=True)
class Separation:
    """A browser that somebody separated from a customer, when, and why."""

    visitor_id: str
    decided_by: str
    decided_at: datetime
    reason: str


def may_unmerge(viewer: Viewer) -> bool:
    """Return whether somebody may separate browsers from customers."""
    return roles.may(viewer.role, roles.UNMERGE) and viewer.vendor_id is None


def separations(context: Context, customer_id: str) -> list[Separation]:
    """Return the browsers that are separated from a customer, by their ids."""
    require_operator(context.viewer)
    found = visitor_links.separated_from(
        resources.current().store, context.manifest.marketplace, customer_id
    )
    return [
        Separation(each.link.visitor_id, each.decided_by, each.decided_at, each.reason)
        for each in found
    ]


def decide(
    context: Context, which: tuple[str, str], reason: str, key: str, *, is_separated: bool
) -> Finding | None:
    """Separate a browser from a customer or join the two again; returns why not.

    Args:
        context: whose page it is.
        which: the browser and the customer.
        reason: why, in some words.
        key: the command's; given twice it is one command.
        is_separated: whether they are to be separated.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    viewer = context.viewer
    if not may_unmerge(viewer):
        raise NotAllowed("the account may not separate browsers from customers")
    command = visitor_links.separate if is_separated else visitor_links.rejoin
    link = Link(context.manifest.marketplace, *which)
    by = By(viewer.account_name, resources.now())
    try:
        command(resources.current().store, link, reason, key, by)
    except LinkRefusedError as refused:
        return refused.finding
    except Refused as refused:
        raise NotAllowed(f"the command was refused: {type(refused).__name__}") from refused
    return None
