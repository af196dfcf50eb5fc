"""Models as dbt compiles them, run on frames of a test: one compilation for many cases."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

import duckdb
import polars as pl

from pipelines.dbt.project import dbt_variables, target_folder
from pipelines.home import Home
from tests.warehouse.dbt import run_dbt
from tests.worlds.published_shop import marketplace_of


def compiled_models(home: Home, models: Iterable[str], as_of: date) -> dict[str, str]:
    """The SQL of the models by schema and name, in the order in which they read each other."""
    variables = dbt_variables(marketplace_of(home), as_of)
    done = run_dbt(home, "compile", "--select", *models, variables=variables)
    if done.returncode:
        raise RuntimeError(done.stdout)
    build = target_folder(home) / "build"
    nodes = json.loads((build / "manifest.json").read_text())["nodes"]
    found = {}
    for result in json.loads((build / "run_results.json").read_text())["results"]:
        node = nodes[result["unique_id"]]
        if node["resource_type"] == "model":
            name = f"{node['schema']}.{node['name']}"
            found[name] = result["compiled_code"].replace(f'"{node["database"]}".', "")
    return found


def run_models(
    connection: duckdb.DuckDBPyConnection,
    given: Mapping[str, pl.DataFrame],
    models: Mapping[str, str],
) -> None:
    """Create the given tables from frames, and then those of the models."""
    for schema in ("raw", "staging", "intermediate", "marts"):
        connection.execute(f"create schema {schema}")
    for number, (name, frame) in enumerate(given.items()):
        connection.register(f"given_{number}", frame)
        connection.execute(f"create table {name} as select * from given_{number}")
    for name, text in models.items():
        connection.execute(f"create table {name} as {text}")
