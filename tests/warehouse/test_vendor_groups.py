"""What a vendor sees of its buyers, attacked: wholes less parts, and one window less the next."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.home import Home
from tests.warehouse.compiled import compiled_models, run_models
from tests.worlds.built_once import copied
from tests.worlds.published_shop import published_shop

pytestmark = pytest.mark.warehouse

AS_OF = date(2025, 8, 15)  # so the last quarter ends on 30 June
MODELS = ("int_vendor_buyers_grouped", "mart_vendor_groups")
KINDS = ("all", "orders", "customer_type", "country")
_TOGETHER = "rest"


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = Home(copied(published_shop().path, tmp_path_factory.mktemp("compiled") / "home"))
    return compiled_models(home, MODELS, AS_OF)


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    """Two years of lines: shops of 90 buyers, 25, 12, 9, a young one, one with a whale."""
    chance = np.random.default_rng(7)
    found = []
    for vendor, buyers, first, whale in (
        ("large", 90, date(2023, 7, 1), 0),
        ("middle", 25, date(2023, 7, 1), 0),
        ("small", 12, date(2023, 7, 1), 0),
        ("tiny", 9, date(2023, 7, 1), 0),
        ("young", 30, date(2025, 1, 1), 0),
        ("whale", 30, date(2023, 7, 1), 9_000),
    ):
        days = (AS_OF - first).days
        for order in range(buyers * 3):
            buyer = int(buyers * chance.random() ** 1.5)
            found.append(
                {
                    "vendor_id": vendor,
                    "customer_id": f"{vendor}-{buyer}",
                    "order_id": f"{vendor}-{order}",
                    "order_date": first + timedelta(days=int(chance.integers(days))),
                    "gmv_net": float(chance.integers(1, 100) + (whale if buyer == 0 else 0)),
                    "is_in_gmv_net": True,
                }
            )
    return pl.DataFrame(found)


def tables(lines: pl.DataFrame) -> dict[str, pl.DataFrame]:
    buyers = lines.select("customer_id").unique().sort("customer_id")
    number = buyers["customer_id"].hash(seed=3)
    return {
        "marts.fct_order_lines": lines,
        "intermediate.rfm_segments": pl.DataFrame(
            [("any", 1, 5, 1, 5, 1, 5)],
            schema=["rfm_segment", "r_from", "r_to", "f_from", "f_to", "m_from", "m_to"],
            orient="row",
        ),
        "intermediate.int_customers_merged": buyers.with_columns(
            customer_type=(number % 3 == 0).replace_strict({True: "business", False: "consumer"}),
            country_code=(number % 16).replace_strict(
                dict.fromkeys(range(9), "DE") | dict.fromkeys(range(9, 13), "AT") | {13: "CH"},
                default="FR",
            ),
        ),
        "staging.stg_marketing__messages": pl.DataFrame(
            schema={
                **dict.fromkeys(("vendor_id", "customer_id", "direction"), pl.String),
                **dict.fromkeys(("sent_at", "unsubscribed_at"), pl.Datetime),
            }
        ),
        "intermediate.int_vendor_visitors_grouped": pl.DataFrame(
            schema={
                **dict.fromkeys(("vendor_id", "group_id", "group_kind"), pl.String),
                "people": pl.Int64,
                **dict.fromkeys(("amount", "largest_amount"), pl.Float64),
            }
        ),
    }


def published(sql: dict[str, str], lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    with duckdb.connect() as connection:
        dated = {name: text.replace(str(AS_OF), str(as_of)) for name, text in sql.items()}
        run_models(connection, tables(lines), dated)
        return connection.execute("select * from marts.mart_vendor_groups").pl()


def buyers_of(lines: pl.DataFrame, end: date) -> pl.DataFrame:
    """Every buyer of the twelve months before a day with its true groups, by polars alone."""
    merged = tables(lines)["intermediate.int_customers_merged"]
    return (
        lines.filter(
            (pl.col("order_date") >= end.replace(year=end.year - 1)) & (pl.col("order_date") < end)
        )
        .group_by("vendor_id", "customer_id")
        .agg(amount=pl.col("gmv_net").sum(), count=pl.col("order_id").n_unique())
        .join(merged, on="customer_id")
        .with_columns(
            all=pl.lit("all"),
            orders=pl.when(pl.col("count") > 1).then(pl.lit("again")).otherwise(pl.lit("once")),
            country=pl.col("country_code"),
        )
    )


def groups_of(seen: pl.DataFrame, buyers: pl.DataFrame, kind: str) -> dict[str, pl.DataFrame]:
    """The buyers of a vendor behind each row; the rest is whoever is in no other."""
    named = seen["group_id"].to_list()
    rest = buyers.filter(~pl.col(kind).is_in(named))
    assert _TOGETHER in named or rest.is_empty()
    return {
        name: rest if name == _TOGETHER else buyers.filter(pl.col(kind) == name) for name in named
    }


def test_no_group_nor_what_is_left_of_the_whole_is_a_few_people_or_one_persons(
    sql: dict[str, str], lines: pl.DataFrame
) -> None:
    shown, buyers = published(sql, lines, AS_OF), buyers_of(lines, date(2025, 7, 1))
    attacked = 0

    for vendor in buyers["vendor_id"].unique().sort():
        own = buyers.filter(pl.col("vendor_id") == vendor)
        for kind in KINDS:
            seen = shown.filter((pl.col("vendor_id") == vendor) & (pl.col("group_kind") == kind))
            groups = groups_of(seen, own, kind) if seen.height else {}
            # any of the rows taken together, so also the whole less any others
            for size in range(1, len(groups) + 1):
                for names in combinations(groups, size):
                    told = pl.concat([groups[name] for name in names])
                    assert told.height >= 10, (vendor, kind, names)
                    assert told["amount"].max() <= 0.8 * told["amount"].sum(), (vendor, kind, names)
                    attacked += 1

    assert attacked >= 30
    assert shown.filter(pl.col("vendor_id").is_in(["tiny", "whale"])).is_empty()
    # 12 buyers are one group, and whoever bought again is not told from the others
    small = set(shown.filter(pl.col("vendor_id") == "small")["group_id"])
    assert small <= {"all", "any", "rest", "not_written_to"}


def test_counts_are_of_the_true_groups_in_tens(sql: dict[str, str], lines: pl.DataFrame) -> None:
    shown, buyers = published(sql, lines, AS_OF), buyers_of(lines, date(2025, 7, 1))
    large = buyers.filter(pl.col("vendor_id") == "large")

    for kind in KINDS:
        seen = shown.filter((pl.col("vendor_id") == "large") & (pl.col("group_kind") == kind))
        groups = groups_of(seen, large, kind)
        for row in seen.iter_rows(named=True):
            people = groups[row["group_id"]]
            assert abs(row["people_in_tens"] - people.height) <= 5
            assert row["people_in_tens"] % 10 == 0
            share = people["amount"].sum() / large["amount"].sum()
            assert row["amount_share"] == pytest.approx(share, abs=0.0251)


def test_two_windows_tell_of_no_single_person(sql: dict[str, str], lines: pl.DataFrame) -> None:
    quarters = [date(2025, 8, 15), date(2025, 5, 15), date(2025, 2, 15)]
    versions = [published(sql, lines, day) for day in quarters]
    key = ["vendor_id", "group_kind", "group_id"]

    # within a quarter whatever is bought changes nothing: there are no windows a day apart
    later = published(sql, lines, date(2025, 8, 16)).drop("as_of_date")
    assert later.sort(key).equals(versions[0].drop("as_of_date").sort(key))

    for newer, older in pairwise(versions):
        both = newer.join(older, on=key, suffix="_before")
        change = both["people_in_tens"] - both["people_in_tens_before"]
        assert both.height > 10
        assert (change % 10 == 0).all()
    # the young shop's windows hold one another: exact counts would tell how many came
    young = [
        buyers_of(lines, end).filter(pl.col("vendor_id") == "young").height
        for end in (date(2025, 7, 1), date(2025, 4, 1))
    ]
    assert young[0] > young[1]
