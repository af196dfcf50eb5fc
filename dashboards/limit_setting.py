"""Limits of vendors' metrics: who may set them, what stands, and setting one from a day on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from dashboards import resources
from dashboards.context import Context
from dashboards.viewer import NotAllowed, Viewer, require_operator
from operations import roles, thresholds
from operations.kernel import By, Refused
from operations.thresholds import LimitRefusedError, NewLimit, Scope
from output.findings.finding import Finding

LONGEST_REASON: Final = thresholds.LONGEST_REASON


@dataclass(frozen=True, slots=True)
class Wish:
    """A limit as it is asked for; no country or category is all of them, no value ends one."""

    metric_id: str
    unit: str
    country_code: str | None
    category_id: str | None
    threshold: float | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class Standing:
    """A limit that somebody set and nobody withdrew; no value leaves it to the next wider scope."""

    metric_id: str
    country_code: str | None
    category_id: str | None
    threshold: float | None
    valid_from: date
    decided_by: str
    decided_at: datetime
    reason: str


def may_set(viewer: Viewer) -> bool:
    """Return whether somebody may set limits."""
    return roles.may(viewer.role, roles.SET_LIMITS) and viewer.vendor_id is None


def earliest(context: Context) -> date:
    """Return the first day that a limit may begin on: what was judged stays as it is."""
    return context.manifest.as_of_date + timedelta(days=1)


def limits(context: Context) -> list[Standing]:
    """Return what operators set and did not withdraw, the last to begin first."""
    require_operator(context.viewer)
    return [
        Standing(
            each.scope.metric_id,
            each.scope.country_code,
            each.scope.category_id,
            each.threshold,
            each.valid_from,
            each.decided_by,
            each.decided_at,
            each.reason,
        )
        for each in thresholds.all_limits(_store(), context.manifest.marketplace)
    ]


def keeps_its_own(
    wish: Wish, limits: Sequence[Standing], country_code: str | None, category_id: str | None
) -> bool:
    """Return whether a vendor there would keep a limit of a narrower scope than the wish has."""
    last: dict[tuple[str | None, str | None], Standing] = {}
    for each in sorted(limits, key=lambda limit: limit.valid_from):
        if each.metric_id == wish.metric_id and each.valid_from <= wish.valid_from:
            last[each.country_code, each.category_id] = each
    return any(
        each.threshold is not None
        and _narrowness(each) > _narrowness(wish)
        and each.country_code in {None, country_code}
        and each.category_id in {None, category_id}
        for each in last.values()
    )


def _narrowness(limit: Wish | Standing) -> int:
    """Return which limit goes first: a country's category, a country, a category, all vendors."""
    return 2 * (limit.country_code is not None) + (limit.category_id is not None)


def decide(context: Context, wish: Wish, reason: str, key: str) -> Finding | None:
    """Set a limit; returns why not.

    Args:
        context: whose page it is.
        wish: the limit that is asked for.
        reason: why, in some words.
        key: the command's; given twice it is one command.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    scope = Scope(context.manifest.marketplace, wish.metric_id, wish.country_code, wish.category_id)
    limit = NewLimit(wish.threshold, wish.valid_from, wish.unit, context.manifest.as_of_date)
    return _given(context, lambda by: thresholds.set_limit(_store(), scope, limit, reason, key, by))


def withdraw(context: Context, limit: Standing, reason: str, key: str) -> Finding | None:
    """Withdraw a limit that is yet to begin; returns why not.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    scope = Scope(
        context.manifest.marketplace, limit.metric_id, limit.country_code, limit.category_id
    )
    known_until = context.manifest.as_of_date
    return _given(
        context,
        lambda by: thresholds.withdraw(
            _store(), scope, limit.valid_from, known_until, reason, key, by
        ),
    )


def _given(context: Context, command: Callable[[By], object]) -> Finding | None:
    viewer = context.viewer
    if not may_set(viewer):
        raise NotAllowed("the account may not set limits")
    try:
        command(By(viewer.account_name, resources.now()))
    except LimitRefusedError as refused:
        return refused.finding
    except Refused as refused:
        raise NotAllowed(f"the command was refused: {type(refused).__name__}") from refused
    return None


def _store() -> sa.Engine:
    return resources.current().store
