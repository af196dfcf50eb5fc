"""Whatever order appends, retries, refusals and kills come in, the store is what a model says."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from operations import kernel
from operations.kernel import ChangedMeanwhile, Refused
from operations.tables import audit_log, events, states
from tests.operations.counters import COUNTERS, SYSTEM, added, check_whole, killed_writer

pytestmark = pytest.mark.properties

COUNTER = st.sampled_from(["a", "b", "c"])
AMOUNT = st.integers(min_value=1, max_value=9)


class Appends(RuleBasedStateMachine):
    """Commands with keys, as a model holds them beside the real store."""

    store: ClassVar[sa.Engine]

    def __init__(self) -> None:
        super().__init__()
        with self.store.begin() as connection:
            for table in (events, states, audit_log):
                connection.execute(sa.delete(table))
        self.given: dict[str, tuple[str, int]] = {}

    def command(self, counter: str, amount: int) -> str:
        key = f"k{len(self.given)}"
        self.given[key] = (counter, amount)
        return key

    def carry_out(self, key: str) -> None:
        counter, amount = self.given[key]
        kernel.append(self.store, COUNTERS, added(counter, amount, idempotency_key=key), SYSTEM)

    @rule(commands=st.lists(st.tuples(COUNTER, AMOUNT), min_size=1, max_size=8))
    def several_at_once(self, commands: list[tuple[str, int]]) -> None:
        """Each is given twice, as by a browser that lost the answer."""
        keys = [self.command(*command) for command in commands]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.carry_out, keys * 2))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def one_again(self, data: st.DataObject) -> None:
        self.carry_out(data.draw(st.sampled_from(sorted(self.given))))

    @rule(counter=COUNTER, behind=st.integers(min_value=1, max_value=3))
    def one_that_saw_an_older_version(self, counter: str, behind: int) -> None:
        with self.store.connect() as connection:
            found = kernel.current(connection, COUNTERS.name, counter)
        event = added(counter, expected_version=(found.version if found else 0) + behind)
        with pytest.raises(ChangedMeanwhile):
            kernel.append(self.store, COUNTERS, event, SYSTEM)

    @rule(counter=COUNTER)
    def one_that_does_not_fit(self, counter: str) -> None:
        with pytest.raises(Refused):
            kernel.append(self.store, COUNTERS, added(counter, -1_000_000), SYSTEM)

    @rule(
        commands=st.lists(st.tuples(COUNTER, AMOUNT), min_size=1, max_size=3),
        at=st.integers(min_value=1, max_value=40),
    )
    def a_writer_that_is_killed(self, commands: list[tuple[str, int]], at: int) -> None:
        """What it acknowledged is there; the rest is given again, as by whoever restarts it."""
        keyed = [(*command, self.command(*command)) for command in commands]
        done = killed_writer(self.store, keyed, at)
        check_whole(self.store, done.stdout.split())
        for _, _, key in keyed:
            self.carry_out(key)

    @invariant()
    def the_store_is_what_the_model_says(self) -> None:
        wanted: Counter[str] = Counter()
        for counter, amount in self.given.values():
            wanted[counter] += amount
        assert check_whole(self.store, self.given) == dict(wanted)


@pytest.mark.databases
def test_appends_retries_and_kills_in_any_order(store: sa.Engine) -> None:
    machine = type("AppendsHere", (Appends,), {"store": store})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=8, stateful_step_count=8, deadline=None)
    )
