"""Plans a run of an export: what would leave, looked at, written, and opened as a run."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from operations.exports import held_out, runs
from operations.exports import rows as outbox
from operations.exports import sent as known
from operations.exports.runs import Run
from pipelines.exporting.blocked import check_unblocked
from pipelines.exporting.destination import Promise
from pipelines.exporting.jobs import Job
from pipelines.exporting.leaving import UnfitRowsError, check_leaving
from pipelines.exporting.people import Reader, find_people, reading
from pipelines.exporting.plan import (
    Plan,
    held_out_rows,
    plan,
    planned_rows,
    sent_frame,
    write_contents,
)
from pipelines.exporting.quality import with_quality
from sources.kill_points import reached


class ImpossiblePlanError(Exception):
    """What is asked cannot be sent at all; says why."""


def planned(
    job: Job, promise: Promise, *, only_withdrawn: bool = False, holds: bool = False
) -> tuple[Plan, Run | None]:
    """What is to be sent, and the run opened for it.

    No run where a guard holds it and somebody has to be removed before, unless it `holds` anyway.

    Raises:
        ImpossiblePlanError: a key stands twice, or rows may not leave as they are.
    """
    named = job.named
    with reading(job.home) as reader:
        _sweep(job)
        find(job, reader)
        made = plan(reader, named.export, promise, only_withdrawn=only_withdrawn)
        if not only_withdrawn:
            made = with_quality(reader, named.export, made, named.sink.matched_by)
        if made.impossible is not None:
            raise ImpossiblePlanError(made.impossible.english)
        if made.held_by and made.consent_removals and not holds:
            return made, None
        run_id = secrets.token_hex(8)
        write_contents(reader, named.export, job.contents(run_id))
        _check(job, reader, made, job.contents(run_id))
        outbox.write(job.engine, run_id, planned_rows(reader))
        held = (job.marketplace, named.name, run_id)
        held_out.write(job.engine, *held, held_out_rows(reader), job.clock.now())
        reached("rows_written")
        new = runs.NewRun(
            run_id=run_id,
            marketplace=job.marketplace,
            export=named.name,
            destination=named.sink.name,
            queue=named.queue,
            mode=named.export.mode,
            promise=promise,
            subject_kind=named.export.subject,
            limits=_limits(job),
            published_version=reader.version,
            counts=made.counts,
            held_by=made.held_by,
            quality=made.quality,
        )
        run = runs.plan(job.engine, new, job.clock.by)
    reached("run_planned")
    return made, run


def withdrawal_count(job: Job, promise: Promise) -> int:
    """How many would be removed only because they may not be sent any more."""
    with reading(job.home) as reader:
        find(job, reader)
        return plan(reader, job.named.export, promise, only_withdrawn=True).counts["remove"]


def find(job: Job, reader: Reader) -> None:
    """Makes the table `rows` of an export (people.find_people), unless its segment is blocked."""
    named = job.named
    if named.buyers is None:
        check_unblocked(reader, named.export.segment, named.sink.file.blocked_categories)
    sent = known.sent(job.engine, job.marketplace, named.name)
    find_people(reader, named.export, sent_frame(sent), _capped(job), named.buyers)


def _limits(job: Job) -> dict[str, float]:
    limits = job.named.sink.file.limits.within(job.opened().limits)
    return {name: value for name, value in asdict(limits).items() if value is not None}


def _capped(job: Job) -> list[str]:
    cap = job.named.export.cap
    if cap is None:
        return []
    since = job.clock.now() - timedelta(days=cap.within_days)
    recent = [
        run.run_id for run in runs.runs(job.engine, job.marketplace) if run.changed_at > since
    ]
    return known.addressed(job.engine, recent, since, cap.contacts)


def _check(job: Job, reader: Reader, made: Plan, contents: Path) -> None:
    """Looks at what would leave; what may not is not kept."""
    if job.checker is None or made.is_empty:
        return
    named = job.named
    wanted = named.sink.kind.wanted
    try:
        check_leaving(reader, job.checker, named.name, named.export, wanted, contents)
    except UnfitRowsError as error:
        contents.unlink()
        raise ImpossiblePlanError(str(error)) from None


def _sweep(job: Job) -> None:
    """Removes what a crash left of runs that were never planned, and contents of closed ones.

    Runs are planned under the home's lock, so none is being planned now.
    """
    for path in job.contents_folder.glob("*"):
        run_id = path.name.partition(".")[0]
        run = runs.run_of(job.engine, run_id)
        if run is None:
            outbox.clear(job.engine, run_id)
        if run is None or not run.is_open:
            path.unlink(missing_ok=True)
