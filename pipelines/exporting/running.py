"""One run of an export: go on with the open one, or plan, guard and send a new one."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

import polars as pl
import sqlalchemy as sa

from operations.exports import held_out, runs
from operations.exports import rows as outbox
from operations.exports import sent as known
from operations.exports.runs import Run
from pipelines.exporting.blocked import check_unblocked
from pipelines.exporting.contents import ContentsLostError
from pipelines.exporting.destination import Destination, Opening, Outcome, Promise, Row
from pipelines.exporting.files import Named
from pipelines.exporting.people import Reader, denied, find_people, reading
from pipelines.exporting.plan import (
    Plan,
    held_out_rows,
    plan,
    planned_rows,
    sent_frame,
    write_contents,
)
from pipelines.exporting.quality import with_quality
from pipelines.exporting.sending import Clock, Sending, send
from pipelines.home import Home
from sources.errors import ConfigurationError
from sources.kill_points import reached

_RUNS: Final = ".runs"
Status = Literal["sent", "held", "unchanged"]


class ImpossiblePlanError(Exception):
    """What is asked cannot be sent at all; says why."""


@dataclass(frozen=True, slots=True)
class Job:
    """An export to run: where, what, and with which secrets, by the names of the settings."""

    home: Home
    marketplace: str
    named: Named
    engine: sa.Engine
    clock: Clock
    secrets: Mapping[str, str]
    progress: Callable[[int], None] = lambda _done: None

    @property
    def contents_folder(self) -> Path:
        """Where what open runs send lies."""
        return self.home.exports / _RUNS

    def opened(self, *, is_test: bool = False) -> Destination:
        """The destination, opened for this export; the file of a test is beside the export's."""
        named = self.named
        opening = Opening(
            marketplace=self.marketplace,
            export=f"{named.name}_test" if is_test else named.name,
            columns=tuple(named.export.fields),
            secrets=self.secrets,
            folder=self.home.exports,
        )
        return named.sink.kind.open(named.sink.settings, opening)


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
        ImpossiblePlanError: a key stands twice.
        NothingPublishedError: there is no segment to read.
        HomeBusyError: a run is using the home.
    """
    destination = job.opened()
    name = job.named.name
    opened = runs.open_run(job.engine, job.marketplace, job.named.sink.name)
    if opened is not None and opened.export != name:
        raise runs.ExportRefusedError(
            f"{opened.destination} has an open run of {opened.export}; finish that first: "
            f"kontor export {opened.export}"
        )
    if opened is not None and opened.state == "ready":
        try:
            finished = _send(job, destination, opened)
            return Ended("sent", finished, finished.counts)
        except ContentsLostError:
            _abandon(job, opened)
            opened = None
    if opened is not None:
        return Ended("held", opened, opened.counts)
    return _planned_and_sent(job, destination)


def dry_run(job: Job) -> tuple[Plan, pl.DataFrame]:
    """What a run would do, and twenty of the rows; nothing is written and nothing is sent."""
    destination = job.opened()
    with reading(job.home) as reader:
        _find(job, reader)
        made = plan(reader, job.named.export, destination.promise)
        made = with_quality(reader, job.named.export, made, job.named.sink.kind.wanted)
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


def environment_secrets(named: Named, value: Callable[[str], str | None]) -> dict[str, str]:
    """The destination's secrets, from the environment.

    Raises:
        ConfigurationError: a variable is not set; it is named, and no other is shown.
    """
    found = {name: value(variable) for name, variable in named.sink.file.secrets.items()}
    if lacking := [named.sink.file.secrets[name] for name, text in found.items() if not text]:
        raise ConfigurationError(
            [
                f"{named.sink.name} needs {variable}; set it in the environment"
                for variable in lacking
            ]
        )
    return {name: text for name, text in found.items() if text}


def _planned_and_sent(job: Job, destination: Destination) -> Ended:
    _reconcile(job, destination)
    made, run = _plan(job, destination.promise)
    if run is None:
        # A guard holds the rest; whoever withdrew consent is removed all the same.
        _, withdrawal = _plan(job, destination.promise, only_withdrawn=True)
        if withdrawal is not None:
            _send(job, destination, withdrawal)
        made, run = _plan(job, destination.promise, holds=True)
    if run is None:
        raise AssertionError("a plan is recorded unless somebody is removed first")
    if run.state == "held":
        return Ended("held", run, run.counts)
    return Ended("unchanged" if made.is_empty else "sent", _send(job, destination, run), run.counts)


def _plan(
    job: Job, promise: Promise, *, only_withdrawn: bool = False, holds: bool = False
) -> tuple[Plan, Run | None]:
    """What is to be sent, and the run opened for it.

    No run where a guard holds it and somebody has to be removed before, unless it `holds` anyway.

    Raises:
        ImpossiblePlanError: a key stands twice.
    """
    named = job.named
    with reading(job.home) as reader:
        _sweep(job)
        _find(job, reader)
        made = plan(reader, named.export, promise, only_withdrawn=only_withdrawn)
        if not only_withdrawn:
            made = with_quality(reader, named.export, made, named.sink.kind.wanted)
        if made.impossible is not None:
            raise ImpossiblePlanError(made.impossible.english)
        if made.held_by and made.consent_removals and not holds:
            return made, None
        run_id = secrets.token_hex(8)
        write_contents(reader, named.export, _contents(job, run_id))
        outbox.write(job.engine, run_id, planned_rows(reader))
        held = (job.marketplace, named.name, run_id)
        held_out.write(job.engine, *held, held_out_rows(reader), job.clock.now())
        reached("rows_written")
        new = runs.NewRun(
            run_id=run_id,
            marketplace=job.marketplace,
            export=named.name,
            destination=named.sink.name,
            mode=named.export.mode,
            promise=promise,
            subject_kind=named.export.subject,
            published_version=reader.version,
            counts=made.counts,
            held_by=made.held_by,
        )
        run = runs.plan(job.engine, new, job.clock.by)
    reached("run_planned")
    return made, run


def _find(job: Job, reader: Reader) -> None:
    check_unblocked(reader, job.named.export.segment, job.named.sink.file.blocked_categories)
    sent = known.sent(job.engine, job.marketplace, job.named.name)
    find_people(reader, job.named.export, sent_frame(sent), _capped(job))


def _capped(job: Job) -> list[str]:
    cap = job.named.export.cap
    if cap is None:
        return []
    since = job.clock.now() - timedelta(days=cap.within_days)
    recent = [
        run.run_id for run in runs.runs(job.engine, job.marketplace) if run.changed_at > since
    ]
    return known.addressed(job.engine, recent, since, cap.contacts)


def _send(job: Job, destination: Destination, run: Run) -> Run:
    def no_longer(keys: Sequence[str]) -> Mapping[str, str]:
        with reading(job.home) as reader:
            return denied(reader, job.named.export, keys)

    contents = _contents(job, run.run_id)
    limits = job.named.sink.file.limits.within(destination.limits)
    wanted = job.named.sink.kind.wanted
    sending = Sending(
        job.engine, destination, limits, no_longer, contents, job.clock, job.progress, wanted
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


def _contents(job: Job, run_id: str) -> Path:
    return job.contents_folder / f"{run_id}.parquet"
