"""Nobody's figure can be found in what vendors see of each other, even with all of it together."""

from functools import cache
from itertools import product

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.dbt.project import compiled_folder
from tests.worlds.published_shop import published_shop

pytestmark = pytest.mark.warehouse

MONTHS, UNITS, LIMIT = 4, 1000, 0.04
VENDORS = pl.Series("vendor_id", [f"V{number:02}" for number in range(15)])
CLASS_UNITS = 10  # a quarter of the limit, of 1,000 orders
LEARNT = ("comparison", "peer_kind", "least_peer_count", "own_quarter", "peers_best", "peers_worst")


@cache
def model() -> str:
    """The mart as the pipeline ran it, which is as of 30 June 2025."""
    folder = compiled_folder(published_shop()) / "models/marts/vendor_performance"
    return (folder / "mart_vendor_peers.sql").read_text(encoding="utf-8")


def published(figures: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """What the mart says of vendors' late shipments; `figures` has a numerator per metric."""
    described = figures.with_columns(
        denominator=pl.lit(UNITS),
        threshold=pl.lit(LIMIT),
        unit=pl.lit("rate"),
        metric_name=pl.lit("Late shipments"),
        is_higher_better=pl.lit(False),
        window_start=pl.date(2025, 4, 2),
        window_end=pl.date(2025, 7, 1),
        window_kind=pl.lit("days_90"),
        is_judged=pl.lit(True),
    )
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        for name, rows in (
            ("int_vendor_metrics_summed_to_window", described),
            ("int_vendors_grouped_to_peers", groups),
        ):
            connection.register("rows_of_test", rows.to_arrow())
            connection.execute(f"create table intermediate.{name} as from rows_of_test")
        return connection.execute(model()).pl()


def grouped(vendors: list[str], sales: list[int], kind: str = "category") -> pl.DataFrame:
    rank = {"category_and_size": 1, "category": 2, "size": 3}[kind]
    return pl.DataFrame({"vendor_id": vendors, "gmv": sales}).with_columns(
        peer_kind=pl.lit(kind), peer_group_id=pl.lit("C1"), peer_rank=pl.lit(rank)
    )


def late(vendors: list[str], numerators: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"vendor_id": vendors, "numerator": numerators}).with_columns(
        metric_id=pl.lit("late")
    )


def test_ten_peers_are_shown_in_classes_and_nine_are_not() -> None:
    vendors = [f"V{number:02}" for number in range(11)]
    # 0.0 %, 0.6 %, 1.2 %, ... 6.0 %: by classes of 1 % 0 0 1 1 2 3 3 4 4 5 6
    figures = late(vendors, [6 * number for number in range(11)])

    shown = published(figures, grouped(vendors, [1] * 11)).sort("vendor_id")
    hidden = published(figures[:-1], grouped(vendors[:-1], [1] * 10))

    assert set(hidden["comparison"]) == {"no_peers"}
    assert set(shown["comparison"]) == {"shown"}
    assert set(shown["least_peer_count"]) == {10}
    # of the ten others of V00 the third is in class 1 and the eighth in class 4
    first = shown.row(0, named=True)
    assert (first["peers_best"], first["peers_worst"]) == pytest.approx((0.01, 0.05))
    assert shown["own_quarter"].to_list() == [1, 1, 1, 1, 2, 3, 3, 3, 3, 4, 4]


def test_no_peers_are_shown_of_which_one_has_more_than_a_quarter_of_their_sales() -> None:
    vendors = [f"V{number:02}" for number in range(11)]
    figures = late(vendors, [6 * number for number in range(11)])

    # nine with 1 and one with 3 are 12, a quarter of which is 3; with 4 they are 13
    at_most = published(figures, grouped(vendors, [3] + [1] * 10))
    outweighed = published(figures, grouped(vendors, [4] + [1] * 10))

    assert set(at_most["comparison"]) == {"shown"}
    # the large one itself sees ten equal ones
    assert outweighed.filter(comparison="shown")["vendor_id"].to_list() == ["V00"]


def test_the_closest_group_that_is_large_enough_is_taken() -> None:
    vendors = [f"V{number:02}" for number in range(12)]
    groups = pl.concat(
        [
            grouped(vendors[:11], [1] * 11, "category_and_size"),
            grouped(vendors, [1] * 12),
        ]
    )

    shown = published(late(vendors, [6] * 12), groups).sort("vendor_id")

    assert shown["peer_kind"].to_list() == ["category_and_size"] * 11 + ["category"]


def cases(seed: int) -> pl.DataFrame:
    """Fifteen vendors over some months, for every target and every count that it may have had."""
    random = np.random.default_rng(seed)
    others = random.integers(0, 90, size=(MONTHS, VENDORS.len()))
    # from month to month most of a window stays the same
    others[1:] = np.clip(others[0] + random.integers(-6, 7, size=others[1:].shape), 0, UNITS)
    frames = []
    for target, guess, month in product(range(VENDORS.len()), range(130), range(MONTHS)):
        numerators = others[month].copy()
        numerators[target] = guess
        metric = pl.lit(f"{VENDORS[target]}|{guess}|{month}")
        frames.append(
            pl.DataFrame([VENDORS, pl.Series("numerator", numerators)]).with_columns(
                metric.alias("metric_id")
            )
        )
    return pl.concat(frames)


def taken_for_each_other(seen: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Which counts of a target give all others the same files in all months: `guesses`."""
    parts = pl.col("metric_id").str.split("|")
    row = pl.concat_str(
        pl.col("month", "vendor_id", *columns).cast(pl.String).fill_null("-"), separator=","
    )
    return (
        seen.with_columns(
            target=parts.list.get(0),
            guess=parts.list.get(1).cast(pl.Int64),
            month=parts.list.get(2),
        )
        .filter(pl.col("vendor_id") != pl.col("target"))
        .sort("target", "guess", "month", "vendor_id")
        .group_by("target", "guess")
        .agg(files=row.str.join("\n"))
        .group_by("target", "files")
        .agg(guesses=pl.col("guess").sort())
    )


def exact_quartiles(figures: pl.DataFrame) -> pl.DataFrame:
    """What must not be published: the quartiles of the others as they are."""
    counts = figures["numerator"].to_numpy().reshape(-1, VENDORS.len())
    quartiles = [
        np.quantile(np.delete(counts, place, axis=1), (0.25, 0.75), axis=1)
        for place in range(VENDORS.len())
    ]
    first, third = np.stack(quartiles, axis=-1).reshape(2, -1)
    return figures.with_columns(first=pl.Series(first), third=pl.Series(third))


def test_all_others_files_of_all_months_do_not_tell_a_count_from_others_of_its_class() -> None:
    seen = published(cases(seed=7), grouped(VENDORS.to_list(), list(range(10, 25))))

    found = taken_for_each_other(seen, *LEARNT)

    assert set(seen["comparison"]) == {"shown"}
    for (guesses,) in found.select("guesses").iter_rows():
        classes = {guess // CLASS_UNITS for guess in guesses}
        assert len(guesses) == len(classes) * CLASS_UNITS


def test_the_same_attack_finds_vendors_in_exact_quartiles() -> None:
    found = taken_for_each_other(exact_quartiles(cases(seed=7)), "first", "third")

    recovered = found.filter(pl.col("guesses").list.len() == 1)
    assert recovered["target"].n_unique() > 5
