"""The dbt project as assets; Dagster splits it by itself around the statistical steps."""

import logging
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCliEventMessage
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from pipelines.analytics.steps import STEPS
from pipelines.assets import keys
from pipelines.assets.kept_models import with_kept
from pipelines.assets.resources import Run
from pipelines.assets.translation import KontorTranslator
from pipelines.checking.warning_tests import note_warnings
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import needed_nodes, part_of
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
# Where dagster-dbt notes which test a check is.
_TEST_ID = "dagster_dbt/unique_id"
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


def dbt_models(manifest: Manifest) -> dg.AssetsDefinition:
    """The one dbt asset definition, made from a parsed manifest."""
    # It warns of each blocking check without an output; tests have none (see `_told`).
    logging.getLogger(_EXECUTION).setLevel(logging.ERROR)
    ids_by_key = {keys.model(*place): unique_id for place, unique_id in manifest.built.items()}
    # It remembers each node's asset of a manifest: one for the definitions and all that dbt says.
    translator = KontorTranslator()

    @dbt_assets(
        manifest=manifest.parsed,
        dagster_dbt_translator=translator,
        pool=keys.WAREHOUSE_WRITER,
    )
    def models(context: dg.AssetExecutionContext, run: Run) -> Iterator[Any]:
        """Builds and tests the models; a failing test stops what follows."""
        from pipelines.loading.model_builds import is_full_build  # noqa: PLC0415 - imports duckdb

        step = context.get_step_execution_context()
        # Dagster asks for it with each output, and looks through all outputs to tell.
        step.get_output_asset_keys = cache(step.get_output_asset_keys)
        with run.warehouse() as connection:
            as_of = run.as_of_day(connection)
            is_full = is_full_build(connection)
            needed = _needed(context, connection, manifest)
        run.close_warehouse()
        keys_by_id = {ids_by_key[key]: key for key in context.selected_asset_keys}
        part = part_of(manifest, needed, set(keys_by_id))
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        arguments += ["--vars", dbt_variables(run.shop, as_of)]
        arguments += ["--full-refresh"] if is_full else []
        arguments += ["--indirect-selection", "empty", "--select", " ".join(part.names)]
        events: Iterator[Any] = iter(())
        if part.names:
            events = _built(context, run, manifest, translator, arguments)
        kept = keys_by_id.keys() - part.models
        tell("build", step=len(kept), total=len(manifest.built))

        def output_of(unique_id: str) -> dg.Output[None]:
            # It is what a build would make of it, so what reads it may begin.
            name = context.assets_def.get_output_name_for_asset_key(keys_by_id[unique_id])
            return dg.Output(None, name, metadata={_KEPT: True})

        yield from with_kept(events, manifest, keys_by_id, kept, output_of)

    return models


def _needed(
    context: dg.AssetExecutionContext, connection: "duckdb.DuckDBPyConnection", manifest: Manifest
) -> set[str]:
    """The models to build and the tests to run: all that whoever names some asks for.

    Only a run from files to pages has seen to it that whatever touches a model was loaded.
    """
    from pipelines.loading.model_builds import touched_since_built  # noqa: PLC0415 - imports duckdb

    touched = touched_since_built(connection) if context.job_name == _NARROWED else None
    if touched is None:
        return set(manifest.parsed["nodes"])
    return needed_nodes(manifest, touched, {step.name: step.reads[-1] for step in STEPS})


def _built(
    context: dg.AssetExecutionContext,
    run: Run,
    manifest: Manifest,
    translator: KontorTranslator,
    arguments: list[str],
) -> Iterator[Any]:
    """What dbt made of what the arguments select, as Dagster's events."""
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
        # With the context Dagster would add all that it has selected.
        invocation = dbt.cli(
            arguments,
            manifest=manifest.parsed,
            dagster_dbt_translator=translator,
            target_path=target,
        )
        yield from _events(context, invocation, len(manifest.built))
        results = invocation.get_artifact("run_results.json")["results"]
    with run.warehouse() as connection:
        note_warnings(connection, manifest, results, run.recorded_text)


def _events(
    context: dg.AssetExecutionContext, invocation: DbtCliInvocation, total: int
) -> Iterator[Any]:
    """What dbt did, as Dagster's events; `total` is how many models and seeds there are.

    Raises:
        dg.Failure: dbt did not succeed; a sentence says why.
    """
    try:
        for said in invocation.stream_raw_events():
            for event in _told(context, invocation, said):
                if isinstance(event, dg.Output):
                    built = str(event.metadata["unique_id"].value).rpartition(".")[2]
                    tell("build", built, step=1, total=total)
                yield event
    except DagsterDbtCliRuntimeError as error:
        # Its text begins with the whole command, of which nobody can make anything.
        errors = str(error).partition(_DBT_ERRORS)[2]
        why = why_dbt_stopped(invocation.process.returncode, errors)
        raise dg.Failure(f"building the models: {why}") from error


def _told(
    context: dg.AssetExecutionContext, invocation: DbtCliInvocation, said: DbtCliEventMessage
) -> Iterator[Any]:
    """One thing that dbt says as Dagster's events: a model's output, a test's evaluation.

    dagster-dbt would tell Dagster of a test's result, which makes an output of it beside the
    evaluation: as much work as a model's. Nothing waits for it, since a test that fails fails dbt.
    """
    node = said.raw_event["data"].get("node_info") or {}
    is_test = node.get("resource_type") == "test"
    for event in said.to_default_asset_events(
        invocation.manifest,
        invocation.dagster_dbt_translator,
        None if is_test else context,
        invocation.target_path,
    ):
        if isinstance(event, dg.AssetCheckEvaluation):
            # Completes it: with the materialization that was tested, and whether it blocks.
            result = dg.AssetCheckResult(
                passed=event.passed,
                asset_key=event.asset_key,
                check_name=event.check_name,
                metadata=event.metadata,
                severity=event.severity,
            )
            yield result.to_asset_check_evaluation(context.get_step_execution_context())
        else:
            yield event


def is_of_dbt(check: dg.AssetCheckSpec | None) -> bool:
    """Whether a check is a test of the dbt project."""
    return check is not None and _TEST_ID in check.metadata
