"""An export of a million people: its plan beside a plain anti-join, and its sending.

A plan may take ten seconds and a gigabyte. Sending is beside a bare loop of the same requests: as
fast as they go, and at the pace that a destination allows, where ours should be no slower.
"""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import duckdb
import orjson
import sqlalchemy as sa

from benchmarks.pairs import Cost, Pair, cost_of
from benchmarks.sizes import rows_asked_for
from operations.tables import export_open_runs, export_rows, export_sent
from pipelines.exporting.destination import Opening
from pipelines.exporting.destinations import webhook
from pipelines.exporting.jobs import Job
from pipelines.exporting.planning import planned
from pipelines.exporting.running import run_export
from pipelines.exporting.sending import Clock
from pipelines.exporting.wire.http import Wire
from tests.exports.local_server import HOST, Reply, serving
from tests.exports.worlds import SEGMENT, World, make_empty

_PEOPLE = 1_000_000
_SENT = 20_000
_ROWS_PER_MESSAGE = 1_000
_REQUESTS_PER_SECOND = 10
_SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
# Of a hundred people one took back the consent, three refused, and five are held out.
_FILL = f"""
insert into marts.mart_segments by name
select '{SEGMENT}' as segment_id, 'customer' as subject_kind;

insert into marts.mart_segment_history by name
select 'c' || i as subject_id, 'customer' as subject_kind, '{SEGMENT}' as segment_id,
    i % 20 = 0 as is_holdout
from range({{people}}) as people (i);

insert into marts.dim_customers by name
select 'c' || i as customer_id from range({{people}}) as people (i);

insert into marts.mart_contactability by name
select 'c' || i as customer_id, 'marketing' as purpose, 'email' as channel,
    if(i % 100 < 3, 'refused', 'granted') as consent_state, '2025-01' as text_version,
    true as has_address, false as is_bounced, i % 100 >= 3 as is_contactable,
    timestamp '2026-01-01' as stated_at
from range({{people}}) as people (i);
"""
_ARRIVED = """
insert into raw.customers by name
select 'c' || i as customer_record_id, 'c' || i as customer_id, 'c' || i || '@x.example' as email,
    false as _is_deleted, i as _row_id
from range({people}) as people (i);

insert into raw.consents by name
select 'w' || i as consent_id, 'c' || i as customer_id, 'marketing' as purpose,
    'email' as channel, false as is_granted, 'portal' as source,
    timestamp '2026-04-01' as stated_at, false as _is_deleted, i as _row_id
from range({people}) as people (i)
where i % 100 = 7;
"""
_PLAIN = """
select count(*), max(records.email)
from published.marts.mart_segment_history as members
inner join published.marts.mart_contactability as allowed
    on members.subject_id = allowed.customer_id and allowed.consent_state = 'granted'
inner join raw.customers_current as records on members.subject_id = records.customer_id
left join (select customer_id from raw.consents_current where not is_granted) as withdrawn
    on members.subject_id = withdrawn.customer_id
where not members.is_holdout and withdrawn.customer_id is null
"""


def prepare(folder: Path) -> list[Pair]:
    """A home with a segment, of which nobody was sent."""
    people = rows_asked_for(_PEOPLE)
    few = min(people, _SENT)
    large, small = _world(folder / "large", people), _world(folder / "small", few)

    def plan() -> None:
        _forget(large)
        planned(large.job(), "whole_file")

    def join() -> None:
        with duckdb.connect(str(large.home.warehouse), read_only=True) as connection:
            connection.execute(f"attach '{large.operator}' as published (read_only)")
            connection.execute(_PLAIN).fetchall()

    def send() -> None:
        with _to_webhook(small, folder) as job:
            run_export(job)

    def send_paced() -> Cost:
        with _to_webhook(small, folder, _REQUESTS_PER_SECOND) as job:
            planned(job, "idempotent")
            return cost_of(lambda: _ran(job))

    def loop() -> None:
        _post(few, lambda: None)

    def loop_paced() -> None:
        _post(few, lambda: time.sleep(1 / _REQUESTS_PER_SECOND))

    return [
        Pair("plan an export", plan, "anti-join", join, people, "people"),
        Pair("plan and send to a webhook", send, "bare requests", loop, few, "people"),
        Pair(
            f"send at {_REQUESTS_PER_SECOND} requests per second",
            send_paced,
            "bare requests at that pace",
            loop_paced,
            few,
            "people",
        ),
    ]


@contextmanager
def _to_webhook(world: World, folder: Path, pace: float | None = None) -> Iterator[Job]:
    """A job that sends to a receiver on this machine; with a pace on the clock of the machine."""
    _forget(world)
    with serving(lambda _: Reply(204)) as server:
        settings = webhook.KIND.settings(
            url=server.address,
            rows_per_message=_ROWS_PER_MESSAGE,
            requests_per_second=pace,
            loopback_hosts=(HOST,),
        )
        opening = Opening("shop", "mailing", ("id", "email"), {"signing_secret": _SECRET}, folder)
        job = world.job(webhook.KIND.open(settings, opening))
        clock = Clock(lambda: datetime.now(UTC), time.sleep)  # noqa: TID251 - what is measured
        yield job if pace is None else replace(job, clock=clock)


def _ran(job: Job) -> None:
    run_export(job)


def _post(people: int, pause: Callable[[], None]) -> None:
    with serving(lambda _: Reply(204)) as server:
        wire = Wire((HOST,))
        for start in range(0, people, _ROWS_PER_MESSAGE):
            keys = [f"c{at}" for at in range(start, start + _ROWS_PER_MESSAGE)]
            rows = [{"key": key, "fields": {"email": f"{key}@x.example"}} for key in keys]
            wire.request("POST", server.address, orjson.dumps(rows))
            pause()


def _world(folder: Path, people: int) -> World:
    make_empty(folder / "empty")
    world = World(folder / "empty", folder / "home")
    rmtree(folder / "empty")
    for path, statements in ((world.operator, _FILL), (world.home.warehouse, _ARRIVED)):
        with duckdb.connect(str(path)) as connection:
            connection.execute(statements.format(people=people))
    return world


def _forget(world: World) -> None:
    """Nobody was ever sent."""
    with world.store.begin() as connection:
        for table in (export_open_runs, export_rows, export_sent):
            connection.execute(sa.delete(table))
    rmtree(world.home.exports, ignore_errors=True)
