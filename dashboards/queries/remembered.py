"""Results that were asked for before: a budget of bytes, and a share of it for each owner."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Rows = tuple[Mapping[str, Any], ...]

# What an entry costs beside its rows and its question: itself, and its places in two tables.
_ENTRY_BYTES = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked what: `owner` is whose data it is, and nobody else ever gets the result."""

    owner: Hashable
    version: str
    question: Hashable


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Rows
    byte_count: int


class Remembered:
    """What was asked for least recently leaves first: of the same owner, then of all.

    However much one owner asks for, it takes the place of its own results beyond its share, and so
    leaves the others theirs.
    """

    def __init__(self, *, budget: int, share: int) -> None:
        """Remember nothing yet; both are bytes."""
        self._budget, self._share = budget, min(share, budget)
        # The one that was used last comes last.
        self._kept: OrderedDict[Asked, _Kept] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def get(self, asked: Asked) -> Rows | None:
        """The rows, where they are remembered."""
        with self._lock:
            kept = self._kept.get(asked)
            if kept is None:
                return None
            self._kept.move_to_end(asked)
            return kept.rows

    def put(self, asked: Asked, rows: Rows) -> None:
        """Remembers the rows, unless they are more than a share."""
        # What somebody searched for is part of the question, and as long as they like.
        kept = _Kept(rows, _ENTRY_BYTES + bytes_of(asked.question) + bytes_of(rows))
        with self._lock:
            self._drop([asked] if asked in self._kept else [])
            if kept.byte_count > self._share:
                return
            self._make_room(asked.owner, kept.byte_count)
            self._kept[asked] = kept
            self._bytes[asked.owner] = self.bytes_of_owner(asked.owner) + kept.byte_count

    def forget_all_but(self, version: str) -> None:
        """Forgets what belongs to other versions."""
        with self._lock:
            self._drop([asked for asked in self._kept if asked.version != version])

    def bytes_of_owner(self, owner: Hashable) -> int:
        """How much is remembered of one owner."""
        return self._bytes.get(owner, 0)

    @property
    def byte_count(self) -> int:
        """How much is remembered of all."""
        return sum(self._bytes.values())

    def _make_room(self, owner: Hashable, byte_count: int) -> None:
        def has_share() -> bool:
            return self.bytes_of_owner(owner) + byte_count <= self._share

        if not has_share():
            for asked in [asked for asked in self._kept if asked.owner == owner]:
                self._drop([asked])
                if has_share():
                    break
        while self.byte_count + byte_count > self._budget:
            self._drop([next(iter(self._kept))])

    def _drop(self, leaving: Iterable[Asked]) -> None:
        for asked in leaving:
            left = self._bytes[asked.owner] - self._kept.pop(asked).byte_count
            if left:
                self._bytes[asked.owner] = left
            else:
                del self._bytes[asked.owner]


def bytes_of(value: object) -> int:
    """The memory that a result takes; values that are shared count wherever they are."""
    own = sys.getsizeof(value)
    if isinstance(value, Mapping):
        # The names are those of the query's columns, the same objects in each row.
        return own + sum(bytes_of(inner) for inner in value.values())
    if isinstance(value, list | tuple | set):
        return own + sum(bytes_of(inner) for inner in value)
    return own
