"""What vendors ask to have sent to buyers of their own: asked, approved or declined, and ended.

A vendor sees whether it was approved and how many whole tens were sent, never who. Which buyers are
meant is a group that its page shows without a name; whoever approves looks at the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import sqlalchemy as sa

from operations import audit, kernel
from operations.kernel import (
    ACCOUNTS,
    By,
    Current,
    Field,
    NewEvent,
    NotPermitted,
    Refused,
    State,
    Stream,
)
from operations.roles import ASK_EXPORT, EXPORT, roles_with
from operations.store import writing

RequestState = Literal["requested", "approved", "declined", "ended"]
_LONGEST_REASON, _LONGEST_GROUP = 500, 80


class VendorRequestRefusedError(Refused):
    """What is asked does not fit the request as it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a vendor asks: a group of its buyers, `all` or the code of a segment."""

    request_id: str
    marketplace: str
    vendor_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A request as it stands; `people_in_tens` are whole tens who were sent, once there are any."""

    request_id: str
    marketplace: str
    vendor_id: str
    group_id: str
    state: RequestState
    asked_at: datetime
    changed_at: datetime
    people_in_tens: int | None
    decided_by: str | None
    reason: str


def ask(engine: sa.Engine, new: Asked, by: By) -> VendorRequest:
    """Appends a request, or returns the one for the same group that still waits or is approved.

    Raises:
        NotPermitted: the account may not, or is another vendor's.
        VendorRequestRefusedError: there is no such group.
    """
    if not 0 < len(new.group_id) <= _LONGEST_GROUP:
        raise VendorRequestRefusedError("there is no such group")
    with writing(engine) as connection:
        audit.hold_chain(connection)
        kernel.check_permitted(connection, STREAM, "requested", by)
        account = kernel.current(connection, ACCOUNTS, by.actor)
        own = (new.vendor_id, new.marketplace)
        state = account.state if account else {}
        if (state.get("vendor_id"), state.get("marketplace") or new.marketplace) != own:
            raise NotPermitted("only an account of the vendor may ask for its buyers")
        open_ = [
            each
            for each in _found(connection, new.marketplace, new.vendor_id)
            if each.group_id == new.group_id and each.state in {"requested", "approved"}
        ]
        if open_:
            return open_[0]
        payload = {
            "marketplace": new.marketplace,
            "vendor_id": new.vendor_id,
            "group_id": new.group_id,
        }
        event = NewEvent(new.request_id, "requested", payload, expected_version=0)
        return _request(kernel.append_within(connection, STREAM, event, by))


def approve(engine: sa.Engine, request_id: str, key: str, by: By) -> VendorRequest:
    """Lets a request be sent by the runs to come.

    Raises:
        VendorRequestRefusedError: it does not wait.
        NotPermitted: the account may not.
    """
    return _decided(engine, NewEvent(request_id, "approved", {}, None, key), by)


def decline(engine: sa.Engine, request_id: str, reason: str, key: str, by: By) -> VendorRequest:
    """Refuses a request; the vendor reads why.

    Raises:
        VendorRequestRefusedError: it does not wait, or the reason is too long.
        NotPermitted: the account may not.
    """
    if len(reason) > _LONGEST_REASON:
        raise VendorRequestRefusedError(f"a reason may have at most {_LONGEST_REASON} characters")
    payload = {"reason": reason.strip()}
    return _decided(engine, NewEvent(request_id, "declined", payload, None, key), by)


def end(engine: sa.Engine, request_id: str, key: str, by: By) -> VendorRequest:
    """Ends an approved request: the next run removes whoever was sent.

    Raises:
        VendorRequestRefusedError: it is not approved.
        NotPermitted: the account may not.
    """
    return _decided(engine, NewEvent(request_id, "ended", {}, None, key), by)


def note_sent(engine: sa.Engine, request_id: str, people: int, by: By) -> None:
    """Notes how many whole tens are at the destination, if that changed."""
    with engine.connect() as connection:
        found = kernel.current(connection, STREAM.name, request_id)
    tens = people // 10 * 10
    if found is not None and found.state.get("people_in_tens") != tens:
        _decided(engine, NewEvent(request_id, "sent", {"people_in_tens": tens}), by)


def requests(
    engine: sa.Engine, marketplace: str, vendor_id: str | None = None
) -> list[VendorRequest]:
    """The requests of a marketplace, or of one of its vendors, the newest first."""
    with engine.connect() as connection:
        return _found(connection, marketplace, vendor_id)


def _found(
    connection: sa.Connection, marketplace: str, vendor_id: str | None
) -> list[VendorRequest]:
    equals = {"marketplace": marketplace} | ({"vendor_id": vendor_id} if vendor_id else {})
    found = [_request(each) for each in kernel.all_current(connection, STREAM.name, **equals)]
    return sorted(found, key=lambda each: (each.asked_at, each.request_id), reverse=True)


def _decided(engine: sa.Engine, event: NewEvent, by: By) -> VendorRequest:
    return _request(kernel.append(engine, STREAM, event, by))


# What has to be the state before, and what is it after.
_STEPS: Final[Mapping[str, tuple[frozenset[str], RequestState | None]]] = {
    "approved": (frozenset({"requested"}), "approved"),
    "declined": (frozenset({"requested"}), "declined"),
    "ended": (frozenset({"approved"}), "ended"),
    "sent": (frozenset({"approved", "ended"}), None),
}


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    if new.kind == "requested":
        moment = by.at.astimezone(UTC).isoformat()
        return {**new.payload, "state": "requested", "asked_at": moment}
    if before is None:
        raise VendorRequestRefusedError(f"there is no request {new.id}")
    fits, after = _STEPS[new.kind]
    if before["state"] not in fits:
        raise VendorRequestRefusedError(
            f"the request is {before['state']}, so it cannot be {new.kind}"
        )
    decided = {} if after is None else {"state": after, "decided_by": by.actor}
    return {**before, **new.payload, **decided}


STREAM = Stream(
    name="vendor_requests",
    fields={
        **dict.fromkeys(
            ("marketplace", "vendor_id", "group_id", "state", "asked_at", "people_in_tens"),
            Field(analytical=True),
        ),
        # An account's name, and somebody's words.
        **dict.fromkeys(("decided_by", "reason"), Field()),
    },
    permitted={
        "requested": roles_with(ASK_EXPORT),
        "approved": roles_with(EXPORT),
        "declined": roles_with(EXPORT),
        "ended": roles_with(EXPORT),
        "sent": frozenset({kernel.SYSTEM}),
    },
    fold=_fold,
    is_analytical=True,
)


def _request(found: Current) -> VendorRequest:
    state = found.state
    return VendorRequest(
        request_id=found.id,
        marketplace=str(state["marketplace"]),
        vendor_id=str(state["vendor_id"]),
        group_id=str(state["group_id"]),
        state=state["state"],
        asked_at=datetime.fromisoformat(str(state["asked_at"])),
        changed_at=found.changed_at,
        people_in_tens=state.get("people_in_tens"),
        decided_by=state.get("decided_by"),
        reason=str(state.get("reason", "")),
    )
