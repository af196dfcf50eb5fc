"""`kontor run` and its steps: the same assets as Dagster's, executed in this process."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Literal

from installation.imports import importing_for_good
from output.findings.finding import Finding
from pipelines.dbt.project import WARM_DBT, manifest_path, read_ahead
from pipelines.dbt.warm import warm_dbt
from pipelines.loading.claim import claim_warehouse
from pipelines.marketplaces import marketplace_named
from pipelines.publishing.versions import current_version
from pipelines.runs.change import settled_feeds, unchanged_version
from pipelines.runs.last_run import LastRun, Outcome, utc_text, write_last_run
from pipelines.runs.phases import tell, teller
from pipelines.runs.requests import waiting
from pipelines.runs.room import require_room_to_begin
from pipelines.runs.unquoted import UnquotedStream
from pipelines.settings import PipelineSettings, temporary_environment
from sources.contract import all_contracts
from sources.disk import noticing_full_disk
from sources.errors import PermanentSourceError

if TYPE_CHECKING:
    import dagster as dg

Job = Literal["refresh_warehouse", "ingest_feeds", "build_models", "publish_warehouse"]
_LOADING: frozenset[Job] = frozenset({"refresh_warehouse", "ingest_feeds"})
_BUILDING: frozenset[Job] = frozenset({"refresh_warehouse", "build_models"})


@dataclass(frozen=True, slots=True)
class RunArguments:
    """What a run was asked to do, and when."""

    marketplace: str
    as_of: date | None
    full: bool
    now: datetime


def refresh(settings: PipelineSettings, arguments: RunArguments) -> LastRun:
    """From files to pages, or a note that nothing changed.

    Raises:
        ConfigurationError: the marketplace's file is wrong.
        HomeBusyError: another run is writing, or another program has the warehouse open.
        DiskFullError: there is no room to begin.
    """
    home = settings.home_folder
    marketplace = marketplace_named(arguments.marketplace, home)
    with noticing_full_disk(home.path), home.writing():
        require_room_to_begin(home)
        if not marketplace.folder.is_dir():
            raise PermanentSourceError(
                f"{marketplace.folder} does not exist; check `folder` in the marketplace's file"
            )
        claim_warehouse(home, marketplace.name, arguments.marketplace)
        # A replay that somebody asked for is work, whatever the files say.
        if not waiting(settings, marketplace.name) and unchanged_version(
            home,
            marketplace,
            arguments.as_of,
            arguments.now,
            full=arguments.full,
            store_url=settings.existing_store_url,
        ):
            return _noted(settings, arguments, "unchanged", [])
        if arguments.full:
            _reload(settings, arguments)
        outcome, reasons = execute("refresh_warehouse", settings, arguments)
        return _noted(settings, arguments, outcome, reasons)


def run_step(
    job: Job, settings: PipelineSettings, arguments: RunArguments
) -> tuple[Outcome, list[Finding]]:
    """One of the jobs alone, under the home's lock; how it ended, and why it did not succeed.

    Raises:
        ConfigurationError: the marketplace's file is wrong.
        HomeBusyError: another run is writing, or another program has the warehouse open.
        DiskFullError: there is no room to begin.
    """
    home = settings.home_folder
    marketplace = marketplace_named(arguments.marketplace, home)
    with noticing_full_disk(home.path), home.writing():
        require_room_to_begin(home)
        # Here, where it can be said: Dagster would say it of its resource.
        claim_warehouse(home, marketplace.name, arguments.marketplace)
        return execute(job, settings, arguments)


def execute(
    job: Job, settings: PipelineSettings, arguments: RunArguments
) -> tuple[Outcome, list[Finding]]:
    """Runs a job in this process; returns how it ended and every reason why it did not succeed."""
    tell("start", "reading the project")
    with ExitStack() as stack:
        if job in _BUILDING:
            executable = stack.enter_context(warm_dbt())
            stack.enter_context(temporary_environment({WARM_DBT: str(executable)}))
        result = _executed(job, settings, arguments)
    from pipelines.runs.report import reasons_of  # noqa: PLC0415 - imports dagster

    blocked, reasons = reasons_of(result.all_events)
    if result.success:
        return "published", []
    return ("blocked" if blocked else "failed"), reasons


def _executed(
    job: Job, settings: PipelineSettings, arguments: RunArguments
) -> "dg.ExecuteInProcessResult":
    # dbt reads its project in its own process while Dagster is imported into this one.
    with ThreadPoolExecutor(max_workers=1) as helper:
        parsing = helper.submit(manifest_path, settings.home_folder, settings)
        helper.submit(read_ahead, settings.home_folder, settings)
        with importing_for_good():
            import dagster_dbt  # noqa: F401, PLC0415 - seconds to import, needed only for work

            import pipelines.definitions  # noqa: F401, PLC0415
        parsing.result()
        return _worked(job, settings, arguments)


def _worked(
    job: Job, settings: PipelineSettings, arguments: RunArguments
) -> "dg.ExecuteInProcessResult":
    import dagster as dg  # noqa: PLC0415 - imported by now

    from pipelines.definitions import build_definitions  # noqa: PLC0415
    from pipelines.runs.retention import forget_old_runs  # noqa: PLC0415

    # dbt's own account goes to a log, as far as it quotes no row; what a person needs of it comes
    # back as reasons.
    log = settings.home_folder.path / "logs" / "run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # A run's configuration takes registered names only; here a person may have named a file.
    variables = {
        "DAGSTER_HOME": str(dagster_home(settings)),
        "KONTOR_MARKETPLACE": arguments.marketplace,
        # What is planned, an event for each asset and check, is written down at once.
        "DAGSTER_EVENT_BATCH_SIZE": "1000",
    }
    with (
        log.open("w") as file,
        redirect_stdout(UnquotedStream(file)),
        temporary_environment(variables),
        dg.DagsterInstance.get() as instance,
    ):
        left_out = _absent_feeds(settings, arguments)
        looks = job in _LOADING and not arguments.full
        settled = _settled_feeds(instance, settings, arguments) if looks else set()
        with importing_for_good():
            found = build_definitions(settings).resolve_job_def(job)
            chosen = _chosen(found, left_out, settled)
        result = chosen.execute_in_process(
            instance=instance, raise_on_error=False, run_config=_run_config(arguments)
        )
        forget_old_runs(instance, arguments.now)
        return result


def _absent_feeds(settings: PipelineSettings, arguments: RunArguments) -> "set[dg.AssetKey]":
    """Feeds that nobody delivers here; each would cost a step that finds nothing."""
    from pipelines.assets import keys  # noqa: PLC0415 - imports dagster

    marketplace = marketplace_named(arguments.marketplace, settings.home_folder)
    has_store = settings.existing_store_url is not None
    loaded = marketplace.loaded_feeds if has_store else marketplace.feeds
    return {keys.raw(feed) for feed in all_contracts() if feed not in loaded}


def _settled_feeds(
    instance: "dg.DagsterInstance", settings: PipelineSettings, arguments: RunArguments
) -> "set[dg.AssetKey]":
    """Feeds that were looked at here and need no step; Dagster is told, for it counts looks."""
    import dagster as dg  # noqa: PLC0415

    from pipelines.assets import keys  # noqa: PLC0415

    home = settings.home_folder
    marketplace = marketplace_named(arguments.marketplace, home)
    settled = settled_feeds(home, marketplace)
    tell("load", step=len(settled), total=len(marketplace.feeds))
    for feed in sorted(settled):
        seen = dg.AssetMaterialization(keys.raw(feed), metadata={"new_files": 0})
        instance.report_runless_asset_event(seen)
    return {keys.raw(feed) for feed in settled}


def _chosen(
    job: "dg.JobDefinition", absent: "set[dg.AssetKey]", settled: "set[dg.AssetKey]"
) -> "dg.JobDefinition":
    """A job without some assets; its checks are named, or Dagster would add all of the rest's.

    Of a settled feed only what its own step checks is left out: others may look at it again. dbt's
    tests are left out, for dbt runs those of what it builds, and the models' asset tells of them.
    """
    from pipelines.assets.ingestion import STEP_CHECKS  # noqa: PLC0415
    from pipelines.assets.models import is_of_dbt  # noqa: PLC0415

    layer = job.asset_layer
    graph = layer.asset_graph
    wanted = set(layer.executable_asset_keys) - absent - settled
    checks = {
        key
        for key in graph.asset_check_keys
        if key.asset_key not in absent
        and not (key.asset_key in settled and key.name in STEP_CHECKS)
        and not is_of_dbt(graph.assets_def_for_key(key).get_spec_for_check_key(key))
    }
    return job.get_subset(asset_selection=wanted, asset_check_selection=checks)


def _noted(
    settings: PipelineSettings, arguments: RunArguments, outcome: Outcome, reasons: list[Finding]
) -> LastRun:
    published = settings.home_folder.published
    run = LastRun(utc_text(arguments.now), outcome, current_version(published), reasons)
    write_last_run(published, run)
    return run


def _reload(settings: PipelineSettings, arguments: RunArguments) -> None:
    from pipelines.loading.rebuild import rebuild_from_landing  # noqa: PLC0415
    from sources.parsing.client import Parser  # noqa: PLC0415

    home = settings.home_folder
    marketplace = marketplace_named(arguments.marketplace, home)
    recorded_at = arguments.now.replace(tzinfo=None).isoformat(" ")
    with Parser() as parser:
        rebuild_from_landing(home, marketplace, parser, recorded_at, teller("rebuild"))


def _run_config(arguments: RunArguments) -> "dg.RunConfig | dict[str, object]":
    config = {
        "as_of": arguments.as_of.isoformat() if arguments.as_of else "",
        "full": arguments.full,
        "recorded_at": arguments.now.isoformat(),
    }
    return {
        "resources": {"run": {"config": config}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def dagster_home(settings: PipelineSettings) -> Path:
    """Dagster's folder, with its configuration in it."""
    folder = settings.home_folder.dagster
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "dagster.yaml").exists():
        copyfile(Path(__file__).with_name("dagster.yaml"), folder / "dagster.yaml")
    return folder
