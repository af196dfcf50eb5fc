"""Companies, consents and touchpoints of the demo against polars over its feeds alone."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.marketplaces import marketplace_named
from sources.simulator.world.sizes import DEFAULT_END
from tests.simulator.order_experiences import order_experiences
from tests.warehouse.dbt import create_views

pytestmark = pytest.mark.quality

_MARTS = "+mart_contactability +mart_touchpoints +dim_accounts +int_order_experiences"


@pytest.fixture(scope="module")
def marts(
    loaded: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    home = Home(tmp_path_factory.mktemp("customers"))
    shutil.copyfile(loaded.warehouse, home.warehouse)
    home.warehouse.chmod(0o644)
    create_views(home, _MARTS, dbt_variables(marketplace_named("demo", loaded), DEFAULT_END))
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        yield connection


def feed(loaded: Home, name: str) -> pl.DataFrame:
    """A feed as it was delivered, all of it text; the last row of an id counts."""
    folder = loaded.path / "demo" / "feeds"
    files = sorted([*folder.glob(f"{name}.*"), *folder.glob(f"{name}/*")])
    frames = [
        pl.read_parquet(file).with_columns(pl.all().cast(pl.String))
        if file.suffix == ".parquet"
        else pl.read_csv(file, infer_schema_length=0)
        for file in files
    ]
    return pl.concat(frames, how="diagonal").unique(frames[0].columns[0], keep="last")


def test_touchpoints_are_the_rows_of_the_feeds(
    loaded: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    counted = dict(
        marts.execute("select kind, count(*) from marts.mart_touchpoints group by 1").fetchall()
    )
    acts = feed(loaded, "activities").filter(
        pl.col("account_id").is_not_null() | pl.col("contact_id").is_not_null()
    )
    expected = {
        "ticket": feed(loaded, "tickets").height,
        "message": feed(loaded, "messages").height,
        "vendor_message": feed(loaded, "vendor_messages").height,
        "survey": feed(loaded, "survey_responses").height,
        "registration": feed(loaded, "product_registrations").height,
        "call": acts.filter(pl.col("activity_type") == "call").height,
        "visit": acts.filter(pl.col("activity_type") == "visit").height,
        "activity": acts.filter(~pl.col("activity_type").is_in(["call", "visit"])).height,
    }

    assert min(expected.values()) > 0
    assert {kind: counted[kind] for kind in expected} == expected


def test_every_sale_of_a_company_is_in_one_tree(
    loaded: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    parent = dict(feed(loaded, "accounts").select("account_id", "parent_account_id").iter_rows())
    account = {
        row["customer_id"]: row["account_id"]
        for row in feed(loaded, "accounts").iter_rows(named=True)
        if row["customer_id"]
    }
    sales: dict[str, int] = dict.fromkeys(parent, 0)
    facts = marts.execute(
        "select order_id, customer_id, cast(coalesce(gmv_net, 0) * 100 as bigint)"
        " from marts.fct_orders"
    ).fetchall()
    named = dict(feed(loaded, "orders").select("order_id", "account_id").iter_rows())
    for order_id, customer_id, cents in facts:
        node = named.get(order_id) or account.get(customer_id)
        while node:  # the company itself, and each one above it
            sales[node] += cents
            node = parent[node]

    rolled_up = marts.execute(
        "select account_id, cast(tree_gmv_net * 100 as bigint) from marts.dim_accounts"
    ).fetchall()

    assert any(parent.values())
    assert dict(rolled_up) == sales


def test_who_may_be_written_to_is_who_allowed_it_last(
    loaded: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    stated: dict[tuple[str, str], list[tuple[str, bool, str, str | None]]] = {}
    for row in feed(loaded, "consents").iter_rows(named=True):
        if row["purpose"] == "marketing":
            said = (row["stated_at"], row["is_granted"] == "true", row["source"], row["contact_id"])
            stated.setdefault((row["customer_id"], row["channel"]), []).append(said)
    objected: dict[tuple[str, str], str] = {}
    for row in feed(loaded, "messages").iter_rows(named=True):
        if row["unsubscribed_at"] or row["status"] == "complained":
            key = (row["customer_id"], row["channel"])
            at = row["unsubscribed_at"] or row["sent_at"]
            objected[key] = max(objected.get(key, ""), at)
    contacts: dict[str, int] = {}
    for row in feed(loaded, "contacts").iter_rows(named=True):
        contacts[row["customer_id"]] = contacts.get(row["customer_id"], 0) + 1

    # one person speaks for the customer: several contacts are worked by hand in the unit tests
    expected = {
        key
        for key, said in stated.items()
        if contacts.get(key[0], 0) <= 1 and max(said)[1] and objected.get(key, "") < max(said)[0]
    }
    granted = {
        row
        for row in marts.execute(
            "select customer_id, channel from marts.mart_contactability"
            " where purpose = 'marketing' and consent_state = 'granted'"
        ).fetchall()
        if contacts.get(row[0], 0) <= 1
    }

    assert len(expected) > 100
    assert granted == expected


def test_what_orders_met_with_is_what_the_feeds_say(
    loaded: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    columns = [
        *("order_id", "customer_id", "segment", "order_number", "days_since_previous"),
        *("late_delivery", "unanswered_message", "ticket", "price_rise", "lost_order", "placebo"),
    ]
    end = DEFAULT_END + timedelta(days=1)
    expected = order_experiences(loaded.path / "demo", end).select(columns).sort("order_id")

    found = marts.execute(
        f"select {', '.join(columns)} from intermediate.int_order_experiences order by order_id"
    ).pl()

    assert min(expected[name].sum() for name in columns[5:]) > 0
    assert_frame_equal(found, expected)
