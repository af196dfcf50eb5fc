"""Sessions, conversion, abandonment and stitching against what truly happened in the demo.

The laws of chance give the intervals: five standard errors, for a test that never fails by chance.
Those who refuse to be analysed, an eighth of all browsers, are in the truth and not in the feeds.
"""

import shutil
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.simulator.world.sizes import DEFAULT_END
from tests.warehouse.dbt import create_views

pytestmark = pytest.mark.quality

ANALYSED = 0.875
MODELS = (
    "stg_tracking__events stg_shop__orders int_session_spans int_session_steps fct_sessions "
    "int_visitors_linked dim_visitors"
)


@pytest.fixture(scope="module")
def demo(
    loaded: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo with its sessions as tables, and its truth beside them."""
    home = Home(tmp_path_factory.mktemp("truth") / "home")
    home.path.mkdir()
    shutil.copyfile(loaded.warehouse, home.warehouse)
    shop = marketplace_named("demo", loaded)
    create_views(home, MODELS, dbt_variables(shop, DEFAULT_END))
    with open_warehouse(home.warehouse) as connection:
        connection.execute("create table sessions as select * from marts.fct_sessions")
        for table in ("visits", "bots", "identities"):
            path = loaded.path / "demo" / "truth" / f"{table}.parquet"
            connection.execute(f"create table {table} as from '{path}'")
        yield connection


def one(demo: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    return tuple(float(value) for value in demo.execute(query).fetchall()[0])


def test_human_sessions_are_the_visits_of_people_who_let_themselves_be_analysed(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    ours, truth = one(
        demo,
        "select (select count(*) from sessions where session_kind = 'human'), "
        "(select sum(visits) from visits)",
    )

    assert ours == pytest.approx(truth * ANALYSED, rel=0.01)


def test_conversion_by_device_is_the_true_one(demo: duckdb.DuckDBPyConnection) -> None:
    rows = demo.execute(
        "with truth as (select device, sum(orders) / sum(visits) as rate from visits group by 1) "
        "select device, avg(cast(purchased as int)), count(*), any_value(rate) from sessions "
        "join truth using (device) where session_kind = 'human' group by device"
    ).fetchall()

    assert len(rows) == 4
    for device, ours, count, rate in rows:
        error = (rate * (1 - rate) / count) ** 0.5
        assert abs(ours - rate) < 5 * error, device


def test_carts_and_checkouts_are_begun_as_often_as_they_truly_were(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    rows = demo.execute(
        "select count(*), avg(cast(added_to_cart as int)), avg(cast(began_checkout as int)), "
        "(select sum(carts) / sum(visits) from visits), "
        "(select sum(checkouts) / sum(visits) from visits), "
        "1 - sum(cast(purchased and began_checkout as int)) / sum(cast(began_checkout as int)), "
        "(select 1 - sum(orders) / sum(checkouts) from visits), "
        "sum(cast(began_checkout as int)) from sessions where session_kind = 'human'"
    ).fetchall()

    [(count, carts, checkouts, true_carts, true_checkouts, abandoned, true_abandoned, begun)] = rows
    assert carts == pytest.approx(true_carts, abs=5 * (true_carts / count) ** 0.5)
    assert checkouts == pytest.approx(true_checkouts, abs=5 * (true_checkouts / count) ** 0.5)
    assert abandoned == pytest.approx(true_abandoned, abs=5 * (0.25 / begun) ** 0.5)


def test_programs_that_say_nothing_are_found_by_what_they_do(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    # a robot looks at 15 to 59 products: two of three of its visits reach 30
    wrong, found, all_bots = one(
        demo,
        "select count(*) filter (where session_kind = 'bot' and bots.visitor_id is null), "
        "count(*) filter (where session_kind = 'bot' and bots.visitor_id is not null), "
        "count(*) filter (where bots.visitor_id is not null) "
        "from sessions left join bots using (visitor_id)",
    )

    assert wrong == 0
    assert found > 0.6 * all_bots


def test_whose_a_browser_is_said_to_be_is_as_sure_as_it_is_said(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    count, right, said = one(
        demo,
        "select count(*), avg(cast(identities.visitor_id is not null as int)), "
        "avg(link_confidence) from marts.dim_visitors as known left join identities "
        "using (visitor_id, customer_id) where known.customer_id is not null",
    )

    assert count > 1_000
    assert right >= said
    assert right - said < 0.05
