"""Under which identifiers rows are at their destination already, and which of those have to go.

Where somebody is found by an address, a changed address is another person to the destination: the
old one is removed before the new one is added, unless another row of the export has it now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from operations.exports import identifiers
from operations.exports.runs import Run
from pipelines.exporting.destination import Outcome, Row
from pipelines.exporting.identifiers.formats import Format, identified

_Pairs = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Traced:
    """Rows with what of them has to go, and by what the destination has or may have each."""

    rows: Sequence[Row]
    now: dict[str, _Pairs]
    before: dict[str, _Pairs]


def traced(
    engine: sa.Engine, run: Run, wanted: Format, rows: Sequence[Row], objected: Collection[str]
) -> Traced:
    """The rows with what of them goes; what they will be found by is written down.

    Whoever `objected` goes by all identifiers, also by one that another row has as well.
    """
    of_export = (engine, run.marketplace, run.export)
    rows = [_found(wanted, row) for row in rows]
    before = identifiers.known(*of_export, [row.key for row in rows])
    now = {
        row.key: set(wanted.lasting(row.person.values).items())
        for row in rows
        if row.operation == "upsert" and row.person is not None
    }
    identifiers.add(*of_export, {key: now[key] - before.get(key, set()) for key in now})
    stale = {key: pairs - now.get(key, set()) for key, pairs in before.items()}
    held = identifiers.holders(*of_export, {value for each in stale.values() for _, value in each})
    leaving = {row.key for row in rows if row.operation == "remove"}

    def former(row: Row) -> Row:
        if row.key not in before:
            return row
        gone = [
            (name, value)
            for name, value in sorted(stale[row.key])
            if row.key in objected or held[value] - leaving <= {row.key}
        ]
        return replace(row, former=gone)

    return Traced([former(row) for row in rows], now, before)


def _found(wanted: Format, row: Row) -> Row:
    """A row with how it is found: worked out once, of the many there are."""
    person = identified(wanted, row.fields)
    return Row(row.key, row.operation, row.fields, person=person)


def settle_traced(engine: sa.Engine, run: Run, these: Traced, outcomes: Sequence[Outcome]) -> None:
    """Forgets what the destination confirmed to be gone; called before the rows are settled."""
    gone = {
        outcome.key: these.before[outcome.key] - these.now.get(outcome.key, set())
        for outcome in outcomes
        if outcome.state == "confirmed" and outcome.key in these.before
    }
    identifiers.forget(engine, run.marketplace, run.export, gone)
