"""A stream made for tests, what must hold of any store, and a writer that can be killed."""

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from operations import audit, kernel
from operations.kernel import By, Field, NewEvent, Refused, State, Stream
from operations.store import open_store
from operations.tables import audit_log, events, states

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
SYSTEM = By("tests", NOW, is_system=True)


def _fold(before: State | None, new: NewEvent, _by: By) -> State:
    total = (before or {}).get("total", 0) + new.payload["amount"]
    if total < 0:
        raise Refused("a counter is not negative")
    return {**(before or {}), **new.payload, "total": total}


COUNTERS = Stream(
    name="counters",
    fields={
        "amount": Field(analytical=True),
        "total": Field(analytical=True),
        "pin": Field(secret=True),
    },
    permitted={
        "added": frozenset({kernel.SYSTEM, "operator_admin"}),
        "noted": frozenset({"analyst"}),
    },
    fold=_fold,
    is_analytical=True,
)


def added(counter: str, amount: int = 1, **more: Any) -> NewEvent:
    """An event that adds to a counter."""
    return NewEvent(counter, "added", {"amount": amount}, **more)


def check_whole(store: sa.Engine, acknowledged: Iterable[str] = ()) -> dict[str, int]:
    """That nothing is lost, doubled or half; returns the totals.

    Every stream's versions are 1, 2, 3 ... , its state is the fold of its events, each event has
    its audit line, the chain is whole, and each acknowledged command stands there once.
    """
    with store.connect() as connection:
        history = connection.execute(sa.select(events).order_by(events.c.event_number)).all()
        held = {
            (row.stream, row.stream_id): (row.version, row.state)
            for row in connection.execute(sa.select(states))
        }
        lines = connection.execute(sa.select(sa.func.count()).select_from(audit_log)).scalar_one()
        assert audit.first_broken_line(connection) is None
    folded: dict[tuple[str, str], tuple[int, State]] = {}
    versions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in history:
        place = (row.stream, row.stream_id)
        versions[place].append(row.version)
        before = folded[place][1] if place in folded else None
        event = NewEvent(row.stream_id, row.kind, row.payload)
        folded[place] = (row.version, COUNTERS.fold(before, event, SYSTEM))
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    assert folded == held
    assert lines == len(history)
    keys = [row.idempotency_key for row in history if row.idempotency_key]
    assert len(keys) == len(set(keys))
    assert set(acknowledged) <= set(keys)
    return {place[1]: int(state["total"]) for place, (_, state) in held.items()}


def killed_writer(
    store: sa.Engine, commands: list[tuple[str, int, str]], number: int
) -> subprocess.CompletedProcess[str]:
    """A writer that is killed at its n-th statement."""
    url = store.url.render_as_string(hide_password=False)
    return subprocess.run(
        [sys.executable, "-m", "tests.operations.counters", url, str(number)],
        input="".join(json.dumps(command) + "\n" for command in commands),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def _die_at(engine: sa.Engine, number: int) -> None:
    """Has this process killed at its n-th statement, commits counted among them."""
    count = 0

    def step(*_arguments: object, **_named: object) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "before_cursor_execute", step)
    sa.event.listen(engine, "commit", step)


def main() -> None:
    """Carries out commands from standard input and acknowledges each; may die on the way."""
    url, number = sys.argv[1], int(sys.argv[2])
    store = open_store(url)
    _die_at(store, number)
    for line in sys.stdin:
        counter, amount, key = json.loads(line)
        kernel.append(store, COUNTERS, added(counter, amount, idempotency_key=key), SYSTEM)
        print(key, flush=True)  # noqa: T201 - the acknowledgement


if __name__ == "__main__":
    main()
