"""What the answer to one request means for its rows, where all servers mean the same by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.exporting.destination import (
    DestinationStoppedError,
    Outcome,
    OutcomeState,
    Row,
)
from pipelines.exporting.wire.http import (
    Answer,
    LostError,
    NotSentError,
    RefusedConnectionError,
    Wire,
)

_WAIT: Final = frozenset({429, 503})
# What says that nothing of this export can be taken, whatever the rows (RFC 9110, 15).
_STOPS: Final[Mapping[int, str]] = {
    401: "the credentials are not accepted; renew those that its file names under secrets",
    403: "the credentials may not do this; ask for access",
    404: "there is nothing at its address; correct the address or the ids in its file",
    410: "it takes nothing more, and says so; remove the destination",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A request as it is sent: method, address, body and headers."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]


class UnansweredError(Exception):
    """A request has no answer for its rows; `outcomes` says what that means for them."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        """Take what became of the rows."""
        self.outcomes = outcomes
        super().__init__()


def answer_to(
    wire: Wire, post: Post, rows: Sequence[Row], *, now: float, means_gone: Collection[int] = ()
) -> Answer:
    """The answer to a request: 2xx, or a 4xx that the destination has a meaning of its own for.

    Args:
        wire: the connection.
        post: the request.
        rows: those it is about.
        now: in Unix time; a server may name the time from which it takes requests again.
        means_gone: statuses that say of a row, and not of the destination, that it is not there.

    Raises:
        UnansweredError: the rows wait, or nobody knows what became of them.
        DestinationStoppedError: the destination takes nothing from us.
    """
    answer = _requested(wire, post, rows)
    if answer.status in means_gone:
        return answer
    if answer.status in _STOPS:
        raise DestinationStoppedError(f"{_STOPS[answer.status]} (status {answer.status})")
    if 300 <= answer.status < 400:
        raise DestinationStoppedError("it redirects, and nothing follows; write the final address")
    if answer.status in _WAIT:
        wait = answer.retry_after_seconds(now)
        raise UnansweredError(outcomes(rows, "retry", f"status_{answer.status}", wait))
    if answer.status >= 500:
        raise UnansweredError(outcomes(rows, "unknown", f"status_{answer.status}"))
    return answer


def _requested(wire: Wire, post: Post, rows: Sequence[Row]) -> Answer:
    try:
        return wire.request(post.method, post.url, post.body, post.headers)
    except NotSentError:
        raise UnansweredError(outcomes(rows, "retry", "not_reached")) from None
    except LostError:
        raise UnansweredError(outcomes(rows, "unknown", "answer_lost")) from None
    except RefusedConnectionError as error:
        raise DestinationStoppedError(f"its address {error}") from None


def outcomes(
    rows: Sequence[Row],
    state: OutcomeState,
    reason: str | None = None,
    retry_after_seconds: float | None = None,
) -> list[Outcome]:
    """The same outcome for each of the rows."""
    return [Outcome(row.key, state, reason, retry_after_seconds) for row in rows]


def in_order(rows: Sequence[Row], found: Mapping[str, Outcome]) -> list[Outcome]:
    """The outcomes by key, in the order of the rows."""
    return [found[row.key] for row in rows]
