"""Google Customer Match through the Data Manager API.

https://developers.google.com/data-manager/api/reference/rest/v1/audienceMembers/ingest and
.../remove; limits: https://developers.google.com/data-manager/api/devguides/limits. An answer of
200 says that the members were accepted; Google processes them later and publishes no result per
member, only counts (requestStatus:retrieve).
"""

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

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
from pipelines.exporting.identifiers.formats import GOOGLE, Identified
from pipelines.exporting.wire.answers import (
    Post,
    UnansweredError,
    answer_to,
    outcomes,
)
from pipelines.exporting.wire.http import Wire

_LIMITS: Final = Limits(rows_per_request=10_000, requests_per_second=300 / 60)
_METHODS: Final[Mapping[Operation, str]] = {"upsert": "ingest", "remove": "remove"}
_ADDRESS: Final = ("givenName", "familyName", "regionCode", "postalCode")
# https://cloud.google.com/apis/design/errors#error_model: which member a violation is about.
_MEMBER: Final = re.compile(r"audience_?[mM]embers\[(\d+)\]")
# A token is renewed before it ends.
_SPARE_SECONDS: Final = 60.0

_Member = tuple[Row, Mapping[str, Any]]

Granted = Literal["CONSENT_GRANTED", "CONSENT_DENIED"]


class Settings(BaseModel):
    """What the file of a Customer Match list says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operating_account_id: str = Field(pattern=r"^\d{10}$", description="Google Ads account.")
    login_account_id: str | None = Field(default=None, pattern=r"^\d{10}$")
    user_list_id: str = Field(pattern=r"^\d+$")
    # No default: who writes the file says what the people of its exports consented to.
    ad_user_data: Granted
    ad_personalization: Granted
    validate_only: bool = Field(default=False, description="Google checks, and applies nothing.")
    address: str = "https://datamanager.googleapis.com"
    token_address: str = "https://oauth2.googleapis.com/token"  # noqa: S105  # no secret
    loopback_hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class GoogleCustomerMatch:
    """Adds members to a Customer Match list and removes them; a member is its identifiers."""

    settings: Settings
    secrets: Mapping[str, str]
    wire: Wire
    token_wire: Wire
    clock: Callable[[], float] = field(default=time.time)
    _token: str = ""
    _token_ends: float = 0.0

    @property
    def limits(self) -> Limits:
        """10,000 members in a request, 300 requests in a minute."""
        return _LIMITS

    @property
    def promise(self) -> Promise:
        """A member that is there stays one, and one that is not there is not removed twice."""
        return "natural_key"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """What became of the rows; additions and removals are a request each."""
        del idempotency_key
        return sent_by_operation(GOOGLE, rows, self._sent)

    def holds(self) -> Collection[str] | None:
        """Google never says who is in a list."""
        return None

    def _sent(self, operation: Operation, people: Sequence[Person]) -> list[Outcome]:
        return self._applied(operation, [(row, member(person)) for row, person in people])

    def _applied(self, operation: Operation, members: Sequence[_Member]) -> list[Outcome]:
        rows = [row for row, _ in members]
        try:
            headers = {
                "authorization": f"Bearer {self._access_token(rows)}",
                "content-type": "application/json",
            }
            url = f"{self.settings.address}/v1/audienceMembers:{_METHODS[operation]}"
            body = orjson.dumps(self._request(operation, [each for _, each in members]))
            post = Post("POST", url, body, headers)
            answer = answer_to(self.wire, post, rows, now=self.clock())
        except UnansweredError as error:
            return list(error.outcomes)
        if answer.status < 400:
            request_id = str((answer.body or {}).get("requestId", ""))
            return outcomes(rows, "confirmed", f"accepted as {request_id}" if request_id else None)
        refused = _violations(answer.body)
        if not refused:
            return outcomes(rows, "refused", f"status_{answer.status}")
        # Nothing of a refused request was applied, so those that are not named go once more.
        left = [each for at, each in enumerate(members) if at not in refused]
        named = [
            Outcome(row.key, "refused", "invalid_member")
            for at, row in enumerate(rows)
            if at in refused
        ]
        return named + (self._applied(operation, left) if left else [])

    def _request(self, operation: str, members: list[Mapping[str, Any]]) -> dict[str, Any]:
        settings = self.settings
        account = {"accountType": "GOOGLE_ADS", "accountId": settings.operating_account_id}
        destination: dict[str, Any] = {
            "operatingAccount": account,
            "productDestinationId": settings.user_list_id,
        }
        if settings.login_account_id:
            destination["loginAccount"] = {**account, "accountId": settings.login_account_id}
        request: dict[str, Any] = {
            "destinations": [destination],
            "encoding": "HEX",
            "validateOnly": settings.validate_only,
        }
        if operation == "remove":
            return {**request, "audienceMembers": members}
        consent = {
            "adUserData": settings.ad_user_data,
            "adPersonalization": settings.ad_personalization,
        }
        return {
            **request,
            "audienceMembers": [{**each, "consent": consent} for each in members],
            "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
        }

    def _access_token(self, rows: Sequence[Row]) -> str:
        """A token by the refresh token (RFC 6749, 6), the same one until it ends."""
        now = self.clock()
        if now < self._token_ends - _SPARE_SECONDS:
            return self._token
        form = {"grant_type": "refresh_token", **self.secrets}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        post = Post("POST", self.settings.token_address, urlencode(form).encode(), headers)
        try:
            answer = answer_to(self.token_wire, post, rows, now=now)
        except UnansweredError as error:
            # Nothing was sent to the list, whatever became of the question for a token.
            wait = error.outcomes[0].retry_after_seconds
            raise UnansweredError(outcomes(rows, "retry", "no_token", wait)) from None
        if answer.status >= 400 or not isinstance(answer.body, dict):
            raise DestinationStoppedError("Google gives no token; renew the refresh token")
        self._token = str(answer.body.get("access_token", ""))
        self._token_ends = now + float(answer.body.get("expires_in", 0))
        return self._token


def member(person: Identified) -> dict[str, Any]:
    """A member of an audience as the API takes it; an address counts whole or not at all."""
    values = person.values
    identifiers: list[dict[str, Any]] = [
        {name: values[name]} for name in ("emailAddress", "phoneNumber") if name in values
    ]
    if all(name in values for name in _ADDRESS):
        identifiers.append({"address": {name: values[name] for name in _ADDRESS}})
    return {"userData": {"userIdentifiers": identifiers}}


def _violations(body: Any) -> frozenset[int]:
    """The places of the members that an error names (google.rpc.BadRequest)."""
    error = body.get("error", {}) if isinstance(body, dict) else {}
    details = error.get("details", []) if isinstance(error, dict) else []
    return frozenset(
        int(found.group(1))
        for detail in details
        for violation in detail.get("fieldViolations", [])
        if (found := _MEMBER.search(str(violation.get("field", ""))))
    )


def _open(settings: Settings, opening: Opening) -> GoogleCustomerMatch:
    hosts = settings.loopback_hosts
    return GoogleCustomerMatch(settings, opening.secrets, Wire(hosts), Wire(hosts))


KIND: Final = Kind(
    settings=Settings,
    open=_open,
    secrets=("client_id", "client_secret", "refresh_token"),
    identifiers=("email", "phone"),
    wanted=GOOGLE,
)
