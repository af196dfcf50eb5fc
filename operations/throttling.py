"""How long an attempt to sign in waits, by what failed before it. Nobody is refused for failures.

Whoever knows a name can make its sign-ins fail, and many people may share an address. So failures
count most where name and origin are the same, and less by name or address alone. A browser in which
the account signed in before is an origin of its own: what others do neither slows it nor fills its
line.

The counts are in memory. So strangers cannot write to the store, let alone keep it busy, and no
name that somebody mistyped is kept. A restart forgets them, and two processes count each for
itself: that is a few more guesses, of passwords that have twelve characters at least.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# After so long without another failure nothing is left of them.
FORGOTTEN_AFTER_SECONDS = 15 * 60
# Far more than can be verified in that time; the memory is bounded whatever happens.
_MOST_COUNTS = 30_000


@dataclass(frozen=True, slots=True)
class Rule:
    """What failures cost: the first few nothing, then a second, then twice as much each time.

    `line` is how many attempts may wait or be verified at once, None any number.
    """

    free: int
    longest_seconds: float
    line: int | None = None

    def delay(self, failures: int) -> float:
        """Seconds that the next attempt waits."""
        beyond = failures - self.free
        return 0.0 if beyond < 0 else float(min(self.longest_seconds, 2 ** min(beyond, 10)))


# A person mistypes a few times. Parallel guesses wait in one line of a few places.
BY_ORIGIN = Rule(free=3, longest_seconds=8, line=4)
# What strangers can do to a person who signs in from a new browser: four seconds.
BY_NAME = Rule(free=20, longest_seconds=4)
# An office may share an address.
BY_ADDRESS = Rule(free=30, longest_seconds=8, line=20)
# Those in all lines together: each holds a connection and a few kilobytes.
LONGEST_LINE = 200


class LineFull(Exception):  # noqa: N818 - it is an answer, not a fault
    """As many attempts as may wait are waiting; the next one is told to come back."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to sign in.

    `address` is None where it tells nobody from anybody, as on loopback; `known_browser` is the id
    of a browser in which this account signed in before.
    """

    name: str
    address: str | None = None
    known_browser: str | None = None

    def counted_by(self) -> list[tuple[Hashable, Rule]]:
        """What the attempt is counted by, with the rule of each."""
        if self.known_browser is not None:
            return [(("browser", self.known_browser), BY_ORIGIN)]
        by_name: list[tuple[Hashable, Rule]] = [
            (("origin", self.name, self.address), BY_ORIGIN),
            (("name", self.name), BY_NAME),
        ]
        by_address = [] if self.address is None else [(("address", self.address), BY_ADDRESS)]
        return by_name + by_address


@dataclass(slots=True)
class _Count:
    failures: int = 0
    waiting: int = 0
    last_at: float = 0.0


@dataclass(slots=True)
class Turn:
    """One attempt in line: how long it waits, and whether it succeeded in the end."""

    delay: float
    has_succeeded: bool = False


class Throttle:
    """The counts of one process; used by its event loop alone, so nothing is locked."""

    def __init__(self) -> None:
        """Count nothing yet."""
        # The one that was used last comes last.
        self._counts: OrderedDict[Hashable, _Count] = OrderedDict()
        self._waiting = 0

    def __len__(self) -> int:
        """How many counts are kept."""
        return len(self._counts)

    @contextmanager
    def turn(self, attempt: Attempt, now: float) -> Iterator[Turn]:
        """The turn of an attempt, which counts as failed until it says that it succeeded.

        So parallel guesses cannot all slip through before the first of them has failed.

        Raises:
            LineFull: too many wait already.
        """
        counted_by = attempt.counted_by()
        self._forget(now)
        self._check_line(attempt, counted_by)
        counts = [(self._count(key, now), rule) for key, rule in counted_by]
        turn = Turn(max(rule.delay(count.failures) for count, rule in counts))
        self._waiting += 1
        for count, _ in counts:
            count.failures += 1
            count.waiting += 1
        try:
            yield turn
        finally:
            self._waiting -= 1
            for count, _ in counts:
                count.waiting -= 1
                count.failures -= turn.has_succeeded
            if turn.has_succeeded:
                # The person is there; what failed by name or address alone may be another's work.
                counts[0][0].failures = 0

    def _check_line(self, attempt: Attempt, counted_by: list[tuple[Hashable, Rule]]) -> None:
        if attempt.known_browser is None and self._waiting >= LONGEST_LINE:
            raise LineFull
        for key, rule in counted_by:
            count = self._counts.get(key)
            if count is not None and rule.line is not None and count.waiting >= rule.line:
                raise LineFull

    def _count(self, key: Hashable, now: float) -> _Count:
        count = self._counts.setdefault(key, _Count())
        count.last_at = now
        self._counts.move_to_end(key)
        return count

    def _forget(self, now: float) -> None:
        """Drops what is old, and the oldest of too many; never one somebody waits under."""
        for key, count in list(self._oldest(now)):
            if count.waiting == 0:
                del self._counts[key]

    def _oldest(self, now: float) -> Iterator[tuple[Hashable, _Count]]:
        surplus = len(self._counts) - _MOST_COUNTS
        for number, (key, count) in enumerate(self._counts.items()):
            if number >= surplus and now - count.last_at < FORGOTTEN_AFTER_SECONDS:
                return
            yield key, count
