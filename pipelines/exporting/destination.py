"""What a destination of exports is: what it takes at once, what it promises, how it answers.

A destination sends rows and says what became of each. It keeps no state between requests, asks no
clock, and decides nothing about consent, guards or retries: its callers do (pipelines.exporting).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from pipelines.exporting.identifiers.formats import Format, Identified

Operation = Literal["upsert", "remove"]
# `idempotent`: a request with the key of an earlier one has no second effect. `natural_key`: an
# upsert or a removal of the same key leaves what one leaves. `whole_file`: each request replaces
# all that was sent before. `none`: a request that may have arrived must not be repeated.
Promise = Literal["idempotent", "natural_key", "whole_file", "none"]
# `unknown`: it may have arrived; `retry`: it did not.
OutcomeState = Literal["confirmed", "refused", "unknown", "retry"]


class DestinationStoppedError(Exception):
    """Nothing can be sent (credentials, settings, host key); says what and where, without secrets.

    The run stops, its rows stay pending, and the next run goes on with them.
    """


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it leaves: its key, and its fields as mapped and not yet hashed, None if missing.

    The row of a removal has the fields by which the destination finds it. `former` are names and
    values of hashed identifiers by which the destination has the row and which go: all that is to
    go of a removal, and what goes before an addition. None where nothing is known of them.
    `person` is how the destination finds it, where that was worked out already.
    """

    key: str
    operation: Operation
    fields: Mapping[str, str | None]
    former: Sequence[tuple[str, str]] | None = None
    person: Identified | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row; `reason` is a code or a few words that name no person."""

    key: str
    state: OutcomeState
    reason: str | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a destination takes: rows and bytes (of the body) in a request, requests in a second.

    `rows_per_request` is None where everything goes in one; None elsewhere is no limit.
    """

    rows_per_request: int | None
    requests_per_second: float | None = None
    bytes_per_request: int | None = None


class Destination(Protocol):
    """Where rows are sent."""

    @property
    def limits(self) -> Limits:
        """What it takes at once."""
        ...

    @property
    def promise(self) -> Promise:
        """What makes a repeated request harmless."""
        ...

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        """What became of each of the rows, in their order, after one request within the limits.

        A request whose answer was lost is `unknown`, and one that was not taken (429, 503) `retry`.

        Raises:
            DestinationStoppedError: nothing can be sent, whatever the rows (401, 403).
        """
        ...

    def holds(self) -> Collection[str] | None:
        """The keys that the destination says it has; None if it cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """For which export a destination is opened.

    `columns` are the names of the fields in their order; `secrets` the values of the environment's
    variables that the destination's file names, by the names of its settings; `folder` is
    `exports` in the home.
    """

    marketplace: str
    export: str
    columns: tuple[str, ...]
    secrets: Mapping[str, str]
    folder: Path


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of destination: its settings as its file has them, the secrets it needs, its opening.

    `identifiers` are the fields of which a row must have one, whatever it is called in the export.
    `wanted` are the identifiers by which it finds people, if it does.
    """

    settings: type[BaseModel]
    open: Callable[[Any, Opening], Destination]
    secrets: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    wanted: Format | None = None
