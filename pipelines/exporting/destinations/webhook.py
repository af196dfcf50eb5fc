"""A signed webhook in the form of Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: the
receiver checks the signature, and drops what has the id of an earlier message.
"""

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson
from pydantic import BaseModel, ConfigDict, Field

from pipelines.exporting.destination import (
    DestinationStoppedError,
    Kind,
    Limits,
    Opening,
    Outcome,
    Promise,
    Row,
)
from pipelines.exporting.wire.answers import Post, UnansweredError, answer_to, outcomes
from pipelines.exporting.wire.http import Wire

_PREFIX: Final = "whsec_"
# The specification wants 24 to 64 bytes.
_SHORTEST, _LONGEST = 24, 64


class Settings(BaseModel):
    """What a webhook's file says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(description="Where messages are posted; https.")
    rows_per_message: int = Field(default=100, ge=1, le=10_000)
    requests_per_second: float | None = Field(default=None, gt=0)
    loopback_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that may be this machine, for trying it out."
    )


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts each batch of rows as one message; the message's id is the idempotency key."""

    settings: Settings
    opening: Opening
    keys: tuple[bytes, ...]
    wire: Wire
    clock: Callable[[], float] = field(default=time.time)

    @property
    def limits(self) -> Limits:
        """As the file says."""
        settings = self.settings
        return Limits(settings.rows_per_message, settings.requests_per_second)

    @property
    def promise(self) -> Promise:
        """A receiver drops a message whose id it has seen."""
        return "idempotent"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """What became of the rows: a message is taken or refused as a whole."""
        now = self.clock()
        # The same rows under the same key are the same bytes, so that a repeated message is one.
        body = orjson.dumps(
            {
                "type": "export.rows",
                "data": {
                    "marketplace": self.opening.marketplace,
                    "export": self.opening.export,
                    "rows": [
                        {"key": row.key, "operation": row.operation, "fields": dict(row.fields)}
                        for row in rows
                    ],
                },
            }
        )
        headers = {
            "content-type": "application/json",
            **signed(idempotency_key, int(now), body, self.keys),
        }
        try:
            post = Post("POST", self.settings.url, body, headers)
            answer = answer_to(self.wire, post, rows, now=now)
        except UnansweredError as error:
            return error.outcomes
        if answer.status >= 400:
            return outcomes(rows, "refused", f"status_{answer.status}")
        return outcomes(rows, "confirmed")

    def holds(self) -> Collection[str] | None:
        """Nobody can ask a webhook what it has."""
        return None


def signed(message_id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a message, with a signature by each of the keys."""
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = (
        "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def keys_in(secret: str) -> tuple[bytes, ...]:
    """The keys of a secret, `whsec_` and Base64; while one is replaced by another, two of them.

    Raises:
        DestinationStoppedError: it is none; says what one looks like, and not what it was.
    """
    keys = []
    for text in secret.split():
        try:
            key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            key = b""
        if not text.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
            break
        keys.append(key)
    else:
        if keys:
            return tuple(keys)
    raise DestinationStoppedError(
        f"its signing secret must be {_PREFIX} and {_SHORTEST} to {_LONGEST} bytes in Base64"
    )


def _open(settings: Settings, opening: Opening) -> Webhook:
    keys = keys_in(opening.secrets["signing_secret"])
    return Webhook(settings, opening, keys, Wire(settings.loopback_hosts))


KIND: Final = Kind(settings=Settings, open=_open, secrets=("signing_secret",))
