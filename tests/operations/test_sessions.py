import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import accounts, sessions
from operations.accounts import By, NewAccount
from operations.sessions import ABSOLUTE_LIFETIME, IDLE_LIFETIME, Session
from operations.store import writing
from operations.tables import sessions as sessions_table
from operations.tables import states

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
BY = By("tester", NOW, is_system=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def cookie(store: sa.Engine) -> str:
    account = accounts.create_account(
        store, NewAccount("anna", "vendor_owner", PASSWORD, "v-001"), BY
    )
    return sessions.open_session(store, account, kind="local", remote_address="::1", now=NOW)


def resolved(store: sa.Engine, cookie: str, after: timedelta = timedelta()) -> Session | None:
    return sessions.resolve_session(store, sessions.hash_of(cookie), now=NOW + after)


def test_a_session_says_who_it_belongs_to(store: sa.Engine, cookie: str) -> None:
    session = resolved(store, cookie)

    assert session is not None
    assert (session.account_name, session.role, session.vendor_id) == (
        "anna",
        "vendor_owner",
        "v-001",
    )


def test_the_store_never_sees_the_cookie(store: sa.Engine, cookie: str) -> None:
    with store.connect() as connection:
        rows = connection.execute(sa.select(sessions_table)).all()

    assert cookie not in str(rows)
    assert len(cookie) >= 43  # 256 bits


def test_another_cookie_is_nobody(store: sa.Engine, cookie: str) -> None:
    assert resolved(store, cookie + "x") is None
    assert resolved(store, "") is None
    assert resolved(store, sessions.hash_of(cookie)) is None


def test_a_session_ends_when_nobody_used_it(store: sa.Engine, cookie: str) -> None:
    assert resolved(store, cookie, IDLE_LIFETIME) is None


def test_use_keeps_a_session_open_until_its_day_is_over(store: sa.Engine, cookie: str) -> None:
    step = IDLE_LIFETIME - timedelta(minutes=1)
    used = timedelta()
    while used + step < ABSOLUTE_LIFETIME:
        used += step
        assert resolved(store, cookie, used) is not None

    assert resolved(store, cookie, ABSOLUTE_LIFETIME) is None


def test_looking_whether_a_session_lives_does_not_keep_it_alive(
    store: sa.Engine, cookie: str
) -> None:
    watched = sessions.hash_of(cookie)
    later = NOW + IDLE_LIFETIME - timedelta(minutes=1)
    sessions.live_sessions(store, [watched], now=later)
    sessions.resolve_session(store, watched, now=later, is_interaction=False)

    assert resolved(store, cookie, IDLE_LIFETIME) is None


def test_a_revoked_session_is_over_at_once(store: sa.Engine, cookie: str) -> None:
    sessions.revoke_session(store, sessions.hash_of(cookie), reason="logout", now=NOW)

    assert resolved(store, cookie) is None


def test_revoking_twice_keeps_the_first_reason(store: sa.Engine, cookie: str) -> None:
    for reason in ("logout", "again"):
        sessions.revoke_session(store, sessions.hash_of(cookie), reason=reason, now=NOW)

    with store.connect() as connection:
        reasons = connection.execute(sa.select(sessions_table.c.revoked_reason)).scalars().all()
    assert reasons == ["logout"]


def test_disabling_the_account_ends_its_sessions(store: sa.Engine, cookie: str) -> None:
    accounts.disable_account(store, "anna", BY)

    assert resolved(store, cookie) is None


def test_another_vendor_another_role_or_another_password_end_the_sessions(
    store: sa.Engine, cookie: str
) -> None:
    accounts.assign_role(
        store, "anna", BY, role="vendor_owner", vendor_id="v-002", marketplace=None
    )
    assert resolved(store, cookie) is None

    account = accounts.find_account(store, "anna")
    assert account is not None
    fresh = sessions.open_session(store, account, kind="local", remote_address="::1", now=NOW)
    session = resolved(store, fresh)
    assert session is not None
    assert session.vendor_id == "v-002"

    accounts.set_password(store, "anna", BY, password="another long password")
    assert resolved(store, fresh) is None


def test_ending_all_sessions_of_one_account_leaves_the_others(
    store: sa.Engine, cookie: str
) -> None:
    other = accounts.create_account(store, NewAccount("berta", "operator_admin", PASSWORD), BY)
    others = sessions.open_session(store, other, kind="local", remote_address="::1", now=NOW)

    sessions.revoke_sessions_of(store, "anna", reason="support", now=NOW)

    assert resolved(store, cookie) is None
    assert resolved(store, others) is not None


def test_of_many_watched_sessions_only_the_live_ones_are_returned(
    store: sa.Engine, cookie: str
) -> None:
    live = sessions.hash_of(cookie)

    found = sessions.live_sessions(store, [live, sessions.hash_of("unknown")], now=NOW)

    assert found == {live}


def test_a_role_that_this_release_does_not_know_is_signed_out(store: sa.Engine) -> None:
    """As after a step back to an older release, which must not guess what the role may."""
    account = accounts.create_account(store, NewAccount("anna", "analyst", PASSWORD), BY)
    cookie = sessions.open_session(store, account, kind="local", remote_address="::1", now=NOW)
    unknown = {**dataclasses.asdict(account), "role": "regent"}
    for field in ("account_name", "version"):
        del unknown[field]
    with writing(store) as connection:
        connection.execute(
            sa.update(states).where(states.c.stream_id == "anna").values(state=unknown)
        )

    assert sessions.resolve_session(store, sessions.hash_of(cookie), now=NOW) is None
