"""Paired measurement: ours and a peer by turns in one run, so that a slow minute slows both."""

import gc
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call took: seconds on the clock, and processor seconds with those of children."""

    clock: float
    processor: float


Work = Callable[[], Cost | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """What is measured against what, over how much work.

    Work that does more than what is meant says itself what that cost.
    """

    name: str
    ours: Work
    peer_name: str
    peer: Work
    amount: float  # of `unit`, done by one call
    unit: str
    budget: float | None = None  # the ratio that decision 19 allows


@dataclass(frozen=True, slots=True)
class Ratio:
    """What we and the peer took in each round."""

    pair: Pair
    ours: tuple[Cost, ...]
    peer: tuple[Cost, ...]

    @property
    def clock_ratios(self) -> list[float]:
        """How many times as long as the peer we took, per round."""
        return [ours.clock / peer.clock for ours, peer in zip(self.ours, self.peer, strict=True)]

    @property
    def typical(self) -> float:
        """The median of the clock's ratios over the rounds."""
        return median(self.clock_ratios)

    @property
    def processor(self) -> float:
        """The median of the ratios of processor time, which other work on the machine spares.

        Nothing to compare (nan) where a process that goes on did the work.
        """
        both = zip(self.ours, self.peer, strict=True)
        ratios = [ours.processor / (peer.processor or math.nan) for ours, peer in both]
        return median(ratios)


# Makes its input in the folder it is given, which is removed after the measurement.
Prepare = Callable[[Path], list[Pair]]


def measure(pair: Pair, rounds: int) -> Ratio:
    """Runs both by turns; the first round warms up and does not count."""
    rounds_of: dict[Work, list[Cost]] = {pair.ours: [], pair.peer: []}
    for number in range(rounds + 1):
        order = (pair.ours, pair.peer) if number % 2 else (pair.peer, pair.ours)
        for work in order:
            cost = cost_of(work)
            if number:
                rounds_of[work].append(cost)
    return Ratio(pair, tuple(rounds_of[pair.ours]), tuple(rounds_of[pair.peer]))


def cost_of(work: Work) -> Cost:
    """What one call takes."""
    gc.collect()
    before, began = os.times(), time.perf_counter()
    told = work()
    if told is not None:
        return told
    clock, after = time.perf_counter() - began, os.times()
    return Cost(clock, sum(after[:4]) - sum(before[:4]))
