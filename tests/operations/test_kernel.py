"""What the kernel promises whoever appends an event."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from operations import accounts, audit, kernel
from operations.accounts import NewAccount
from operations.kernel import By, ChangedMeanwhile, Field, NewEvent, NotPermitted, Refused
from operations.tables import audit_log, events
from tests.operations.counters import (
    COUNTERS,
    NOW,
    SYSTEM,
    added,
    check_whole,
    killed_writer,
)

PASSWORD = "correct horse battery"


def append(store: sa.Engine, event: NewEvent, by: By = SYSTEM) -> kernel.Current:
    return kernel.append(store, COUNTERS, event, by)


def test_an_event_is_folded_into_the_state_and_told_in_the_log(store: sa.Engine) -> None:
    append(store, added("a", 2))
    after = append(store, added("a", 3))

    assert (after.version, after.state["total"]) == (2, 5)
    assert check_whole(store) == {"a": 5}
    with store.connect() as connection:
        line = connection.execute(
            sa.select(audit_log).order_by(audit_log.c.audit_number.desc())
        ).first()
    assert line is not None
    assert (line.actor, line.action, line.subject) == ("tests", "counters.added", "a")
    assert json.loads(line.detail) == {"amount": 3, "version": 2}


def test_whoever_saw_an_older_version_is_told_to_look_again(store: sa.Engine) -> None:
    append(store, added("a", expected_version=0))

    with pytest.raises(ChangedMeanwhile, match="look at it again"):
        append(store, added("a", expected_version=0))

    assert append(store, added("a", expected_version=1)).version == 2
    assert check_whole(store) == {"a": 2}


def test_the_same_key_again_is_the_same_command(store: sa.Engine) -> None:
    first = append(store, added("a", 2, idempotency_key="k"))
    append(store, added("a", 5))
    again = append(store, added("a", 2, expected_version=0, idempotency_key="k"))

    assert (first.version, again.version) == (1, 2)
    assert check_whole(store, ["k"]) == {"a": 7}


@pytest.mark.parametrize(
    "other",
    [
        added("a", 3, idempotency_key="k"),
        added("b", 2, idempotency_key="k"),
    ],
    ids=["another amount", "another counter"],
)
def test_a_key_is_not_taken_for_another_command(store: sa.Engine, other: NewEvent) -> None:
    append(store, added("a", 2, idempotency_key="k"))

    with pytest.raises(Refused, match="another command"):
        append(store, other)
    with pytest.raises(Refused, match="another command"):
        append(store, added("a", 2, idempotency_key="k"), By("others", NOW, is_system=True))

    assert check_whole(store) == {"a": 2}


def test_a_repeated_command_may_carry_a_secret_that_is_made_anew(store: sa.Engine) -> None:
    for pin in ("1234", "9999"):
        event = NewEvent("a", "added", {"amount": 1, "pin": pin}, idempotency_key="k")
        append(store, event)

    assert check_whole(store, ["k"]) == {"a": 1}


def test_an_event_that_does_not_fit_leaves_nothing_behind(store: sa.Engine) -> None:
    append(store, added("a", 1))

    with pytest.raises(Refused, match="not negative"):
        append(store, added("a", -2))

    assert check_whole(store) == {"a": 1}


def test_the_store_asks_the_account_as_it_is_now(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("olga", "operator_admin", PASSWORD), SYSTEM)
    accounts.create_account(store, NewAccount("otto", "operator_admin", PASSWORD), SYSTEM)
    accounts.create_account(store, NewAccount("vera", "vendor_owner", PASSWORD, "v-1"), SYSTEM)

    assert append(store, added("a"), By("olga", NOW)).changed_by == "olga"
    for name in ("vera", "nobody", ""):
        with pytest.raises(NotPermitted, match="role operator"):
            append(store, added("a"), By(name, NOW))
    accounts.disable_account(store, "olga", SYSTEM)
    with pytest.raises(NotPermitted):
        append(store, added("a"), By("olga", NOW))
    with pytest.raises(NotPermitted, match="role analyst"):
        append(store, NewEvent("a", "noted", {"amount": 1}))


def test_a_repeated_command_of_somebody_who_may_not_any_more_is_refused(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("olga", "operator_admin", PASSWORD), SYSTEM)
    accounts.create_account(store, NewAccount("otto", "operator_admin", PASSWORD), SYSTEM)
    append(store, added("a", idempotency_key="k"), By("olga", NOW))
    accounts.disable_account(store, "olga", SYSTEM)

    with pytest.raises(NotPermitted):
        append(store, added("a", idempotency_key="k"), By("olga", NOW))


def test_what_a_stream_does_not_declare_cannot_be_written(store: sa.Engine) -> None:
    with pytest.raises(ValueError, match="declares no field colour"):
        append(store, NewEvent("a", "added", {"amount": 1, "colour": "red"}))
    with pytest.raises(ValueError, match="declares no event painted"):
        append(store, NewEvent("a", "painted", {}))

    assert check_whole(store) == {}


def test_a_secret_is_in_no_line_of_the_log_and_never_analytical(store: sa.Engine) -> None:
    append(store, NewEvent("a", "added", {"amount": 1, "pin": "canary-4711"}))

    with store.connect() as connection:
        log = str(connection.execute(sa.select(audit_log)).all())
    assert "canary-4711" not in log
    assert COUNTERS.analytical({"amount": 1, "total": 1, "pin": "x"}) == {"amount": 1, "total": 1}
    with pytest.raises(ValueError, match="never leaves"):
        Field(analytical=True, secret=True)


@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_a_line_that_was_tampered_with_is_found(store: sa.Engine, damage: str) -> None:
    for _ in range(3):
        append(store, added("a"))
    with store.begin() as connection:
        numbers = connection.execute(sa.select(audit_log.c.audit_number)).scalars().all()
        second = audit_log.c.audit_number == sorted(numbers)[1]
        if damage == "changed":
            connection.execute(sa.update(audit_log).where(second).values(actor="nobody"))
        else:
            connection.execute(sa.delete(audit_log).where(second))

    broken = sorted(numbers)[1 if damage == "changed" else 2]
    with store.connect() as connection:
        assert audit.first_broken_line(connection) == broken


def test_fifty_writers_lose_and_double_nothing(store: sa.Engine) -> None:
    """Each writes to a counter of its own and to one of all, and gives every command twice."""

    def write(number: int) -> list[str]:
        done = []
        for turn in range(4):
            for counter in (f"own-{number}", "all"):
                key = f"{number}-{turn}-{counter}"
                for _ in range(2):
                    append(store, added(counter, idempotency_key=key))
                done.append(key)
        return done

    with ThreadPoolExecutor(50) as pool:
        acknowledged = [key for keys in pool.map(write, range(50)) for key in keys]

    totals = check_whole(store, acknowledged)
    assert totals.pop("all") == 200
    assert totals == {f"own-{number}": 4 for number in range(50)}


@pytest.mark.databases
def test_a_writer_killed_at_any_statement_leaves_whole_commands(store: sa.Engine) -> None:
    """The sweep ends when a writer got through; then every command stands there once."""
    commands = [("a", 2, "k1"), ("b", 3, "k2"), ("a", 4, "k3")]
    acknowledged: set[str] = set()
    for number in range(1, 200):
        done = killed_writer(store, commands, number)
        acknowledged |= set(done.stdout.split())
        totals = check_whole(store, acknowledged)
        if done.returncode == 0:
            break
        # Each command was carried out whole or not at all.
        assert totals.get("a", 0) in {0, 2, 6}
        with store.begin() as connection:
            for table in (events, kernel.states, audit_log):
                connection.execute(sa.delete(table))
        acknowledged.clear()

    assert done.returncode == 0
    assert number > 15  # so many places it was killed at
    assert check_whole(store, ["k1", "k2", "k3"]) == {"a": 6, "b": 3}
