"""The mart of effects over the feeds of simulated worlds, without the marts in between."""

from pathlib import Path

import duckdb
import polars as pl

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from sources.simulator.world.sizes import DEFAULT_END
from tests.simulator.simulated_feeds import rows, truth
from tests.warehouse.dbt import compiled
from tests.worlds import tiny_marketplace
from tests.worlds.built_once import copied
from tests.worlds.published_shop import marketplace_of, published_shop


def compiled_models(folder: Path) -> dict[str, str]:
    """The SQL of the two models, as of the simulated worlds' last day."""
    home = Home(copied(published_shop().path, folder))
    # With the variables of the home's own build the project is not parsed once more.
    variables = dbt_variables(marketplace_of(home), tiny_marketplace.AS_OF)
    found = compiled(home, "int_contacts_followed mart_export_effect", variables)
    own, simulated = tiny_marketplace.AS_OF.isoformat(), DEFAULT_END.isoformat()
    return {name: code.replace(own, simulated) for name, code in found.items()}


def effects(
    world: Path, models: dict[str, str], *, are_exported: bool = False
) -> duckdb.DuckDBPyConnection:
    """The two models over the feeds of a simulated world, and nothing in between.

    `are_exported`: exports of the campaigns' names sent their members, and no campaign did.
    """
    members = rows(world, "campaign_members")
    exported = members.rename(
        {"campaign_id": "export_name", "customer_id": "subject_id", "joined_at": "changed_at"}
    )
    orders = rows(world, "orders").select(
        "order_id",
        "customer_id",
        "ordered_at",
        order_date=pl.col("ordered_at").dt.date(),
        is_cancelled=pl.lit(value=False),
    )
    # Every order leaves ten: what contact brings of it is ten times the orders.
    days = orders.group_by("customer_id", "order_date").agg(margin=10.0 * pl.len())
    carts = (
        truth(world, "carts")
        .join(orders.select("order_id", "ordered_at"), on="order_id", how="left")
        .select("cart_id", "customer_id", "ordered_at", created_at="filled_at")
    )
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse")
    connection.execute("use warehouse")
    for name, frame in {
        "staging.stg_marketing__campaign_members": members.clear() if are_exported else members,
        "intermediate.int_export_rows_judged": (
            exported if are_exported else exported.clear()
        ).with_columns(is_first_contact=pl.lit(value=True), subject_kind=pl.lit("customer")),
        "staging.stg_marketing__campaigns": rows(world, "campaigns").rename(
            {"name": "campaign_name"}
        ),
        "marts.fct_orders": orders,
        "intermediate.int_customer_purchase_days": days,
        "marts.fct_carts": carts,
    }.items():
        connection.execute(f"create schema if not exists {name.partition('.')[0]}")
        connection.register("frame", frame)
        connection.execute(f"create table {name} as select * from frame")
        connection.unregister("frame")
    for name, code in models.items():
        connection.execute(f"create table {name} as {code}")
    return connection


def effect(connection: duckdb.DuckDBPyConnection, metric: str, estimator: str) -> tuple[float, ...]:
    """Lift of all campaigns together, and a standard error."""
    ((lift, lower, upper),) = connection.execute(
        "select lift_mean, lift_lower, lift_upper from marts.mart_export_effect "
        "where effect_of = 'all' and metric = $metric and estimator = $estimator",
        {"metric": metric, "estimator": estimator},
    ).fetchall()
    return lift, (upper - lower) / 2 / 1.96
