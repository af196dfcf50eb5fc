"""Whatever is killed, lost or refused: the destination ends as the segment is, each row once.

Real destinations: the signed webhook and Mailchimp against local servers, a folder, and a receiver
that promises nothing. A run is killed at each of its numbered places, commits among them.
"""

import base64
import csv
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from operations.exports import runs
from operations.tables import METADATA
from pipelines.exporting.destination import Destination, Limits, Opening, Outcome, Promise, Row
from pipelines.exporting.destinations import mailchimp, webhook
from pipelines.exporting.identifiers.formats import MAILCHIMP, Format
from pipelines.exporting.running import run_export
from pipelines.exporting.sending import ExportInterruptedError
from sources import kill_points
from tests.exports.local_server import HOST, Asked, Local, Reply, serving
from tests.exports.marketing_servers import Mailchimp
from tests.exports.worlds import World
from tests.operations.stores import postgresql, why_no_postgresql

pytestmark = pytest.mark.properties

KEYS = [f"c{number}" for number in range(8)]
OPEN_GUARDS = {"guards": {"change": 10, "removed": 1}}
FAULTS = st.sampled_from(
    ["lost_before", "lost_after", Reply(503), Reply(429, None, {"Retry-After": "7"})]
)


class Killed(BaseException):
    """The process ends here; nothing of ours catches it."""


@dataclass
class Executioner:
    """Kills the n-th time that a run comes by one of its places."""

    left: int = 0
    places: list[str] = field(default_factory=list)

    def come_by(self, place: str) -> None:
        self.places.append(place)
        if self.left:
            self.left -= 1
            if not self.left:
                raise Killed(place)


EXECUTIONER = Executioner()
kill_points.watch(EXECUTIONER.come_by)


@dataclass
class Receiver:
    """Takes messages, each id once if it looks at ids; `repeated` is whom it was told twice."""

    looks_at_ids: bool
    has: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers["webhook-id"] in self.seen:
            return Reply(204)
        if self.looks_at_ids:
            self.seen.add(asked.headers["webhook-id"])
        for row in asked.json()["data"]["rows"]:
            key, before = row["key"], dict(self.has)
            if row["operation"] == "upsert":
                self.has[key] = row["fields"]["email"]
                if self.has == before:
                    self.repeated.append(key)
            else:
                self.has.pop(key, None)
        return Reply(204)


@dataclass(frozen=True)
class Promiseless:
    """A webhook whose receiver looks at no id, and can be asked what it has."""

    inner: Destination
    receiver: Receiver

    @property
    def limits(self) -> Limits:
        return self.inner.limits

    @property
    def promise(self) -> Promise:
        return "none"

    def send(self, rows: Sequence[Row], idempotency_key: str) -> Sequence[Outcome]:
        return self.inner.send(rows, idempotency_key)

    def holds(self) -> Collection[str]:
        return set(self.receiver.has)


@dataclass(frozen=True)
class Side:
    """A destination as the machine sees it: opened anew for each run, and looked into."""

    opened: Callable[[], Destination | None]
    has: Callable[[], Mapping[str, str]]
    repeated: Callable[[], Sequence[str]] = tuple
    faults: Callable[[Sequence[Any]], None] = lambda _faults: None
    addresses_change: bool = True
    wanted: Format | None = None
    survives_loss: bool = True


def opening(**secrets: str) -> Opening:
    return Opening("shop", "mailing", ("id", "email"), secrets, Path())


def the_webhook(server: Local) -> Destination:
    given = {"url": server.address, "rows_per_message": 3, "loopback_hosts": (HOST,)}
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()
    kind = webhook.KIND
    return kind.open(kind.settings(**given), opening(signing_secret=secret))


def idempotent(stack: ExitStack, _world: World) -> Side:
    receiver = Receiver(looks_at_ids=True)
    server = stack.enter_context(serving(receiver))
    return Side(
        lambda: the_webhook(server),
        lambda: receiver.has,
        lambda: receiver.repeated,
        server.faults.extend,
        survives_loss=False,  # nobody can say then whether the last message arrived
    )


def promiseless(stack: ExitStack, _world: World) -> Side:
    receiver = Receiver(looks_at_ids=False)
    server = stack.enter_context(serving(receiver))
    return Side(
        lambda: Promiseless(the_webhook(server), receiver),
        lambda: receiver.has,
        lambda: receiver.repeated,
        server.faults.extend,
        addresses_change=False,  # it says whom it has, and not what of them
    )


def natural_key(stack: ExitStack, _world: World) -> Side:
    api = Mailchimp()
    server = stack.enter_context(serving(api))
    kind = mailchimp.KIND
    given = kind.settings(
        list_id="a1b2c3d4e5",
        status="subscribed",
        address=server.address,
        loopback_hosts=(HOST,),
    )

    def has() -> Mapping[str, str]:
        emails = sorted(str(member["email_address"]) for member in api.members.values())
        # Somebody who is there under two addresses is as nobody is expected.
        return {key: " ".join(each) for key, each in groupby(emails, lambda it: it.split("@")[0])}

    return Side(
        lambda: kind.open(given, opening(api_key="key-us6")),
        has,
        faults=server.faults.extend,
        wanted=MAILCHIMP,  # the address is the key
    )


def whole_file(_stack: ExitStack, world: World) -> Side:
    path = world.home.exports / "shop" / "mailing.csv"

    def has() -> Mapping[str, str]:
        if not path.exists():
            return {}
        with path.open(newline="") as file:
            return {row["id"]: row["email"] for row in csv.DictReader(file)}

    return Side(lambda: None, has)


class Outbox(RuleBasedStateMachine):
    """A segment that changes, and runs of its export that come to grief."""

    empty: ClassVar[Path]
    url: ClassVar[str | None] = None
    side_of: ClassVar[Callable[[ExitStack, World], Side]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.empty, self.folder / "home", self.url)
        if self.url:  # one server for all examples
            with self.world.store.begin() as connection:
                for table in reversed(METADATA.sorted_tables):
                    connection.execute(sa.delete(table))
        sa.event.listen(self.world.store, "commit", lambda _: EXECUTIONER.come_by("commit"))
        self.side = type(self).side_of(self.stack, self.world)
        self.members: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.world.publish({})

    @rule(keys=st.sets(st.sampled_from(KEYS)), moved=st.sets(st.sampled_from(KEYS), max_size=2))
    def another_segment(self, keys: set[str], moved: set[str]) -> None:
        changed = moved if self.side.addresses_change else set()
        self.members = {
            key: f"{key}@{'new' if key in changed else 'old'}.example" for key in sorted(keys)
        }
        self.world.publish(self.members)

    @rule(key=st.sampled_from(KEYS))
    def somebody_withdraws(self, key: str) -> None:
        if key not in self.withdrawn:
            self.withdrawn.add(key)
            self.world.withdraw(key)

    @rule(kill_at=st.integers(0, 30), faults=st.lists(FAULTS, max_size=5))
    def a_run(self, kill_at: int, faults: list[Any]) -> None:
        self.side.faults(faults)
        EXECUTIONER.left = kill_at
        with suppress(Killed, ExportInterruptedError):
            run_export(self.job())
        EXECUTIONER.left = 0

    @rule()
    def what_is_held_is_approved(self) -> None:
        run = runs.open_run(self.world.store, "shop", "somewhere")
        if run is not None and run.state == "held":
            runs.approve(self.world.store, run.run_id, self.world.time.clock.by)

    @precondition(lambda self: self.side.survives_loss)
    @rule()
    def what_was_to_be_sent_is_lost(self) -> None:
        shutil.rmtree(self.world.home.exports / ".runs", ignore_errors=True)

    def job(self) -> Any:
        return self.world.job(self.side.opened(), wanted=self.side.wanted, **OPEN_GUARDS)

    def teardown(self) -> None:
        try:
            self.settle()
            expected = {
                key: email for key, email in self.members.items() if key not in self.withdrawn
            }
            assert self.side.has() == expected
            assert list(self.side.repeated()) == []
            assert list((self.world.home.exports / ".runs").glob("*")) == []
        finally:
            self.stack.close()
            self.world.close()
            shutil.rmtree(self.folder)

    def settle(self) -> None:
        for _ in range(10):
            try:
                ended = run_export(self.job())
            except ExportInterruptedError:
                continue
            if ended.status == "unchanged":
                return
            self.what_is_held_is_approved()
        raise AssertionError("it does not come to rest")


@pytest.mark.parametrize("side", [idempotent, natural_key, whole_file, promiseless])
def test_the_destination_ends_as_the_segment_with_one_effect_per_row(
    side: Callable[[ExitStack, World], Side], empty_home: Path
) -> None:
    machine = type("Machine", (Outbox,), {"empty": empty_home, "side_of": staticmethod(side)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    reason = why_no_postgresql()
    if reason:
        pytest.skip(reason)
    with postgresql() as url:
        yield url


@pytest.mark.databases
def test_so_it_does_where_the_store_is_postgresql(empty_home: Path, postgresql_url: str) -> None:
    given = {"empty": empty_home, "side_of": staticmethod(natural_key), "url": postgresql_url}
    machine = type("Machine", (Outbox,), given)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
