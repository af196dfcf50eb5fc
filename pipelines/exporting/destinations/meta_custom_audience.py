"""Meta custom audiences, by hashed identifiers of many kinds at once.

https://developers.facebook.com/docs/marketing-api/reference/custom-audience/users: 10,000 people
in a request, a session of one batch each; errors by number:
https://developers.facebook.com/docs/graph-api/guides/error-handling and, of limits,
https://developers.facebook.com/docs/graph-api/overview/rate-limiting.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

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
from pipelines.exporting.identifiers.formats import META
from pipelines.exporting.wire.answers import (
    Post,
    UnansweredError,
    answer_to,
    outcomes,
)
from pipelines.exporting.wire.http import Answer, Wire

_LIMITS: Final = Limits(rows_per_request=10_000)
_METHODS: Final[Mapping[Operation, str]] = {"upsert": "POST", "remove": "DELETE"}
# Calls are counted by app, by user, by account and by custom audience; 1 and 2 are passing faults.
_WAIT: Final = frozenset({1, 2, 4, 17, 32, 341, 613, 80003})
# The token is none, has ended, or may not; the audience is flagged (100 with 1713230).
_STOPS: Final = frozenset({10, 102, 190, 200, 294, 368})
_FLAGGED: Final = 1713230
_USAGE: Final = "x-business-use-case-usage"


class Settings(BaseModel):
    """What the file of a custom audience says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audience_id: str = Field(pattern=r"^\d+$")
    version: str = Field(default="v25.0", pattern=r"^v\d+\.\d+$", description="Of the Graph API.")
    address: str = "https://graph.facebook.com"
    loopback_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetaCustomAudience:
    """Adds people to a custom audience and removes them; a person is its identifiers."""

    settings: Settings
    access_token: str
    wire: Wire
    clock: Callable[[], float] = field(default=time.time)

    @property
    def limits(self) -> Limits:
        """10,000 people in a request; how many requests depends on the account."""
        return _LIMITS

    @property
    def promise(self) -> Promise:
        """Somebody who is there stays, and who is not there is not removed twice."""
        return "natural_key"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """What became of the rows; additions and removals are a request each."""
        return sent_by_operation(
            META,
            rows,
            lambda operation, people: self._sent(
                _METHODS[operation], people, f"{idempotency_key} {operation}"
            ),
        )

    def holds(self) -> Collection[str] | None:
        """Meta never says who is in an audience."""
        return None

    def _sent(self, method: str, people: Sequence[Person], session: str) -> list[Outcome]:
        rows = [row for row, _ in people]
        schema = [
            name for name in META.identifiers if any(name in each.values for _, each in people)
        ]
        # What is not known of a person is left blank.
        data = [[person.values.get(name, "") for name in schema] for _, person in people]
        body = orjson.dumps(
            {
                "payload": {"schema": schema, "data": data},
                "session": {
                    "session_id": _session_id(session),
                    "batch_seq": 1,
                    "last_batch_flag": True,
                    "estimated_num_total": len(rows),
                },
            }
        )
        settings = self.settings
        url = f"{settings.address}/{settings.version}/{settings.audience_id}/users"
        headers = {
            "authorization": f"Bearer {self.access_token}",
            "content-type": "application/json",
        }
        try:
            post = Post(method, url, body, headers)
            answer = answer_to(self.wire, post, rows, now=self.clock())
        except UnansweredError as error:
            return list(error.outcomes)
        if error_of := _error(answer):
            return _refused(rows, error_of, answer)
        return _taken(rows, data, answer.body or {})


def _taken(rows: Sequence[Row], data: list[list[str]], body: Mapping[str, Any]) -> list[Outcome]:
    """What became of the rows of a request that was taken, of which some may be invalid.

    Meta names samples of the invalid entries. While there are others, nobody knows which they are.
    """
    invalid = int(body.get("num_invalid_entries") or 0)
    if not invalid:
        return outcomes(rows, "confirmed")
    named = str(body.get("invalid_entry_samples") or {})
    refused = {
        row.key
        for row, values in zip(rows, data, strict=True)
        if any(v and v in named for v in values)
    }
    are_all_named = len(refused) == invalid
    return [
        Outcome(row.key, "refused", "invalid_entry")
        if row.key in refused
        else Outcome(row.key, "confirmed")
        if are_all_named
        else Outcome(row.key, "unknown", f"{invalid} of {len(rows)} invalid")
        for row in rows
    ]


def _error(answer: Answer) -> Mapping[str, Any]:
    """The error in an answer; Meta gives one whatever the status, so it is what counts."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if isinstance(error, dict):
        return error
    return {"code": -answer.status} if answer.status >= 400 else {}


def _refused(rows: Sequence[Row], error: Mapping[str, Any], answer: Answer) -> list[Outcome]:
    code = int(error.get("code") or 0)
    if code in _WAIT:
        return outcomes(rows, "retry", f"code_{code}", _minutes_to_wait(answer))
    if code in _STOPS:
        raise DestinationStoppedError(
            f"Meta refuses the token or what it may do (code {code}); renew it, or ask for access"
        )
    if error.get("error_subcode") == _FLAGGED:
        raise DestinationStoppedError(
            "Meta has flagged the audience; see Audience Manager, and appeal or make a new one"
        )
    return outcomes(rows, "refused", f"code_{code}")


def _minutes_to_wait(answer: Answer) -> float | None:
    """The seconds until calls are taken again, as the header of use says in minutes."""
    try:
        usage = orjson.loads(answer.headers.get(_USAGE, ""))
        minutes = max(
            float(each["estimated_time_to_regain_access"])
            for account in usage.values()
            for each in account
        )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return minutes * 60 or None


def _session_id(text: str) -> int:
    """A positive number of 63 bits for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _open(settings: Settings, opening: Opening) -> MetaCustomAudience:
    token = opening.secrets["access_token"]
    return MetaCustomAudience(settings, token, Wire(settings.loopback_hosts))


KIND: Final = Kind(
    settings=Settings,
    open=_open,
    secrets=("access_token",),
    identifiers=("email", "phone", "mobile_id", "external_id"),
    wanted=META,
)
