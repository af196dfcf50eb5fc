"""Planted differences between shop, ERP and payouts, and the book that remembers each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import before

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from sources.simulator.world.calendar import Calendar

RIGHT, WRONG_AMOUNT, MISSING, TWICE = range(4)
INVOICE_FAULTS = ("", "invoice_amount_wrong", "invoice_missing", "invoice_twice")
REFUND_FORGOTTEN, COMMISSION_TWICE = 1, 2
PAYOUT_FAULTS = ("", "payout_refund_forgotten", "payout_commission_wrong")
SCHEMA: dict[str, PolarsDataType] = {
    "kind": pl.String,
    "feed": pl.String,
    "document_id": pl.String,
    "vendor_id": pl.String,
    "at": pl.Datetime("ms"),
    "true_amount": pl.Decimal(18, 2),
    "recorded_amount": pl.Decimal(18, 2),
}


def plant_in_invoices(
    frame: pl.DataFrame, per_thousand: float, rng: np.random.Generator
) -> pl.DataFrame:
    """The documents with some invoices typed wrong, left out or sent twice.

    The column `fault` says which; a missing one stays in the frame for the book to see.
    """
    count = frame.height
    dice, fault = rng.random(count), rng.integers(WRONG_AMOUNT, TWICE + 1, count)
    extra = rng.integers(1, 100, count) * 9  # two digits exchanged differ by a multiple of nine
    fit = (frame["suffix"].str.contains("^-I[0-9]+$")).to_numpy() & (dice < per_thousand / 1000)
    fault = np.where(fit, fault, RIGHT)
    typed = np.where(fault == WRONG_AMOUNT, extra, 0)
    frame = frame.with_columns(
        pl.Series("fault", fault),
        pl.Series("true_cents", frame["net_cents"].to_numpy()),
        pl.Series("net_cents", frame["net_cents"].to_numpy() + typed),
    )
    again = frame.filter(pl.col("fault") == TWICE).with_columns(pl.col("suffix") + "-2")
    first = frame.with_columns(
        pl.when(pl.col("fault") == TWICE).then(RIGHT).otherwise("fault").alias("fault")
    )
    return pl.concat([first, again])


def plant_in_payouts(
    refund: Ints, commission: Ints, per_thousand: float, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Fault of each payout (some forget refunds, some keep too much), then refund and commission.

    A payout holds hundreds of lines, so one is wrong twenty times as often as an invoice.
    """
    unlucky = rng.random(refund.shape) < per_thousand / 50
    fault = np.where(unlucky, np.where(refund > 0, REFUND_FORGOTTEN, COMMISSION_TWICE), RIGHT)
    fault = np.where((fault == COMMISSION_TWICE) & (commission < 1_000), RIGHT, fault)
    wrong = commission + commission // 10
    return (
        fault,
        np.where(fault == REFUND_FORGOTTEN, 0, refund),
        np.where(fault == COMMISSION_TWICE, wrong, commission),
    )


class DifferenceBook:
    """Every planted difference known before the cutoff."""

    def __init__(self) -> None:
        self._frames = [pl.DataFrame(schema=SCHEMA)]

    def note_invoices(self, issued: pl.DataFrame, ids: pl.Series, vendors: pl.Series) -> None:
        """Remembers the planted ones among the issued documents."""
        fault = issued["fault"].to_numpy()
        true = np.where(fault == TWICE, 0, issued["true_cents"].to_numpy())
        recorded = np.where(fault == MISSING, 0, issued["net_cents"].to_numpy())
        at = issued["issued_at"].to_numpy()
        words = pl.Series(INVOICE_FAULTS).gather(pl.Series(fault))
        self._note("invoices", words, ids, (vendors, at, true, recorded), fault != RIGHT)

    def note_payouts(
        self,
        fault: Ints,
        ids: pl.Series,
        rest: tuple[pl.Series, Ints, Ints, Ints],
        drawn_up: Bools,
    ) -> None:
        """Remembers wrong payouts: vendors, instants, true and recorded net amounts."""
        words = pl.Series(PAYOUT_FAULTS).gather(pl.Series(fault))
        self._note("payouts", words, ids, rest, (fault != RIGHT) & drawn_up)

    def _note(
        self,
        feed: str,
        words: pl.Series,
        ids: pl.Series,
        rest: tuple[pl.Series, Ints, Ints, Ints],
        wanted: Bools,
    ) -> None:
        vendors, at, true, recorded = rest
        frame = pl.DataFrame(
            {
                "kind": words,
                "feed": pl.repeat(feed, words.len(), eager=True),
                "document_id": ids,
                "vendor_id": vendors,
                "at": (before(at, NEVER) * 1000).cast(pl.Datetime("ms")),
                "true_amount": euros(true),
                "recorded_amount": euros(recorded),
            }
        ).filter(pl.Series(wanted))
        self._frames.append(frame)

    def to_frame(self, calendar: Calendar) -> pl.DataFrame:
        """The book, with the local day of each difference."""
        whole = pl.concat(self._frames)
        seconds = whole["at"].dt.epoch("s").to_numpy()
        return whole.with_columns(calendar.dates_of(calendar.days_of(seconds)).alias("date"))


def euros(cents: Ints) -> pl.Series:
    """Whole cents as exact decimals."""
    units = pl.Series(np.abs(cents))
    text = (units // 100).cast(pl.String) + "." + (units % 100).cast(pl.String).str.zfill(2)
    sign = pl.Series(np.where(cents < 0, "-", ""))
    return (sign + text).cast(pl.Decimal(18, 2))
