"""Every column of every simulated feed says something: none is constant, none is always empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.contract import all_contracts, own_feeds
from tests.simulator.simulated_feeds import as_text, files_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

# What is the same in every row, and why a marketplace has it so. Beside it stands `is_deleted`:
# the simulated systems delete nothing, and disorder/ is tested with files of its own.
CONSTANT = {
    "exchange_rates.base_currency_code": "all rates are against the euro",
    "exchange_rates.source": "one bank fixes them",
    "vendor_contracts.currency_code": "the marketplace charges its monthly fees in euros",
    "orders.vendor_id": "a marketplace's orders name their vendors by the line",
    "returns.customer_id": "its returns name their lines, and so their customers",
    "returns.product_id": "its returns name their lines, and so their products",
    "reviews.title": "disorder/ takes the column away half-way, which must change no row",
}


def test_no_column_of_a_feed_is_constant_or_empty(laboratory: Path) -> None:
    found = {
        f"{feed}.{name}"
        for feed in set(all_contracts()) - set(own_feeds())
        for name in constant_columns(laboratory, feed)
    }

    assert sorted(found) == sorted(CONSTANT)


def constant_columns(out: Path, feed: str) -> list[str]:
    """The columns of a feed that hold at most one value, whatever else is empty."""
    written = pl.concat([as_text(path) for path in files_of(out, feed)], how="diagonal")
    return [
        name
        for name in all_contracts()[feed].columns
        if name != "is_deleted"
        and (name not in written.columns or written[name].drop_nulls().n_unique() < 2)
    ]
