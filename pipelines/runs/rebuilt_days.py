"""One day of each model that is kept by day, built again beside the warehouse and compared.

What a run leaves as it is must be what a build of everything would give. The day is drawn by the
date, so the same night draws the same days. The copy is built by the same dbt with the same code as
every run, told that just these days are stale.
"""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from random import Random

import duckdb

from pipelines.dbt.manifest import Manifest, Model
from pipelines.dbt.project import (
    DBT_FOLDER,
    dbt_environment,
    dbt_executable,
    dbt_variables,
    target_folder,
    why_dbt_stopped,
)
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from pipelines.settings import PipelineSettings, child_environment
from sources.marketplace import Marketplace
from sources.sql import identifier, literal

_SHOWN_KEYS = 5


class NothingBuiltError(Exception):
    """There is no whole build to compare with."""


class RebuildFailedError(Exception):
    """dbt could not build the days again; the message is dbt's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model's day as it is stored and as it was built again."""

    model: str
    day: date | None
    stored_rows: int
    only_stored: int
    only_rebuilt: int
    first_keys: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether both hold the same rows equally often."""
        return not self.only_stored and not self.only_rebuilt

    @property
    def sentence(self) -> str:
        """What is wrong with which model's day, and where to look."""
        return (
            f"{self.model} of {self.day}: {self.only_stored} rows are stored that a new build does "
            f"not give, {self.only_rebuilt} are given that are not stored; the first: "
            f"{', '.join(self.first_keys)}"
        )


def compared_days(
    home: Home, settings: PipelineSettings, shop: Marketplace, manifest: Manifest, drawn_by: date
) -> list[Comparison]:
    """A comparison for each model that is kept by day; the caller holds the home's lock.

    Raises:
        NothingBuiltError: no build ever got whole, or one that was begun since did not.
        RebuildFailedError: dbt could not build the days again.
    """
    models = [model for model in manifest.models if model.day_column]
    with open_warehouse(home.warehouse) as connection:
        as_of = _built_as_of(connection)
        days = {model.name: _drawn_day(connection, model, drawn_by) for model in models}
    beside = home.path / "rebuilt"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    try:
        # Of the same name, for dbt's manifest names the file's catalog.
        copy = beside / home.warehouse.name
        shutil.copyfile(home.warehouse, copy)
        with open_warehouse(copy) as connection:
            for table in ("raw.stale_days", "raw.stale_session_days"):
                connection.execute(f"delete from {table}")
                connection.executemany(
                    f"insert into {table} values (?)",
                    [[day] for day in sorted({day for day in days.values() if day})] or [[as_of]],
                )
        _build(home, settings, {"KONTOR_WAREHOUSE": str(copy)}, dbt_variables(shop, as_of))
        with open_warehouse(copy) as connection:
            stored = f"attach {literal(str(home.warehouse))} as stored (read_only)"
            connection.execute(stored)
            return [_compared(connection, manifest, model, days[model.name]) for model in models]
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _built_as_of(connection: duckdb.DuckDBPyConnection) -> date:
    builds = connection.execute("select as_of_date, is_whole from raw.model_builds").fetchall()
    if len(builds) != 1 or not builds[0][1]:
        raise NothingBuiltError("the last build of the models was not completed")
    found: date = builds[0][0]
    return found


def _drawn_day(connection: duckdb.DuckDBPyConnection, model: Model, drawn_by: date) -> date | None:
    """A day of those that the model holds; each model draws for itself."""
    found = connection.execute(
        f"select distinct {identifier(model.day_column)} from {model.relation} order by 1"
    ).fetchall()
    # Not for secrets: to be drawn again.
    random = Random(f"{drawn_by} {model.name}")  # noqa: S311
    return random.choice(found)[0] if found else None


def _build(
    home: Home, settings: PipelineSettings, environment: dict[str, str], variables: str
) -> None:
    command = [dbt_executable(), "--quiet", "run", "--project-dir", str(DBT_FOLDER)]
    command += ["--select", "config.materialized:view", "int_orders_stale"]
    command += ["config.materialized:incremental", "--vars", variables]
    command += ["--target-path", str(target_folder(home) / "build")]
    done = subprocess.run(  # noqa: S603 - our own executable, no shell
        command,
        env=child_environment({**dbt_environment(home, settings), **environment}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.strip() or done.stderr
        raise RebuildFailedError(why_dbt_stopped(done.returncode, said))


def _compared(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, model: Model, day: date | None
) -> Comparison:
    columns = ", ".join(
        identifier(row[0]) for row in connection.execute(f"describe {model.relation}").fetchall()
    )
    rows = f"select {columns} from {{}}{model.relation} where {identifier(model.day_column)} = ?"
    stored, rebuilt = rows.format("stored."), rows.format("")
    key = ", ".join(identifier(name) for name in manifest.key_of(model)) or columns

    def odd(has: str, lacks: str) -> list[str]:
        found = connection.execute(
            f"select {key} from ({has} except all {lacks}) as odd order by all", [day, day]
        ).fetchall()
        return [" ".join(str(value) for value in row) for row in found]

    only_stored, only_rebuilt = odd(stored, rebuilt), odd(rebuilt, stored)
    counted = connection.execute(f"select count(*) from ({stored}) as day", [day]).fetchall()
    keys = tuple(dict.fromkeys([*only_stored, *only_rebuilt]))[:_SHOWN_KEYS]
    return Comparison(model.name, day, counted[0][0], len(only_stored), len(only_rebuilt), keys)
