"""Five days of a real shop's GA4 export, against the same files counted anew in polars."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.home import Home
from pipelines.settings import PROJECT_ROOT, environment_value
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_marketplace

pytestmark = pytest.mark.olist

# By hand from Google's list of recommended and automatically collected events.
TYPES = {
    "page_view": "page_viewed",
    "view_item": "product_viewed",
    "view_item_list": "product_list_viewed",
    "session_start": "session_started",
    "view_promotion": "promotion_viewed",
    "select_promotion": "promotion_clicked",
    "view_search_results": "products_searched",
    "begin_checkout": "checkout_started",
    "add_shipping_info": "checkout_step_completed",
    "add_payment_info": "payment_info_entered",
    "add_to_cart": "product_added",
    "purchase": "order_completed",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    given = environment_value("KONTOR_GA4_DIR")
    found = Path(given) if given else PROJECT_ROOT.parent / "shared" / "data" / "ga4_sample"
    if not (found / "events_20201101.parquet").is_file():
        pytest.skip(f"the sample of GA4's export is not in {found}; set KONTOR_GA4_DIR")
    return found


@pytest.fixture(scope="module")
def raw(folder: Path) -> pl.DataFrame:
    return pl.concat(
        [pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))],
        how="vertical_relaxed",
    )


@pytest.fixture(scope="module")
def desk(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = Home(tmp_path_factory.mktemp("ga4") / "home")
    feeds = {"events": [{"files": "*.parquet", "dialect": "ga4"}]}
    with Parser() as parser:
        desk = Desk(home, a_marketplace(folder, **feeds), parser)
        desk.ingest("events")
        yield desk


def one(desk: Desk, query: str) -> tuple[Any, ...]:
    return desk.query(query)[0]


def param(key: str, *kinds: str) -> pl.Expr:
    """A parameter's value, by another way than ours: as a filtered list of structs."""
    found = pl.col("event_params").list.eval(
        pl.element().filter(pl.element().struct.field("key") == key)
    )
    value = found.list.first().struct.field("value")
    return pl.coalesce([value.struct.field(kind).cast(pl.Float64) for kind in kinds])


def test_nothing_is_lost_and_nothing_is_added(desk: Desk, raw: pl.DataFrame) -> None:
    found = one(
        desk,
        "select count(*), count(distinct event_id), count(distinct _row_id), "
        "count(distinct visitor_id), min(occurred_at), max(occurred_at) from raw.events_current",
    )

    rows = raw.select((1 + pl.col("items").list.len()).sum()).item()
    times = pl.from_epoch(raw["event_timestamp"], time_unit="us")
    assert found == (
        rows,
        len(raw),
        rows,
        raw["user_pseudo_id"].n_unique(),
        times.min(),
        times.max(),
    )
    assert one(desk, "select count(*) from quarantine.rows") == (0,)


def test_events_are_counted_by_what_they_mean(desk: Desk, raw: pl.DataFrame) -> None:
    query = "select event_type, count(distinct event_id) from raw.events_current group by all"

    found = dict(desk.query(query))

    meant = raw["event_name"].replace_strict(TYPES, default="other").value_counts()
    assert found == dict(meant.iter_rows())
    assert (found["order_completed"], found["page_viewed"]) == (193, 72_011)


def test_purchases_have_their_items_and_their_revenue(desk: Desk, raw: pl.DataFrame) -> None:
    found = one(
        desk,
        "select count(*) filter (where item_number > 0), sum(quantity), "
        "sum(quantity * unit_price), sum(value_amount), count(distinct order_id) "
        "from raw.events_current where event_type = 'order_completed'",
    )

    purchases = raw.filter(pl.col("event_name") == "purchase")
    items = purchases.select(pl.col("items").list.explode()).unnest("items")
    value = purchases.select(param("value", "double_value", "int_value")).to_series()
    orders = purchases.select(param("transaction_id", "int_value")).to_series()
    assert found == (
        len(items),
        items["quantity"].sum(),
        (items["quantity"] * items["price"].cast(pl.Decimal(18, 4))).sum(),
        value.round(2).cast(pl.Decimal(18, 2)).sum(),
        orders.n_unique(),  # the export's own column says "(not set)" for each
    )
    assert found[3] == Decimal("12996.74")


def test_sessions_are_those_of_the_export(desk: Desk, raw: pl.DataFrame) -> None:
    found = one(desk, "select count(distinct session_id) from raw.events_current")

    session = param("ga_session_id", "int_value").cast(pl.Int64).alias("session")
    assert found == (raw.select("user_pseudo_id", session).n_unique(),)


def test_countries_are_codes_wherever_the_export_names_one(desk: Desk, raw: pl.DataFrame) -> None:
    query = "select country_code, count(distinct event_id) from raw.events_current group by all"

    found = dict(desk.query(query))

    countries = raw["geo"].struct.field("country")
    by_hand = {"US": "United States", "TR": "Turkey", "HK": "Hong Kong", "PS": "Palestine"}
    by_hand |= {"MM": "Myanmar (Burma)", "TT": "Trinidad & Tobago", "BA": "Bosnia & Herzegovina"}
    for code, name in by_hand.items():
        assert found[code] == countries.filter(countries == name).len(), name
    assert found[None] == countries.filter(countries == "(not set)").len()


def test_no_page_has_a_query_and_no_text_an_address(desk: Desk) -> None:
    found = one(
        desk,
        "select count_if(regexp_matches(page_path, '[?#@]')), "
        "count_if(contains(cast(event as varchar), '@')) from raw.events_current as event",
    )

    assert found == (0, 0)
