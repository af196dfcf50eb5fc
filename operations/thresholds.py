"""Limits of vendors' metrics that operators set: for whom, from which day, and why.

A limit counts from a day to come, in all windows whose last day is that day or a later one, until
the next one of its scope; what was published before keeps the limit by which it was judged. The
most specific scope counts: a country's category, a country, a category, all vendors, and last the
registry. Everything but the reason and the name is analytical: the warehouse reads the events.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from operations import kernel
from operations.kernel import By, Current, Field, NewEvent, Refused, State, Stream
from operations.roles import SET_LIMITS, roles_with
from output.findings.finding import Finding

LONGEST_REASON: Final = 500
# Between which values a limit of each unit lies; hours up to a month.
RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"rate": (0, 1), "score": (1, 5), "hours": (0, 744), "points": (0, 100)}
)


class LimitRefusedError(Refused):
    """A limit cannot be set or withdrawn; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        """Take why."""
        self.finding = finding
        super().__init__(finding.english)


@dataclass(frozen=True, slots=True)
class Scope:
    """For which vendors a metric has a limit; None for a country or category is all of them."""

    marketplace: str
    metric_id: str
    country_code: str | None = None
    category_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit in the metric's own unit, and its first day.

    `threshold`: None leaves the scope to the next wider one again. `known_until` is the last day of
    the data that is published.
    """

    threshold: float | None
    valid_from: date
    unit: str
    known_until: date


@dataclass(frozen=True, slots=True)
class SetLimit:
    """A limit that was set and not withdrawn."""

    scope: Scope
    threshold: float | None
    valid_from: date
    decided_by: str
    decided_at: datetime
    reason: str


def set_limit(
    engine: sa.Engine, scope: Scope, limit: NewLimit, reason: str, key: str, by: By
) -> list[SetLimit]:
    """Sets a limit from a day to come and returns all that were set for its scope.

    Raises:
        LimitRefusedError: it does not lie in its unit's range, would begin on a day that has been
            published, or no reason is given.
        NotPermitted: the account may not.
    """
    least, most = RANGES[limit.unit]
    if limit.threshold is not None and not least < limit.threshold < most:
        raise LimitRefusedError(Finding.of("limit_out_of_range", least=least, most=most))
    return _append(engine, "set", scope, limit, reason, key, by)


def withdraw(
    engine: sa.Engine,
    scope: Scope,
    valid_from: date,
    known_until: date,
    reason: str,
    key: str,
    by: By,
) -> list[SetLimit]:
    """Withdraws the limit of a day that is yet to begin and returns all that are set for its scope.

    Raises:
        LimitRefusedError: it has begun, there is none, or no reason is given.
        NotPermitted: the account may not.
    """
    gone = NewLimit(None, valid_from, "", known_until)
    return _append(engine, "withdrawn", scope, gone, reason, key, by)


def all_limits(engine: sa.Engine, marketplace: str) -> list[SetLimit]:
    """The limits of a marketplace that were set and not withdrawn, the last to begin first."""
    with engine.connect() as connection:
        found = kernel.all_current(connection, STREAM.name, marketplace=marketplace)
    limits = [limit for each in found for limit in _limits(each)]
    return sorted(limits, key=lambda each: (each.valid_from, each.decided_at), reverse=True)


def _append(
    engine: sa.Engine, kind: str, scope: Scope, limit: NewLimit, reason: str, key: str, by: By
) -> list[SetLimit]:
    said = reason.strip()
    if not said:
        raise LimitRefusedError(Finding.of("limit_no_reason"))
    if len(said) > LONGEST_REASON:
        raise LimitRefusedError(Finding.of("limit_reason_too_long", most=LONGEST_REASON))
    payload = {
        "marketplace": scope.marketplace,
        "metric_id": scope.metric_id,
        "country_code": scope.country_code,
        "category_id": scope.category_id,
        "threshold": limit.threshold,
        "valid_from": limit.valid_from.isoformat(),
        "known_until": limit.known_until.isoformat(),
        "reason": said,
    }
    event = NewEvent(_stream_id(scope), kind, payload, idempotency_key=key)
    return _limits(kernel.append(engine, STREAM, event, by))


def _stream_id(scope: Scope) -> str:
    """An id of fixed length: those of categories may hold anything, and be long."""
    ids = "\0".join((scope.metric_id, scope.country_code or "", scope.category_id or ""))
    return f"{scope.marketplace}/{hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def _limits(found: Current) -> list[SetLimit]:
    state = found.state
    scope = Scope(**{name: state[name] for name in _SCOPE})
    return [_limit(scope, day, each) for day, each in state["limits"].items()]


def _limit(scope: Scope, day: str, each: Mapping[str, Any]) -> SetLimit:
    return SetLimit(
        scope,
        each["threshold"],
        date.fromisoformat(day),
        each["decided_by"],
        datetime.fromisoformat(each["decided_at"]),
        each["reason"],
    )


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    limits: dict[str, Any] = dict(before["limits"]) if before else {}
    day, known_until = new.payload["valid_from"], new.payload["known_until"]
    has_begun = day <= known_until
    if new.kind == "set" and has_begun:
        raise LimitRefusedError(Finding.of("limit_of_the_past", known_until=known_until))
    if new.kind == "withdrawn":
        if day not in limits:
            raise LimitRefusedError(Finding.of("limit_unknown"))
        if has_begun:
            raise LimitRefusedError(Finding.of("limit_begun"))
        del limits[day]
    else:
        limits[day] = {
            "threshold": new.payload["threshold"],
            "reason": new.payload["reason"],
            "decided_by": by.actor,
            "decided_at": by.at.isoformat(),
        }
    return {**{name: new.payload[name] for name in _SCOPE}, "limits": limits}


_SCOPE: Final = ("marketplace", "metric_id", "country_code", "category_id")
STREAM = Stream(
    name="thresholds",
    fields={
        **dict.fromkeys((*_SCOPE, "threshold", "valid_from"), Field(analytical=True)),
        **dict.fromkeys(("known_until", "reason", "limits"), Field()),
    },
    permitted={"set": roles_with(SET_LIMITS), "withdrawn": roles_with(SET_LIMITS)},
    fold=_fold,
    is_analytical=True,
)
