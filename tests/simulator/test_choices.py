"""What buyers answer to is found again in the feeds alone: price, stock, promotions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from tests.simulator.conditional_logit import conditional_logit
from tests.simulator.simulated_feeds import rows, truth
from tests.simulator.sold_goods import goods, is_out, sold_lines, stock_counts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator


@pytest.fixture(scope="module")
def sold(laboratory: Path) -> pl.DataFrame:
    return sold_lines(laboratory)


@pytest.fixture(scope="module")
def absences(laboratory: Path) -> pl.DataFrame:
    return stock_counts(laboratory)


def choice_sets(laboratory: Path, sold: pl.DataFrame, absences: pl.DataFrame) -> pl.DataFrame:
    """The offers that the buyer of each first line could take, where there were several in stock.

    A buyer's first line comes from any vendor; the others mostly from the first line's.
    """
    kinds = rows(laboratory, "customers").select("customer_id", "customer_type").unique()
    sells = rows(laboratory, "vendors").select("vendor_id", "vendor_type")
    offers = rows(laboratory, "offers").join(sells, on="vendor_id")
    offers = offers.select(
        "product_id",
        "currency_code",
        pl.col("offer_id").alias("other_id"),
        pl.col("vendor_id").alias("other_vendor"),
        "vendor_type",
        "created_at",
        pl.when(pl.col("status") == "closed").then("updated_at").alias("closed_at"),
    )
    firsts = sold.filter(
        pl.col("order_line_id").str.ends_with("-1"), pl.col("agreement_id").is_null()
    ).join(kinds, on="customer_id")
    sets = firsts.select(
        "order_line_id", "product_id", "currency_code", "customer_type", "offer_id", "ordered_at",
        "date",
    ).join(offers, on=["product_id", "currency_code"])  # fmt: skip
    # Assortments change with the month.
    month = pl.col("date").dt.truncate("1mo")
    wrong = (
        pl.when(pl.col("customer_type") == "business").then(pl.lit("b2c")).otherwise(pl.lit("b2b"))
    )
    sets = sets.filter(
        pl.col("created_at").dt.date() < month,
        pl.col("closed_at").is_null()
        | (pl.col("closed_at").dt.date() >= month.dt.offset_by("1mo")),
        pl.col("vendor_type") != wrong,
        month > pl.col("date").min().dt.truncate("1mo"),
    )
    sets = is_out(sets, absences, "other_id")
    whole = ~pl.col("out").any().over("order_line_id") & (pl.len().over("order_line_id") > 1)
    taken = pl.col("offer_id") == pl.col("other_id")
    return sets.filter(whole & (taken.sum().over("order_line_id") == 1)).with_columns(taken=taken)


def test_buyers_answer_to_prices_and_to_vendors_promotions_as_planted(
    laboratory: Path, sold: pl.DataFrame, absences: pl.DataFrame
) -> None:
    sets = choice_sets(laboratory, sold, absences)
    prices = rows(laboratory, "price_history").select(
        pl.col("offer_id").alias("other_id"),
        pl.col("unit_price").cast(pl.Float64).log().alias("log_price"),
        pl.col("valid_from").alias("ordered_at"),
    )
    sets = sets.sort("ordered_at").join_asof(
        prices.sort("ordered_at"), on="ordered_at", by="other_id", check_sortedness=False
    )
    given = rows(laboratory, "promotions").drop_nulls("vendor_id")
    running = sets.select(
        "order_line_id", "other_id", "other_vendor", "ordered_at", "currency_code"
    )
    running = running.join(given, left_on="other_vendor", right_on="vendor_id").filter(
        pl.col("ordered_at").is_between("starts_at", "ends_at", closed="left"),
        (pl.col("kind") != "amount") | (pl.col("currency_code") == pl.col("currency_code_right")),
    )
    keys = ["order_line_id", "other_id"]
    running = running.select(*keys, pl.lit(1.0).alias("promoted"))
    sets = sets.join(running, on=keys, how="left").with_columns(pl.col("promoted").fill_null(0.0))
    sets = sets.sort("order_line_id")

    fit = conditional_logit(
        sets["order_line_id"].rank("dense").to_numpy().astype(np.int64),
        sets.select("log_price", "promoted").to_numpy(),
        sets["taken"].to_numpy().astype(np.float64),
    )

    law = goods(laboratory)
    lift = truth(laboratory, "vendor_promotions")["odds_factor"].unique()
    planted = np.array([-law["elasticity"], np.log(lift[0])])
    assert lift.to_list() == [law["vendor_promotion_lift"]]
    assert fit.error[0] < 0.2
    assert fit.error[1] < 0.1
    assert (np.abs(fit.estimate - planted) < 3 * fit.error).all()


def test_nothing_is_sold_of_an_offer_that_is_out_of_stock(
    laboratory: Path, sold: pl.DataFrame, absences: pl.DataFrame
) -> None:
    known = truth(laboratory, "stock_outs").select("offer_id", date="first_date")
    told = rows(laboratory, "inventory").filter(pl.col("quantity_on_hand") == 0)

    on_the_day = is_out(sold.select("order_line_id", "offer_id", "date"), absences, "offer_id")

    assert on_the_day["out"].sum() == 0
    begun = told.join(known, left_on=["offer_id", "stock_date"], right_on=["offer_id", "date"])
    assert begun.height > 500


def test_vendors_are_out_of_stock_as_often_as_is_true(
    laboratory: Path, absences: pl.DataFrame
) -> None:
    offers = rows(laboratory, "offers").filter(pl.col("status") != "closed")
    first, last = absences["date"].min(), absences["date"].max()
    days = pl.DataFrame({"date": pl.date_range(first, last, eager=True)})
    # One row per stock and day: it serves all storefronts.
    stocks = offers.group_by("vendor_id", "product_id").agg(pl.col("offer_id", "created_at").min())
    grid = stocks.join(days, how="cross").filter(pl.col("created_at").dt.date() < pl.col("date"))
    found = (
        is_out(grid, absences, "offer_id")
        .group_by("vendor_id")
        .agg(pl.col("out").mean().alias("rate"), pl.len().alias("days"))
    )
    both = found.join(truth(laboratory, "vendors"), on="vendor_id")
    planted = both["stock_out_probability"]
    # A spell of 17.5 days counts as one draw, not as many.
    spread = (planted * (1 - planted) * 2 * 17.5 / both["days"]).sqrt()
    z = (both["rate"] - planted) / spread

    assert both.height > 30
    assert (z**2).sum() < both.height + 4 * (2 * both.height) ** 0.5
    assert abs(z.sum()) / both.height**0.5 < 4


WINDOW = timedelta(days=60)
CELL = ["product_id", "currency_code"]
WRONG_SELLER = {"consumer": "b2b", "business": "b2c"}


def stock_days(laboratory: Path, lines: pl.DataFrame, absences: pl.DataFrame) -> pl.DataFrame:
    """Every offer that competes with others for one kind of buyer, day by day: whether it was out
    of stock, how many offers of the product were, what was sold of it and else in its category.
    """
    first, last = lines["date"].min(), lines["date"].max()
    days = pl.DataFrame({"date": pl.date_range(first, last, eager=True)})
    sells = rows(laboratory, "vendors").select("vendor_id", "vendor_type")
    offers = rows(laboratory, "offers").join(sells, on="vendor_id")
    offers = offers.filter(pl.col("vendor_type") != WRONG_SELLER[lines["customer_type"][0]])
    steady = (pl.col("created_at").dt.date() < first) & (pl.col("status") != "closed")
    offers = offers.filter(steady.all().over(CELL) & (pl.len().over(CELL) > 1))
    products = lines.select("product_id", "category_id").unique()
    grid = offers.select(*CELL, "offer_id").join(products, on="product_id")
    grid = is_out(grid.join(days, how="cross"), absences, "offer_id")
    of_offer, of_category = ["offer_id", "date"], ["category_id", "currency_code", "date"]
    grid = grid.join(lines.group_by(of_offer).len("sold"), on=of_offer, how="left")
    grid = grid.join(lines.group_by(of_category).len("trade"), on=of_category, how="left")
    grid = grid.with_columns(
        pl.col("sold", "trade").fill_null(0), gone=pl.col("out").sum().over(*CELL, "date")
    )
    # Without the product itself, of which less is sold while an offer is missing.
    return grid.with_columns(pl.col("trade") - pl.col("sold").sum().over(*CELL, "date"))


def sold_around_spells(days: pl.DataFrame) -> pl.DataFrame:
    """What was sold of a product's offers while one was out of stock, and what was to be expected
    from the days around it on which all vendors had the product.
    """
    days = days.sort("offer_id", "date")
    begins = pl.col("out") & ~pl.col("out").shift(1, fill_value=False).over("offer_id")
    spells = (
        days.with_columns(spell=begins.cum_sum().over("offer_id"))
        .filter("out")
        .group_by(*CELL, pl.col("offer_id").alias("missing"), "spell")
        .agg(pl.col("date").min().alias("first"), pl.col("date").max().alias("last"))
    )
    near = pl.col("date").is_between(pl.col("first") - WINDOW, pl.col("last") + WINDOW)
    during = pl.col("date").is_between("first", "last")
    around = spells.join(days, on=CELL).filter(near).with_columns(during=during)
    around = around.filter(pl.col("gone") == pl.col("during").cast(pl.Int64))
    counted = around.group_by("missing", "spell", "offer_id").agg(
        pl.col("sold", "trade").filter("during").sum().name.suffix("_during"),
        pl.col("sold", "trade").filter(~pl.col("during")).sum(),
    )
    scale = pl.col("trade_during") / pl.col("trade")
    return counted.filter(pl.col("trade") > 0).with_columns(
        expected=pl.col("sold") * scale, variance=pl.col("sold") * scale**2
    )


def test_stock_outs_turn_as_many_lines_to_other_vendors_as_planted(
    laboratory: Path, sold: pl.DataFrame, absences: pl.DataFrame
) -> None:
    kinds = rows(laboratory, "customers").select("customer_id", "customer_type").unique()
    lines = sold.filter(pl.col("agreement_id").is_null()).join(kinds, on="customer_id")
    counted = pl.concat(
        sold_around_spells(
            stock_days(laboratory, lines.filter(pl.col("customer_type") == kind), absences)
        )
        for kind in WRONG_SELLER
    )
    missing = counted.filter(pl.col("missing") == pl.col("offer_id"))
    others = counted.filter(pl.col("missing") != pl.col("offer_id"))

    wanted = missing["expected"].sum()
    estimate = (others["sold_during"].sum() - others["expected"].sum()) / wanted
    noise = others["sold_during"].sum() + others["variance"].sum()
    error = (noise + estimate**2 * missing["variance"].sum()) ** 0.5 / wanted

    assert missing["sold_during"].sum() == 0
    assert error < 0.1
    assert abs(estimate - goods(laboratory)["substituted"]) < 3 * error
    assert estimate > 5 * error


def test_the_truth_counts_what_stock_outs_took(laboratory: Path) -> None:
    lines = truth(laboratory, "stock_out_lines")
    share = goods(laboratory)["substituted"]
    stayed = (lines["outcome"] != "lost").mean()

    error = (share * (1 - share) / lines.height) ** 0.5
    # Now and then nothing like it is there either.
    assert -4 * error - 0.01 < stayed - share < 4 * error  # type: ignore[operator]
    assert lines["taken_offer_id"].is_null().equals(lines["outcome"] == "lost")
    assert set(lines["outcome"]) == {"other_vendor", "like_product", "lost"}


def test_companions_are_bought_together_as_often_as_planted(
    laboratory: Path, sold: pl.DataFrame, absences: pl.DataFrame
) -> None:
    pairs = truth(laboratory, "product_affinity")
    offers = rows(laboratory, "offers").select("offer_id", "product_id", "currency_code")
    on = ["companion_product_id", "currency_code", "date"]
    days = sold.select("date").unique()
    shelf = offers.rename({"product_id": "companion_product_id"}).join(pairs, on=on[:1], how="semi")
    shelf = is_out(shelf.join(days, how="cross"), absences, "offer_id")
    there = shelf.group_by(on).agg(~pl.col("out").any()).filter("out")
    firsts = sold.filter(
        pl.col("order_line_id").str.ends_with("-1"), pl.col("agreement_id").is_null()
    ).select("order_id", "vendor_id", "product_id", "currency_code", "date")
    holds = sold.select("order_id", pl.col("product_id").alias("companion_product_id"), bought=True)
    with_it = firsts.join(pairs, on="product_id").join(there, on=on, how="semi")
    with_it = with_it.join(holds, on=["order_id", "companion_product_id"], how="left")
    # How often orders that begin with other products of the same vendors hold the companion.
    sellers = with_it.select("vendor_id", "companion_product_id").unique()
    others = firsts.join(pairs, on="product_id", how="anti").join(sellers, on="vendor_id")
    others = others.join(holds, on=["order_id", "companion_product_id"], how="left")

    together = with_it["bought"].fill_null(value=False).mean()
    usual = others["bought"].fill_null(value=False).mean()
    planted = goods(laboratory)["companion"]
    chance = planted + (1 - planted) * usual  # type: ignore[operator]
    error = (chance * (1 - chance) / with_it.height) ** 0.5

    assert with_it.height > 1_000
    assert abs(together - chance) < 3 * error  # type: ignore[operator]
    assert pairs["companion_probability"].unique().to_list() == [planted]


def test_promotions_lift_their_categories_as_planted(laboratory: Path, sold: pl.DataFrame) -> None:
    planned = truth(laboratory, "promotions")
    kinds = rows(laboratory, "customers").select("customer_id", "customer_type").unique()
    firsts = sold.filter(pl.col("order_line_id").str.ends_with("-1")).join(kinds, on="customer_id")
    counted = firsts.group_by("category_id", "date").len()
    z = []
    for _, promotion in planned.group_by("promotion", maintain_order=True):
        first, last = promotion["first_date"][0], promotion["last_date"][0]
        near = counted.filter(
            pl.col("date").is_between(first - timedelta(days=14), last + timedelta(days=14))
        )
        inside = pl.col("date").is_between(first, last)
        promoted = pl.col("category_id").is_in(promotion["category_id"].implode())
        table = near.group_by(during=inside, promoted=promoted).agg(pl.col("len").sum())
        cells = {(row[0], row[1]): row[2] for row in table.iter_rows()}
        if len(cells) < 4:
            continue  # all categories took part
        odds = cells[True, True] / cells[True, False] / (cells[False, True] / cells[False, False])
        error = sum(1 / cell for cell in cells.values()) ** 0.5
        z.append((np.log(odds) - np.log(promotion["lift"][0])) / error)
    assert len(z) > 3
    assert (np.array(z) ** 2).sum() < len(z) + 4 * (2 * len(z)) ** 0.5
