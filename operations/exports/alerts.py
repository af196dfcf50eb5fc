"""What is wrong with an export: it stopped, it is silent, it delivers less, its rows wait.

The pipelines look now and then and append an event where that changed; the pages show what is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import sqlalchemy as sa

from operations import kernel
from operations.exports.runs import Run
from operations.kernel import By, Field, NewEvent, State, Stream
from output.findings.finding import Finding

# A run of an hour, retries and a busy home are no silence.
SILENCE: Final = timedelta(hours=2)
# Half of the day within which a withdrawal has to be at the destination.
LONGEST_WAIT: Final = timedelta(hours=12)
# Below so many settled rows a share says little; more than ten points less is no accident.
FEWEST_ROWS: Final = 20
LARGEST_DROP: Final = 0.1
_RUNS_BEFORE: Final = 5


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is wrong with an export, and since when that is known."""

    export: str
    findings: tuple[Finding, ...]
    since: datetime


def found(
    history: Sequence[Run], now: datetime, last_due: datetime | None, *, has_failed: bool = False
) -> list[Finding]:
    """What is wrong with an export now.

    Args:
        history: its runs, the newest first.
        now: the moment.
        last_due: when it was to run last; None where it was never to run.
        has_failed: whether the last attempt ended with an error, also before a run was opened.
    """
    last = history[0] if history else None
    alerts = []
    if has_failed or (last is not None and (last.interrupted or last.state == "abandoned")):
        alerts.append(Finding.of("export_failed"))
    is_waiting = last is not None and last.is_open
    # An open run is gone on with before another is planned, so it is no silence.
    is_late = last_due is not None and now - last_due > SILENCE
    if is_late and last_due is not None and not is_waiting:
        came = last is not None and last.changed_at >= last_due
        alerts += [] if came else [Finding.of("export_silent", n=_hours(now - last_due))]
    if last is not None and is_waiting and now - last.planned_at > LONGEST_WAIT:
        alerts.append(Finding.of("export_rows_wait", n=_hours(now - last.planned_at)))
    return [*alerts, *_delivering_less(history)]


def update(
    engine: sa.Engine, marketplace: str, export: str, findings: Sequence[Finding], by: By
) -> None:
    """Appends what is wrong with an export, where other things are than before."""
    payload = {
        "marketplace": marketplace,
        "export": export,
        "findings": [each.model_dump(mode="json") for each in findings],
    }
    stream_id = f"{marketplace}/{export}"
    with engine.connect() as connection:
        before = kernel.current(connection, STREAM.name, stream_id)
    known = [each["code"] for each in before.state["findings"]] if before else []
    if known != [each.code for each in findings]:
        kernel.append(engine, STREAM, NewEvent(stream_id, "looked", payload), by)


def raised(engine: sa.Engine, marketplace: str) -> list[Alerts]:
    """The exports of a marketplace with which something is wrong, by name."""
    with engine.connect() as connection:
        states = kernel.all_current(connection, STREAM.name, marketplace=marketplace)
    return sorted(
        (
            Alerts(
                each.state["export"],
                tuple(Finding.model_validate(one) for one in each.state["findings"]),
                each.changed_at,
            )
            for each in states
            if each.state["findings"]
        ),
        key=lambda alerts: alerts.export,
    )


def _delivering_less(history: Sequence[Run]) -> list[Finding]:
    rates = [rate for run in history if (rate := _delivery_rate(run)) is not None]
    if len(rates) < 2 or _delivery_rate(history[0]) is None:
        return []
    usual = median(rates[1 : _RUNS_BEFORE + 1])
    if usual - rates[0] <= LARGEST_DROP:
        return []
    return [Finding.of("export_delivers_less", found=_percent(rates[0]), usual=_percent(usual))]


def _delivery_rate(run: Run) -> float | None:
    """The share of a finished run's rows that the destination confirmed; None of too few."""
    settled = sum(run.results.get(state, 0) for state in ("confirmed", "refused", "unknown"))
    if run.state != "finished" or settled < FEWEST_ROWS:
        return None
    return run.results.get("confirmed", 0) / settled


def _hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def _percent(share: float) -> int:
    return round(100 * share)


def _fold(_before: State | None, new: NewEvent, _by: By) -> State:
    return dict(new.payload)


STREAM = Stream(
    name="export_alerts",
    fields={name: Field() for name in ("marketplace", "export", "findings")},
    permitted={"looked": frozenset({kernel.SYSTEM})},
    fold=_fold,
)
