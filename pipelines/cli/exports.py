"""`kontor export`: sends one export, shows what it would send, or lists what there is."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from output.terminal import ERR, OUT
from pipelines.cli.export_plans import say_plan, say_sample
from pipelines.cli.progress import show_progress
from pipelines.runs.phases import tell, teller
from pipelines.settings import PipelineSettings

if TYPE_CHECKING:
    from operations.exports.runs import Run
    from pipelines.exporting.files import Named
    from pipelines.exporting.jobs import Job
    from pipelines.exporting.running import Ended
    from sources.marketplace import Marketplace

# 3 is a home that another process uses, as of every command.
_EXIT_NOT_SENT, _EXIT_USAGE, _EXIT_IN_PART = 1, 2, 4
_NOT_ARRIVED = frozenset({"refused", "unknown"})
_LISTED = ("name", "title", "segment", "destination", "mode", "cron", "state", "last_run")
_LIST = "list"


def export(
    name: Annotated[str, typer.Argument(help="An export, or `list` for what there is.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; send and store nothing.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send the export's seed alone: somebody of yours.")
    ] = False,
    approve: Annotated[
        bool, typer.Option("--approve", help="Send what a guard holds for approval.")
    ] = False,
    decline: Annotated[
        bool, typer.Option("--decline", help="Drop what a guard holds for approval.")
    ] = False,
    marketplace: Annotated[
        str,
        typer.Option(
            help="A name or a YAML file; by default the marketplace of this home's warehouse."
        ),
    ] = "",
    table_format: Annotated[
        str, typer.Option("--format", help="Of the list: table, csv or json.")
    ] = "table",
) -> None:
    """Send a segment to its destination. Exits with 0 only if it is there as it should be.

    Exits with 1 if nothing, or not everything, was sent; with 4 if it was, and rows were refused or
    nobody knows whether they arrived.
    """
    if name == _LIST:
        _list(marketplace, table_format)
    elif sum((dry_run, test, approve, decline)) > 1:
        _fail("choose one of --dry-run, --test, --approve and --decline")
    elif test:
        _test(name, marketplace)
    elif dry_run:
        _show(name, marketplace)
    else:
        _run(name, marketplace, approve=approve, decline=decline)


def _list(marketplace: str, table_format: str) -> None:
    from pipelines.cli.sql import QuestionError, check_format, written  # noqa: PLC0415 - duckdb
    from pipelines.exporting.files import Named, all_exports  # noqa: PLC0415

    try:
        check_format(table_format)
    except QuestionError as error:
        _fail(str(error))
    settings = PipelineSettings()
    shop = _marketplace(settings, marketplace)
    last = _last_runs(settings, shop.name)
    found = all_exports(shop.folder_of("exports"))
    rows = [
        _listed(each, last.get(each.name))
        if isinstance(each, Named)
        else (each.name, *(None for _ in _LISTED[1:-2]), "unusable", None)
        for each in found
    ]
    if table_format != "table":
        OUT.answer(written(_LISTED, rows, table_format))
    elif rows:
        OUT.table([heading.replace("_", " ") for heading in _LISTED], rows)
    else:
        OUT.say(f"{shop.name} has no exports; docs/adding.md says how to add one.")
    for each in found:
        for problem in each.problems if not isinstance(each, Named) else ():
            ERR.say(problem, style="red")


def _last_runs(settings: PipelineSettings, marketplace: str) -> "dict[str, Run]":
    """The newest run of each export."""
    from operations.exports import runs  # noqa: PLC0415 - imports SQLAlchemy
    from operations.store import opened  # noqa: PLC0415

    url = settings.existing_store_url
    if url is None:
        return {}
    with opened(url) as engine:
        return {run.export: run for run in reversed(runs.runs(engine, marketplace))}


def _listed(named: "Named", last: "Run | None") -> tuple[object, ...]:
    state = last.state if last else "never run"
    return (
        named.name,
        named.export.title,
        named.export.segment or "for vendors",
        named.export.destination,
        named.export.mode,
        named.export.cron,
        state if named.is_enabled else "off",
        last.changed_at.isoformat(" ", "minutes") if last else None,
    )


def _show(name: str, marketplace: str) -> None:
    with _job(name, marketplace) as job:
        from pipelines.exporting.on_behalf import jobs_of  # noqa: PLC0415
        from pipelines.exporting.running import dry_run  # noqa: PLC0415

        for each in jobs_of(job):
            with _explained():
                made, sample = dry_run(each)
            if each.named.name != name:
                OUT.say(each.named.name)
            say_plan(made.counts, _counts_before(each))
            for finding in (*made.held_by, *([made.impossible] if made.impossible else [])):
                OUT.say("!! ", finding.english)
            say_sample(each, sample)
        OUT.say("Nothing was sent.")


def _test(name: str, marketplace: str) -> None:
    with _job(name, marketplace) as job, _explained():
        from pipelines.exporting.running import send_seed  # noqa: PLC0415

        outcome = send_seed(job)
    why = f" ({outcome.reason})" if outcome.reason else ""
    OUT.say(f"The seed of {name} is {outcome.state}{why}.")
    if outcome.state != "confirmed":
        raise typer.Exit(_EXIT_NOT_SENT)


def _run(name: str, marketplace: str, *, approve: bool, decline: bool) -> None:
    from pipelines.exporting.on_behalf import run_all  # noqa: PLC0415 - imports duckdb

    with _job(name, marketplace) as job, _explained():
        if approve or decline:
            _decide(job, name, is_approved=approve)
            if decline:
                return
        all_ended: list[tuple[str, Ended]] = []
        try:
            with show_progress(ERR):
                tell("plan", name)
                all_ended.extend(run_all(job))
        finally:
            # also those before one that failed, as where vendors asked for several
            for each, ended in all_ended:
                _say_ended(each, ended, name)
        raise typer.Exit(exit_code(ended for _, ended in all_ended))


def _decide(job: "Job", name: str, *, is_approved: bool) -> None:
    """Approves or declines what waits, of each request where vendors asked for several."""
    from operations.exports import runs  # noqa: PLC0415 - imports SQLAlchemy
    from pipelines.exporting.on_behalf import jobs_of  # noqa: PLC0415 - imports duckdb

    own = {each.named.name: each.named.queue for each in jobs_of(job)}
    opened = [runs.open_run(job.engine, job.marketplace, queue) for queue in own.values()]
    waiting = [run for run in opened if run and run.export in own and run.state == "held"]
    if not waiting:
        _fail(f"no run of {name} waits for approval")
    for run in waiting:
        if is_approved:
            runs.approve(job.engine, run.run_id, job.clock.by)
        else:
            runs.decline(job.engine, run.run_id, "", job.clock.by)
    if not is_approved:
        OUT.say("Declined; nothing was sent.")


def exit_code(all_ended: "Iterable[Ended]") -> int:
    """0 where each destination is as it should be; else that of the graver of what happened."""
    found = list(all_ended)
    if any(each.status == "held" for each in found):
        return _EXIT_NOT_SENT
    is_whole = not any(_not_arrived(each) for each in found)
    return 0 if is_whole else _EXIT_IN_PART


def _not_arrived(ended: "Ended") -> bool:
    return ended.status == "sent" and bool(ended.run and _NOT_ARRIVED & ended.run.results.keys())


def _say_ended(name: str, ended: "Ended", asked: str) -> None:
    say_plan(ended.counts)
    if ended.status == "held":
        findings = ended.run.held_by if ended.run else ()
        ERR.say(f"{name} is held; nothing was sent.", style="yellow")
        for finding in findings:
            ERR.say(f"  {finding.english}")
        ERR.say(f"Next: kontor export {asked} --approve, or --decline")
        return
    if ended.status == "unchanged":
        if ended.counts["members"] and not ended.counts["after"]:
            ERR.say(f"{name}: nobody of the segment may be sent; nothing was sent.", style="yellow")
        else:
            ERR.say(f"{name}: the destination is as it should be; nothing was sent.", style="green")
        return
    results = ended.run.results if ended.run else {}
    said = ", ".join(f"{count:,} {state}" for state, count in sorted(results.items()))
    ERR.say(f"{name}: {said}.", style="yellow" if _not_arrived(ended) else "green")


def _counts_before(job: "Job") -> Mapping[str, int]:
    """What the last run of the export planned; nothing where it never ran."""
    from operations.exports import runs  # noqa: PLC0415 - imports SQLAlchemy

    found = runs.runs(job.engine, job.marketplace, job.named.name)
    return found[0].counts if found else {}


def _marketplace(settings: PipelineSettings, asked: str) -> "Marketplace":
    from pipelines.loading.claim import own_marketplace  # noqa: PLC0415 - imports duckdb

    with settings.home_folder.writing():
        return own_marketplace(settings.home_folder, asked, settings.marketplace)


def _tell_sent(done: int, total: int) -> None:
    tell("send", "rows", step=done, total=total)


@contextmanager
def _job(name: str, marketplace: str) -> "Iterator[Job]":
    from pipelines.exporting.jobs import opened_job  # noqa: PLC0415 - imports duckdb
    from pipelines.exporting.sending import Clock  # noqa: PLC0415

    settings = PipelineSettings()
    clock = Clock(lambda: datetime.now(UTC), time.sleep)  # noqa: TID251
    shop = _marketplace(settings, marketplace)
    with opened_job(settings, shop, name, clock, _tell_sent, teller("send")) as job:
        yield job


@contextmanager
def _explained() -> "Iterator[None]":
    """Tells what keeps an export from being sent, and ends with an exit code."""
    from operations.kernel import Refused  # noqa: PLC0415 - imports SQLAlchemy
    from pipelines.exporting.blocked import BlockedSegmentError  # noqa: PLC0415 - imports duckdb
    from pipelines.exporting.destination import DestinationStoppedError  # noqa: PLC0415
    from pipelines.exporting.people import NothingPublishedError  # noqa: PLC0415
    from pipelines.exporting.planning import ImpossiblePlanError  # noqa: PLC0415
    from pipelines.exporting.sending import ExportInterruptedError  # noqa: PLC0415

    try:
        yield
    except (
        Refused,
        BlockedSegmentError,
        DestinationStoppedError,
        NothingPublishedError,
        ImpossiblePlanError,
    ) as error:
        _fail(str(error))
    except ExportInterruptedError as error:
        ERR.say(f"Interrupted: {error}", style="red")
        ERR.say("What is left stays pending; the next run goes on with it.")
        raise typer.Exit(_EXIT_NOT_SENT) from None


def _fail(message: str) -> NoReturn:
    ERR.say(message, style="red", keeps_lines=True)
    raise typer.Exit(_EXIT_USAGE)
