"""The people of rows, as a destination that is told of people by their identifiers takes them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pipelines.exporting.destination import Operation, Outcome, Row
from pipelines.exporting.identifiers.formats import Format, Identified, identified
from pipelines.exporting.wire.answers import in_order

Person = tuple[Row, Identified]
# What goes is told first: somebody's old address may be another's new one.
_OPERATIONS: Final[tuple[Operation, ...]] = ("remove", "upsert")
# A row that is removed under one address and added under another is as its worse half is.
_WORST_LAST: Final = ("confirmed", "refused", "retry", "unknown")


def sent_by_operation(
    wanted: Format,
    rows: Sequence[Row],
    send: Callable[[Operation, Sequence[Person]], Iterable[Outcome]],
) -> list[Outcome]:
    """What became of the rows, in their order; whom nobody would find is refused and not sent.

    Args:
        wanted: the destination's format.
        rows: to be sent; those of a removal may be known under several identifiers.
        send: sends people by one operation.
    """
    found: dict[str, Outcome] = {}
    people: dict[Operation, list[Person]] = {operation: [] for operation in _OPERATIONS}
    for row in rows:
        people["remove"] += ((row, person) for person in _gone(row))
        if row.operation == "remove" and row.former is not None:
            # Of whom nothing is left to remove.
            found[row.key] = Outcome(row.key, "confirmed")
            continue
        person = row.person or identified(wanted, row.fields)
        if person.is_sufficient:
            people[row.operation].append((row, person))
        else:
            found[row.key] = Outcome(row.key, "refused", person.reason)
    for operation, these in people.items():
        for outcome in send(operation, these) if these else ():
            found[outcome.key] = _worse(found.get(outcome.key), outcome)
    return in_order(rows, found)


def _gone(row: Row) -> Iterator[Identified]:
    """Whom to remove of a row: people of former identifiers, each with one of a name."""
    layers: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for name, value in row.former or ():
        layer = next(at for at in range(len(layers) + 1) if name not in layers[at])
        layers[layer][name] = value
    for values in layers.values():
        if values:
            yield Identified(values, {}, next(iter(values.items())), {})


def _worse(one: Outcome | None, other: Outcome) -> Outcome:
    if one is None:
        return other
    return max(one, other, key=lambda outcome: _WORST_LAST.index(outcome.state))
