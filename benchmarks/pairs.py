"""Paired measurement: ours and a peer by turns in one run, so that a slow minute slows both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Pair:
    """What is measured against what, over how much work."""

    name: str
    ours: Callable[[], None]
    peer_name: str
    peer: Callable[[], None]
    amount: float  # of `unit`, done by one call
    unit: str
    budget: float | None = None  # the ratio that ARCHITECTURE.md, section 7, allows


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long as the peer we take: the median of the rounds, and their range."""

    pair: Pair
    ratios: tuple[float, ...]
    ours_seconds: float
    peer_seconds: float

    @property
    def typical(self) -> float:
        """The median over the rounds."""
        return median(self.ratios)


# Makes its input in the folder it is given, which is removed after the measurement.
Prepare = Callable[[Path], list[Pair]]


def measure(pair: Pair, rounds: int) -> Ratio:
    """Runs both by turns; the first round warms up and does not count."""
    times: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        order = (pair.ours, pair.peer) if number % 2 else (pair.peer, pair.ours)
        taken = {work: seconds(work) for work in order}
        if number:
            times.append((taken[pair.ours], taken[pair.peer]))
    return Ratio(
        pair=pair,
        ratios=tuple(ours / peer for ours, peer in times),
        ours_seconds=min(ours for ours, _ in times),
        peer_seconds=min(peer for _, peer in times),
    )


def seconds(work: Callable[[], None]) -> float:
    """How long one call takes on the clock."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
