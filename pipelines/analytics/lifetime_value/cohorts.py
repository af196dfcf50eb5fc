"""Fits of a segment: one for everybody, or one for each channel that brought enough of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import polars as pl

from pipelines.analytics import clv
from pipelines.analytics.lifetime_value.fitting import FEWEST_REPEATERS, Fit
from pipelines.analytics.lifetime_value.histories import Places
from pipelines.analytics.lifetime_value.holdouts import Foretold, foretell

BY_CHANNEL: Final = "_by_channel"
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A fit for each of some channels, and one for whoever came by another or by none."""

    others: Fit
    of_channel: dict[str, Fit]

    def of_each(
        self, frame: pl.DataFrame, asked: Callable[[Fit, pl.DataFrame], _Answer]
    ) -> Iterator[tuple[Places, _Answer]]:
        """What each fit says of its customers, with their places in the frame."""
        told = pl.col("channel").is_in(list(self.of_channel)).fill_null(value=False)
        rest = frame.select(~told).to_series().arg_true() if self.of_channel else None
        groups = [(self.others, rest)] + [
            (fit, (frame["channel"] == channel).arg_true())
            for channel, fit in self.of_channel.items()
        ]
        for fit, places in groups:
            if places is None:
                yield np.arange(frame.height), asked(fit, frame)
            elif places.len():
                yield places.to_numpy().astype(np.intp), asked(fit, frame[places])

    def foretell(self, frame: pl.DataFrame, horizon_days: float) -> Foretold:
        """What the fits say of orders that came within the horizon, in the order of the frame."""
        parts = list(self.of_each(frame, lambda fit, mine: foretell(fit, mine, horizon_days)))
        back = np.argsort(np.concatenate([places for places, _ in parts]), kind="stable")
        return Foretold(
            *(
                np.concatenate([getattr(told, name) for _, told in parts])[back]
                for name in Foretold.__slots__
            )
        )


def fitted(frame: pl.DataFrame, model: str) -> Cohorts:
    """The fits of a model to a segment, by channel where its name ends so.

    Channels are cohorts: all parameters are their own, of which covariates would move only scales
    (Fader and Hardie, "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD
    Models", 2007). Channels of few repeaters share one fit; where they are too few together, that
    of everybody.

    Raises:
        CannotFitError: fewer than 50 customers ordered again, or no channel has that many while
            others are left.
    """
    law = model.removesuffix(BY_CHANNEL)
    if law == model:
        return Cohorts(clv.fit(frame, law), {})
    counts = frame.filter(pl.col("frequency") > 0, pl.col("channel").is_not_null())
    enough = (
        counts.group_by("channel").len().filter(pl.col("len") >= FEWEST_REPEATERS)["channel"].sort()
    )
    others = frame.filter(~pl.col("channel").is_in(enough.implode()).fill_null(value=False))
    if enough.is_empty() or (enough.len() == 1 and others.is_empty()):
        raise clv.CannotFitError("There are no two channels to tell apart.")
    told = others if others.filter(pl.col("frequency") > 0).height >= FEWEST_REPEATERS else frame
    of_channel = {
        name: clv.fit(frame.filter(pl.col("channel") == name), law) for name in enough.to_list()
    }
    return Cohorts(clv.fit(told, law), of_channel)
