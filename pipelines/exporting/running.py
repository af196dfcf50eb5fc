"""One run of an export: go on with the open one, or plan, guard and send a new one."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from operations.exports import rows as outbox
from operations.exports import runs
from operations.exports import sent as known
from operations.exports.runs import Run
from pipelines.exporting.contents import ContentsLostError
from pipelines.exporting.denials import Denials
from pipelines.exporting.destination import Destination, Outcome, Row
from pipelines.exporting.jobs import Job
from pipelines.exporting.people import reading
from pipelines.exporting.plan import Plan, plan
from pipelines.exporting.planning import find, planned, withdrawal_count
from pipelines.exporting.quality import with_quality
from pipelines.exporting.sending import Sending, send
from sources.errors import ConfigurationError
from sources.kill_points import reached

_PLANNED_ANEW: Final = "planned anew, because somebody withdrew"
Status = Literal["sent", "held", "unchanged"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended. `run` is the last one: none where nothing was to be done."""

    status: Status
    run: Run | None
    counts: Mapping[str, int]


def run_export(job: Job) -> Ended:
    """Goes on with the destination's open run, or plans one; sends it unless it is held.

    Raises:
        ExportRefusedError: the open run is another export's.
        ExportInterruptedError: the destination stopped it; what is left is sent by the next run.
        ImpossiblePlanError: a key stands twice, or rows may not leave as they are.
        NothingPublishedError: there is no segment to read.
        HomeBusyError: a run is using the home; one that begins while rows are sent is waited for.
    """
    destination = job.opened()
    return _gone_on(job, destination) or _planned_and_sent(job, destination)


def remove_withdrawn(job: Job) -> Ended:
    """Removes who withdrew and adds nobody, while what is published may be out of date.

    Raises as run_export does; an open run is gone on with first.
    """
    destination = job.opened()
    if ended := _gone_on(job, destination):
        return ended
    _reconcile(job, destination)
    made, run = planned(job, destination.promise, only_withdrawn=True)
    return _ended(job, destination, made, run)


def dry_run(job: Job) -> tuple[Plan, pl.DataFrame]:
    """What a run would do, and twenty of the rows; nothing is written and nothing is sent."""
    destination = job.opened()
    with reading(job.home) as reader:
        find(job, reader)
        made = plan(reader, job.named.export, destination.promise)
        made = with_quality(reader, job.named.export, made, job.named.sink.matched_by)
        sample = reader.connection.execute(
            "select * from decided where operation is not null order by md5(row_key) limit 20"
        ).pl()
    return made, sample


def send_seed(job: Job) -> Outcome:
    """What became of the one row of ours that a test sends.

    Raises:
        ConfigurationError: the export names no seed.
        DestinationStoppedError: the destination takes nothing.
    """
    named = job.named
    if not named.export.seed:
        raise ConfigurationError(
            [f"{named.name} has no seed; name somebody of yours under seed, by its fields"]
        )
    destination = job.opened(is_test=job.opened().promise == "whole_file")
    fields = dict.fromkeys(named.export.fields) | named.export.seed
    [outcome] = destination.send([Row("seed", "upsert", fields)], f"test-{secrets.token_hex(8)}")
    return outcome


def _gone_on(job: Job, destination: Destination) -> Ended | None:
    """How the destination's open run ended or that it is held; None where a new one is planned."""
    name = job.named.name
    opened = runs.open_run(job.engine, job.marketplace, job.named.queue)
    if opened is None:
        return None
    if opened.export != name:
        raise runs.ExportRefusedError(
            f"{opened.destination} has an open run of {opened.export}; finish that first: "
            f"kontor export {opened.export}"
        )
    if opened.state == "ready":
        try:
            finished = _send(job, destination, opened)
            return Ended("sent", finished, finished.counts)
        except ContentsLostError:
            _abandon(job, opened)
            return None
    if not withdrawal_count(job, destination.promise):
        return Ended("held", opened, opened.counts)
    # Whoever withdrew since is removed within a day, however long the rest waits for approval.
    runs.decline(job.engine, opened.run_id, _PLANNED_ANEW, job.clock.by)
    return None


def _planned_and_sent(job: Job, destination: Destination) -> Ended:
    _reconcile(job, destination)
    made, run = planned(job, destination.promise)
    if run is None:
        # A guard holds the rest; whoever withdrew consent is removed all the same.
        _, withdrawal = planned(job, destination.promise, only_withdrawn=True)
        if withdrawal is not None:
            _send(job, destination, withdrawal)
        made, run = planned(job, destination.promise, holds=True)
    return _ended(job, destination, made, run)


def _ended(job: Job, destination: Destination, made: Plan, run: Run | None) -> Ended:
    if run is None:
        raise AssertionError("a plan is recorded unless somebody is removed first")
    if run.state == "held":
        return Ended("held", run, run.counts)
    return Ended("unchanged" if made.is_empty else "sent", _send(job, destination, run), run.counts)


def _send(job: Job, destination: Destination, run: Run) -> Run:
    contents = job.contents(run.run_id)
    limits = job.named.sink.file.limits.within(destination.limits)
    wanted = job.named.sink.kind.wanted
    sending = Sending(
        job.engine,
        destination,
        limits,
        Denials(job, contents).among,
        contents,
        job.clock,
        job.progress,
        wanted,
    )
    return send(sending, run)


def _reconcile(job: Job, destination: Destination) -> None:
    """Asks the destination about what may have arrived, where it can tell."""
    if known.uncertain_count(job.engine, job.marketplace, job.named.name):
        held = destination.holds()
        if held is not None:
            known.reconcile(job.engine, job.marketplace, job.named.name, held)
            reached("reconciled")


def _abandon(job: Job, run: Run) -> None:
    outbox.give_up(job.engine, run, job.clock.now())
    reached("given_up")
    runs.abandon(job.engine, run.run_id, outbox.counts(job.engine, run.run_id), job.clock.by)
