"""A store from before the kernel keeps its accounts, its requests and its audit log."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from operations import accounts, audit, passwords, sessions, work_requests
from operations.kernel import By
from operations.store import upgrade, writing
from tests.operations.counters import SYSTEM

PASSWORD = "correct horse battery"
MOMENT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def earlier(store: sa.Engine) -> sa.Engine:
    """The store as version 0002 left it."""
    config = Config()
    config.set_main_option("script_location", "operations/migrations")
    with writing(store) as connection:
        for table in reversed(sa.inspect(connection).get_table_names()):
            connection.execute(sa.text(f"drop table {table}"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        moment = MOMENT if connection.dialect.name == "postgresql" else "2026-06-01 09:00:00.000000"
        later = LATER if connection.dialect.name == "postgresql" else "2026-06-01 09:30:00.000000"
        known = {"hash": passwords.hashed(PASSWORD), "moment": moment, "later": later}
        for statement in (
            (
                "insert into account_events values ('vera', 1, 'created', 'vendor', 'v-1', 'demo', "
                ":hash, false, 'cli', :moment)"
            ),
            (
                "insert into account_events values ('vera', 2, 'assigned', 'vendor', 'v-2', "
                "'demo', :hash, false, 'cli', :later)"
            ),
            (
                "insert into account_events values ('olga', 1, 'created', 'operator', null, null, "
                ":hash, false, 'cli', :moment)"
            ),
            (
                "insert into work_request_events values ('r1', 1, 'requested', "
                "'replay_quarantine', 'orders', 'demo', null, 'olga', :moment)"
            ),
            (
                "insert into work_request_events values ('r1', 2, 'done', 'replay_quarantine', "
                "'orders', 'demo', 'Rows loaded: 3.', 'pipelines', :later)"
            ),
            (
                "insert into work_request_events values ('r2', 1, 'requested', "
                "'replay_quarantine', '', 'demo', null, 'olga', :later)"
            ),
            (
                "insert into audit_log (actor, action, subject, detail, occurred_at) values "
                "('olga', 'login', 'operator', '{}', :moment)"
            ),
            (
                "insert into audit_log (actor, action, subject, detail, occurred_at) values "
                "('olga', 'download', 'orders.csv', '{}', :later)"
            ),
        ):
            connection.execute(sa.text(statement), known)
    return store


def test_what_was_known_before_is_known_after(earlier: sa.Engine) -> None:
    upgrade(earlier)

    vera = accounts.find_account(earlier, "vera")
    assert vera is not None
    assert (vera.version, vera.role, vera.vendor_id) == (3, "vendor_owner", "v-2")
    assert passwords.matches(vera.password_hash, PASSWORD)
    newest, oldest = work_requests.latest_requests(earlier, "demo", 10)
    assert (newest.request_id, newest.state, newest.requested_at) == ("r2", "requested", LATER)
    assert (oldest.state, oldest.outcome, oldest.finished_at) == ("done", "Rows loaded: 3.", LATER)


def test_life_goes_on_after_the_migration(earlier: sa.Engine) -> None:
    upgrade(earlier)
    [waiting] = work_requests.open_requests(earlier, "demo")
    work_requests.finish_work(earlier, waiting, "done", "Nothing.", SYSTEM)
    vera = accounts.assign_role(
        earlier, "vera", SYSTEM, role="vendor_owner", vendor_id="v-3", marketplace="demo"
    )
    cookie = sessions.open_session(earlier, vera, kind="local", remote_address="::1", now=LATER)

    session = sessions.resolve_session(earlier, sessions.hash_of(cookie), now=LATER)
    assert session is not None
    assert (vera.version, session.vendor_id) == (4, "v-3")
    work_requests.request_work(earlier, work_requests.NewRequest("r3", "demo"), By("olga", LATER))
    with earlier.connect() as connection:
        assert audit.first_broken_line(connection) is None
