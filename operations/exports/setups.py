"""The exports that a marketplace has set up, as the pipelines read their files: for the pages.

The files are the pipelines' own; what they say is noted here where it changed, so that the pages
show an export before its first run.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from operations import kernel
from operations.kernel import By, Field, NewEvent, State, Stream


@dataclass(frozen=True, slots=True)
class Setup:
    """An export as its file says it; `segment` is empty where vendors ask for it.

    `due` are the next moments at which it runs, the first one first, in ISO 8601: none where it has
    no times. `problem_count`: mistakes in its files, for which it cannot run.
    """

    name: str
    title: str = ""
    segment: str = ""
    destination: str = ""
    cron: str = ""
    is_enabled: bool = False
    problem_count: int = 0
    due: tuple[str, ...] = ()

    def next_due(self, now: datetime) -> datetime | None:
        """When it is to run next, as far as it was noted; None where it never is."""
        moments = map(datetime.fromisoformat, self.due if self.is_enabled else ())
        return next((each for each in moments if each > now), None)


def note(engine: sa.Engine, marketplace: str, found: Sequence[Setup], by: By) -> None:
    """Appends what is set up, where that is not what is known, or no noted moment is left."""
    with engine.connect() as connection:
        before = kernel.current(connection, STREAM.name, marketplace)
    known = _setups(before.state) if before else []
    is_same = [_lasting(each) for each in known] == [_lasting(each) for each in found]
    is_over = any(each.due and not each.next_due(by.at) for each in known if each.is_enabled)
    if not is_same or is_over:
        payload = {"setups": [asdict(each) | {"due": list(each.due)} for each in found]}
        kernel.append(engine, STREAM, NewEvent(marketplace, "looked", payload), by)


def setups(engine: sa.Engine, marketplace: str) -> list[Setup]:
    """What is set up, by name; nothing where no pipeline has looked yet."""
    with engine.connect() as connection:
        found = kernel.current(connection, STREAM.name, marketplace)
    return _setups(found.state) if found else []


def _lasting(setup: Setup) -> tuple[object, ...]:
    """All but the moments, which pass by themselves."""
    return tuple(getattr(setup, name) for name in _LASTING)


_LASTING: Final = tuple(each.name for each in fields(Setup) if each.name != "due")


def _setups(state: State) -> list[Setup]:
    return [Setup(**{**each, "due": tuple(each["due"])}) for each in state["setups"]]


def _fold(_before: State | None, new: NewEvent, _by: By) -> State:
    return dict(new.payload)


STREAM = Stream(
    name="export_setups",
    fields={"setups": Field()},
    permitted={"looked": frozenset({kernel.SYSTEM})},
    fold=_fold,
)
