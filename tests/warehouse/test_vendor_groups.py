"""What a vendor sees of its buyers, attacked: wholes less parts, and one window less the next."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, permutations

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


@dataclass(frozen=True)
class Told:
    """People of whom a number is shown, or follows, and the fewest and most that they can be."""

    people: frozenset[str]
    fewest: int
    most: int


def told_of(seen: pl.DataFrame, buyers: pl.DataFrame) -> list[Told]:
    """What a vendor can find of every set of groups of a kind, by all that the kinds say."""
    kinds = {}
    for kind in KINDS:
        rows = seen.filter(pl.col("group_kind") == kind)
        counts = dict(rows.select("group_id", "people_in_tens").rows())
        groups = groups_of(rows, buyers, kind) if rows.height else {}
        kinds[kind] = [
            Told(frozenset(people["customer_id"]), counts[name], counts[name] + 9)
            for name, people in groups.items()
        ]
    known = [each for each in kinds.values() if each]
    # the whole is the same whichever way it is parted
    fewest = max(sum(group.fewest for group in each) for each in known)
    most = min(sum(group.most for group in each) for each in known)
    found = []
    for each in known:
        for size in range(1, len(each) + 1):
            for chosen in combinations(each, size):
                others = [group for group in each if group not in chosen]
                found.append(
                    Told(
                        frozenset().union(*(group.people for group in chosen)),
                        max(
                            sum(group.fewest for group in chosen),
                            fewest - sum(group.most for group in others),
                        ),
                        min(
                            sum(group.most for group in chosen),
                            most - sum(group.fewest for group in others),
                        ),
                    )
                )
    return found


def young_shops(count: int) -> pl.DataFrame:
    """Shops of 15 to 60 buyers that began within the year."""
    chance = np.random.default_rng(11)
    found = []
    for shop in range(count):
        first = date(2024, 7, 1) + timedelta(days=int(chance.integers(200)))
        days, buyers = (AS_OF - first).days, int(chance.integers(15, 60))
        found += [
            {
                "vendor_id": f"young-{shop}",
                "customer_id": f"young-{shop}-{chance.integers(buyers)}",
                "order_id": f"young-{shop}-{order}",
                "order_date": first + timedelta(days=int(chance.integers(days))),
                "gmv_net": float(chance.integers(1, 100)),
                "is_in_gmv_net": True,
            }
            for order in range(buyers * 2)
        ]
    return pl.DataFrame(found)


def test_no_group_nor_what_is_left_of_the_whole_is_a_few_people_or_one_persons(
    sql: dict[str, str], lines: pl.DataFrame
) -> None:
    shown, buyers = published(sql, lines, AS_OF), buyers_of(lines, date(2025, 7, 1))
    attacked = set()

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
                    attacked.add((vendor, kind))

    assert attacked == {
        (vendor, kind) for vendor in ("large", "middle", "small", "young") for kind in KINDS
    }
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
            assert row["people_in_tens"] == people.height // 10 * 10
            share = people["amount"].sum() / large["amount"].sum()
            assert row["amount_share"] == pytest.approx(share, abs=0.0251)


def test_neighbouring_windows_and_groups_single_out_no_few_people(
    sql: dict[str, str], lines: pl.DataFrame
) -> None:
    # a young shop's windows hold one another, so that their difference is who came since
    shops = pl.concat([lines, young_shops(60)])
    ends = {AS_OF: date(2025, 7, 1), date(2025, 5, 15): date(2025, 4, 1)}
    told: dict[str, list[Told]] = {}
    for as_of, end in ends.items():
        shown, buyers = published(sql, shops, as_of), buyers_of(shops, end)
        for (vendor,), seen in shown.group_by("vendor_id"):
            own = buyers.filter(pl.col("vendor_id") == vendor)
            told.setdefault(str(vendor), []).extend(told_of(seen, own))

    pairs = [
        (larger, smaller)
        for each in told.values()
        for larger, smaller in permutations(each, 2)
        if larger.people > smaller.people
    ]
    few = [pair for pair in pairs if len(pair[0].people - pair[1].people) < 10]
    found = [
        (larger, smaller)
        for larger, smaller in pairs
        if larger.fewest - smaller.most >= 1 and larger.most - smaller.fewest < 10
    ]

    assert all(one.fewest <= len(one.people) <= one.most for each in told.values() for one in each)
    # exact counts would have singled out these
    assert few
    assert found == []


def test_nothing_changes_within_a_quarter(sql: dict[str, str], lines: pl.DataFrame) -> None:
    key = ["vendor_id", "group_kind", "group_id"]
    today, tomorrow = (
        published(sql, lines, day).drop("as_of_date").sort(key)
        for day in (AS_OF, AS_OF + timedelta(days=1))
    )

    assert tomorrow.equals(today)
