"""Mailchimp audiences: members are added in batches, and archived one by one.

https://mailchimp.com/developer/marketing/api/lists/batch-subscribe-or-unsubscribe/: 500 members in
a request; an answer of 200 names those that failed under `errors`.
https://mailchimp.com/developer/marketing/api/list-members/archive-list-member/: a member's key is
the MD5 of its address in lower case.
"""

import base64
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from pipelines.exporting.destination import (
    DestinationStoppedError,
    Kind,
    Limits,
    Opening,
    Operation,
    Outcome,
    Promise,
    Row,
)
from pipelines.exporting.destinations.people import Person, sent_by_operation
from pipelines.exporting.identifiers.formats import MAILCHIMP
from pipelines.exporting.identifiers.texts import email
from pipelines.exporting.wire.answers import (
    Post,
    UnansweredError,
    answer_to,
    outcomes,
)
from pipelines.exporting.wire.http import Wire

_LIMITS: Final = Limits(rows_per_request=500)
# What Mailchimp calls the fields that people usually merge into letters.
_MERGED: Final = {"first_name": "FNAME", "last_name": "LNAME", "phone": "PHONE"}
_ALREADY_GONE: Final = frozenset({404, 405})


class Settings(BaseModel):
    """What the file of a Mailchimp audience says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    list_id: str = Field(pattern=r"^[0-9a-f]{10}$")
    status: Literal["subscribed", "pending", "transactional"] = Field(
        description="Of new members; `pending` sends each a letter that asks to confirm."
    )
    address: str | None = Field(default=None, description="Without one, the key's data centre.")
    loopback_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mailchimp:
    """Adds members to an audience and archives them."""

    settings: Settings
    address: str
    headers: dict[str, str]
    wire: Wire
    clock: Callable[[], float] = field(default=time.time)

    @property
    def limits(self) -> Limits:
        """500 members in a request; not more than ten connections, of which we use one."""
        return _LIMITS

    @property
    def promise(self) -> Promise:
        """A member is its address: who is there is updated, and who is archived stays so."""
        return "natural_key"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """What became of the rows: one request for the additions, one for each removal."""
        del idempotency_key
        return sent_by_operation(MAILCHIMP, rows, self._sent)

    def holds(self) -> Collection[str] | None:
        """Mailchimp knows addresses, and not our keys."""
        return None

    def _sent(self, operation: Operation, people: Sequence[Person]) -> list[Outcome]:
        if operation == "upsert":
            return self._added([(row, email(row.fields["email"] or "")) for row, _ in people])
        return [self._archived(row, person.values["subscriber_hash"]) for row, person in people]

    def _added(self, added: Sequence[tuple[Row, str]]) -> list[Outcome]:
        rows = [row for row, _ in added]
        members = [self._member(row, address) for row, address in added]
        body = orjson.dumps({"members": members, "update_existing": True})
        try:
            post = Post("POST", self._url(), body, self.headers)
            answer = answer_to(self.wire, post, rows, now=self.clock())
        except UnansweredError as error:
            return list(error.outcomes)
        if answer.status >= 400 or not isinstance(answer.body, dict):
            return outcomes(rows, "refused", f"status_{answer.status}")
        refused = {
            str(each.get("email_address", "")).lower(): str(
                each.get("error_code") or "ERROR_GENERIC"
            )
            for each in answer.body.get("errors", [])
        }
        return [
            Outcome(row.key, "refused", refused[address].lower())
            if address in refused
            else Outcome(row.key, "confirmed")
            for row, address in added
        ]

    def _member(self, row: Row, address: str) -> dict[str, Any]:
        merged = {
            theirs: text for ours, theirs in _MERGED.items() if (text := row.fields.get(ours))
        }
        return {"email_address": address, "status": self.settings.status, "merge_fields": merged}

    def _archived(self, row: Row, subscriber_hash: str) -> Outcome:
        post = Post("DELETE", f"{self._url()}/members/{subscriber_hash}", b"", self.headers)
        try:
            answer = answer_to(self.wire, post, [row], now=self.clock(), means_gone=_ALREADY_GONE)
        except UnansweredError as error:
            return error.outcomes[0]
        if answer.status < 400 or answer.status in _ALREADY_GONE:
            return Outcome(row.key, "confirmed")
        return Outcome(row.key, "refused", f"status_{answer.status}")

    def _url(self) -> str:
        return f"{self.address}/3.0/lists/{self.settings.list_id}"


def _open(settings: Settings, opening: Opening) -> Mailchimp:
    key = opening.secrets["api_key"]
    _, dash, data_centre = key.rpartition("-")
    if not settings.address and not (dash and data_centre.isalnum()):
        raise DestinationStoppedError("its API key must end with the data centre, as in …-us6")
    # The user's name is not looked at: mailchimp.com/developer/marketing/docs/fundamentals
    basic = base64.b64encode(f"kontor:{key}".encode()).decode()
    headers = {"authorization": f"Basic {basic}", "content-type": "application/json"}
    address = settings.address or f"https://{data_centre}.api.mailchimp.com"
    return Mailchimp(settings, address, headers, Wire(settings.loopback_hosts))


KIND: Final = Kind(
    settings=Settings,
    open=_open,
    secrets=("api_key",),
    identifiers=("email",),
    wanted=MAILCHIMP,
)
