"""The dbt project as assets; Dagster splits it by itself around the statistical steps."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.assets.translation import KontorTranslator
from pipelines.checking.warning_tests import note_warnings
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import (
    DBT_FOLDER,
    dbt_environment,
    dbt_executable,
    dbt_variables,
    parsed_project,
    target_folder,
    why_dbt_stopped,
)
from pipelines.dbt.warm_server import PARSED_PROJECT
from pipelines.runs.phases import tell
from pipelines.settings import temporary_environment

# Before dbt's own errors in the message of dagster-dbt.
_DBT_ERRORS = "Errors parsed from dbt logs:"


class InstalledDbt(DbtCliResource):
    """dbt as installed beside us; saves the seconds in which dagster-dbt would get to know it."""

    @cached_property
    def _cli_version(self) -> Version:
        # By default `dbt --version` is started for it.
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        # By default dbt is imported into this process to count rows; our checks count them. No
        # adapter is what dagster-dbt works with under dbt's other engine, too.
        del args


def dbt_models(path: Path, manifest: Manifest) -> dg.AssetsDefinition:
    """The one dbt asset definition, made from a parsed manifest."""
    ids_by_key = {keys.model(*place): unique_id for place, unique_id in manifest.built.items()}

    @dbt_assets(
        manifest=path,
        dagster_dbt_translator=KontorTranslator(),
        pool=keys.WAREHOUSE_WRITER,
    )
    def models(context: dg.AssetExecutionContext, run: Run) -> Iterator[Any]:
        """Builds and tests the models; a failing test stops what follows."""
        from pipelines.loading.model_builds import is_full_build  # noqa: PLC0415 - imports duckdb

        with run.warehouse() as connection:
            as_of = run.as_of_day(connection)
            is_full = is_full_build(connection)
        run.close_warehouse()
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        arguments += ["--vars", dbt_variables(run.shop, as_of)]
        selected = {ids_by_key[key] for key in context.selected_asset_keys}
        for test in manifest.later_tests(selected):
            arguments += ["--exclude", test]
        if is_full:
            arguments.append("--full-refresh")
        dbt = InstalledDbt(
            project_dir=str(DBT_FOLDER),
            profiles_dir=str(DBT_FOLDER),
            dbt_executable=dbt_executable(),
        )
        environment = dbt_environment(run.home, run.settings)
        # A dbt that is not warm does not know this name, and parses the project for each new day.
        environment[PARSED_PROJECT] = str(parsed_project(run.home))
        with temporary_environment(environment):
            # One folder for all parts and runs, so that dbt parses only what changed.
            invocation = dbt.cli(
                arguments, context=context, target_path=target_folder(run.home) / "build"
            )
            yield from _events(invocation, len(manifest.built))
            results = invocation.get_artifact("run_results.json")["results"]
        with run.warehouse() as connection:
            note_warnings(connection, manifest, results, run.recorded_text)

    return models


def _events(invocation: DbtCliInvocation, total: int) -> Iterator[Any]:
    """What dbt did, as Dagster's events; `total` is how many models and seeds there are.

    Raises:
        dg.Failure: dbt did not succeed; a sentence says why.
    """
    try:
        for event in invocation.stream():
            if isinstance(event, dg.Output):
                built = str(event.metadata["unique_id"].value).rpartition(".")[2]
                tell("build", built, step=1, total=total)
            yield event
    except DagsterDbtCliRuntimeError as error:
        # Its text begins with the whole command, of which nobody can make anything.
        errors = str(error).partition(_DBT_ERRORS)[2]
        why = why_dbt_stopped(invocation.process.returncode, errors)
        raise dg.Failure(f"building the models: {why}") from error
