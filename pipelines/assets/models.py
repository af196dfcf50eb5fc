"""The dbt project as assets; Dagster splits it by itself around the statistical steps."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from pipelines.analytics.steps import STEPS
from pipelines.assets import keys
from pipelines.assets.kept_models import with_kept
from pipelines.assets.resources import Run
from pipelines.assets.translation import KontorTranslator
from pipelines.checking.warning_tests import note_warnings
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import Part, needed_nodes, part_of
from pipelines.dbt.project import (
    DBT_FOLDER,
    dbt_environment,
    dbt_executable,
    dbt_variables,
    parsed_project,
    target_folder,
    why_dbt_stopped,
)
from pipelines.dbt.warm_client import PARSED_PROJECT
from pipelines.runs.phases import tell
from pipelines.settings import temporary_environment

if TYPE_CHECKING:
    import duckdb

# The job that leaves out models which nothing touched; their outputs say so.
_NARROWED, _KEPT = "refresh_warehouse", "kept"
# Where Dagster decides which steps may begin.
_EXECUTION = "dagster._core.execution.plan.active"
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
    # It warns of each blocking check without a result; those of kept models have their last one.
    logging.getLogger(_EXECUTION).setLevel(logging.ERROR)
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
            part = _part(context, connection, manifest, ids_by_key)
        run.close_warehouse()
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        arguments += ["--vars", dbt_variables(run.shop, as_of)]
        arguments += ["--full-refresh"] if is_full else []
        if part is None:
            selected = {ids_by_key[key] for key in context.selected_asset_keys}
            for test in manifest.later_tests(selected):
                arguments += ["--exclude", test]
            yield from _built(context, run, manifest, arguments)
            return
        events: Iterator[Any] = iter(())
        if part.names:
            arguments += ["--indirect-selection", "empty", "--select", " ".join(part.names)]
            events = _built(context, run, manifest, arguments, is_selected=True)
        keys_by_id = {ids_by_key[key]: key for key in context.selected_asset_keys}
        kept = keys_by_id.keys() - part.models
        tell("build", step=len(kept), total=len(manifest.built))

        def output_of(unique_id: str) -> dg.Output[None]:
            # It is what a build would make of it, so what reads it may begin.
            name = context.assets_def.get_output_name_for_asset_key(keys_by_id[unique_id])
            return dg.Output(None, name, metadata={_KEPT: True})

        yield from with_kept(events, manifest, keys_by_id, kept, output_of)

    return models


def _part(
    context: dg.AssetExecutionContext,
    connection: "duckdb.DuckDBPyConnection",
    manifest: Manifest,
    ids_by_key: Mapping[dg.AssetKey, str],
) -> Part | None:
    """What is needed of the selected models; None where all are built, as whoever names some asks.

    Only a run from files to pages has seen to it that whatever touches a model was loaded.
    """
    from pipelines.loading.model_builds import touched_since_built  # noqa: PLC0415 - imports duckdb

    touched = touched_since_built(connection) if context.job_name == _NARROWED else None
    if touched is None:
        return None
    steps = {step.name: step.reads[-1] for step in STEPS}
    needed = needed_nodes(manifest, touched, steps)
    return part_of(manifest, needed, {ids_by_key[key] for key in context.selected_asset_keys})


def _built(
    context: dg.AssetExecutionContext,
    run: Run,
    manifest: Manifest,
    arguments: list[str],
    *,
    is_selected: bool = False,
) -> Iterator[Any]:
    """What dbt made, as Dagster's events; without a selection in the arguments, by Dagster's."""
    dbt = InstalledDbt(
        project_dir=str(DBT_FOLDER),
        profiles_dir=str(DBT_FOLDER),
        dbt_executable=dbt_executable(),
    )
    environment = dbt_environment(run.home, run.settings)
    # A dbt that is not warm does not know this name, and parses the project for each new day.
    environment[PARSED_PROJECT] = str(parsed_project(run.home))
    # One folder for all parts and runs, so that dbt parses only what changed.
    target = target_folder(run.home) / "build"
    with temporary_environment(environment):
        if is_selected:
            # With the context Dagster would add all that it has selected.
            invocation = dbt.cli(
                arguments,
                manifest=manifest.parsed,
                dagster_dbt_translator=KontorTranslator(),
                target_path=target,
            )
            invocation.context = context
        else:
            invocation = dbt.cli(arguments, context=context, target_path=target)
        yield from _events(invocation, len(manifest.built))
        results = invocation.get_artifact("run_results.json")["results"]
    with run.warehouse() as connection:
        note_warnings(connection, manifest, results, run.recorded_text)


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
