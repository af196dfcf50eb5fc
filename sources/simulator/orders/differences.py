"""Planted differences between shop, ERP and payouts, and the book that remembers each of them.

The book says of each wrong document and each amount of it what it should be and what is recorded:
what is true less what is recorded is what the comparison of the shop with that source finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import before
from sources.simulator.world.money_laws import COMMISSION_TOO_HIGH

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
    "source": pl.String,
    "measure": pl.String,
    "currency_code": pl.String,
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
    # What is cancelled later is credited; that of a wrong invoice would be another difference.
    stays = frame["ended_at"].to_numpy() == NEVER
    fit = frame["suffix"].str.contains("^-I[0-9]+$").to_numpy() & stays
    fit &= dice < per_thousand / 1000
    fault = np.where(fit, fault, RIGHT)
    typed = np.where(fault == WRONG_AMOUNT, extra, 0)
    frame = frame.with_columns(
        pl.Series("fault", fault),
        pl.Series("true_cents", frame["net_cents"].to_numpy()),
        pl.Series("net_cents", frame["net_cents"].to_numpy() + typed),
    )
    # Nobody pays an invoice twice.
    again = frame.filter(pl.col("fault") == TWICE).with_columns(
        pl.col("suffix") + "-2", half_paid_at=pl.lit(NEVER), paid_at=pl.lit(NEVER)
    )
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
    wrong = commission + np.rint(commission * COMMISSION_TOO_HIGH).astype(np.int64)
    return (
        fault,
        np.where(fault == REFUND_FORGOTTEN, 0, refund),
        np.where(fault == COMMISSION_TWICE, wrong, commission),
    )


class DifferenceBook:
    """Every planted difference known before the cutoff."""

    def __init__(self) -> None:
        self._frames = [pl.DataFrame(schema=SCHEMA)]

    def note_invoices(
        self, issued: pl.DataFrame, ids: pl.Series, vendors: pl.Series, currencies: pl.Series
    ) -> None:
        """Remembers the planted ones among the issued documents."""
        fault = issued["fault"].to_numpy()
        words = pl.Series(INVOICE_FAULTS).gather(pl.Series(fault))
        about = (words, ids, vendors, currencies, issued["issued_at"].to_numpy())
        for measure, right, written in (
            ("goods", "true_cents", "net_cents"),
            ("shipping", "shipping_cents", "shipping_cents"),
            ("tax", "tax_cents", "tax_cents"),
        ):
            true = np.where(fault == TWICE, 0, issued[right].to_numpy())
            recorded = np.where(fault == MISSING, 0, issued[written].to_numpy())
            self._note("invoices", about, ("erp", measure), true, recorded)

    def note_payouts(
        self,
        fault: Ints,
        about: tuple[pl.Series, pl.Series, pl.Series, Ints],
        amounts: dict[str, tuple[Ints, Ints]],
    ) -> None:
        """Remembers wrong payouts by measure: what is true, and what is recorded.

        They are known by their ids, vendors, currencies and instants.
        """
        words = pl.Series(PAYOUT_FAULTS).gather(pl.Series(fault))
        for measure, (true, recorded) in amounts.items():
            self._note("payouts", (words, *about), ("payouts", measure), true, recorded)

    def note_chargebacks(self, payments: pl.DataFrame) -> None:
        """Remembers what banks took back of standing orders' payments without saying why."""
        taken = payments.filter(
            pl.col("kind") == "chargeback", pl.col("chargeback_reason").is_null()
        )
        recorded = taken["amount"].to_numpy()
        nobody = pl.repeat(None, taken.height, dtype=pl.String, eager=True)
        about = (taken["kind"], taken["payment_id"], nobody, taken["currency_code"])
        at = taken["paid_at"].to_numpy()
        none = np.zeros(taken.height, dtype=np.int64)
        self._note("payments", (*about, at), ("accounting", "refunds"), none, recorded)

    def _note(
        self,
        feed: str,
        about: tuple[pl.Series, pl.Series, pl.Series, pl.Series, Ints],
        comparison: tuple[str, str],
        true: Ints,
        recorded: Ints,
    ) -> None:
        words, ids, vendors, currencies, at = about
        frame = pl.DataFrame(
            {
                "kind": words,
                "document_id": ids,
                "vendor_id": vendors,
                "currency_code": currencies,
                "at": (before(at, NEVER) * 1000).cast(pl.Datetime("ms")),
                "true_amount": as_decimals(true),
                "recorded_amount": as_decimals(recorded),
            }
        ).filter(pl.Series(true != recorded))
        where = {"feed": feed, "source": comparison[0], "measure": comparison[1]}
        frame = frame.with_columns(**{name: pl.lit(value) for name, value in where.items()})
        self._frames.append(frame.select(*SCHEMA))

    def to_frame(self, calendar: Calendar) -> pl.DataFrame:
        """The book, with the local day of each difference."""
        whole = pl.concat(self._frames)
        seconds = whole["at"].dt.epoch("s").to_numpy()
        return whole.with_columns(calendar.dates_of(calendar.days_of(seconds)).alias("date"))


def as_decimals(cents: Ints) -> pl.Series:
    """Whole cents as exact decimals."""
    units = pl.Series(np.abs(cents))
    text = (units // 100).cast(pl.String) + "." + (units % 100).cast(pl.String).str.zfill(2)
    sign = pl.Series(np.where(cents < 0, "-", ""))
    return (sign + text).cast(pl.Decimal(18, 2))
