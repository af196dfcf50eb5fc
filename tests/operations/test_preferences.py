"""Everybody chooses their own language and theme, and stays signed in meanwhile."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from operations import accounts, analytical, sessions
from operations.accounts import NewAccount
from operations.kernel import By, NewEvent, NotPermitted, Refused, append
from operations.preferences import STREAM, Preferences, prefer
from tests.operations.counters import SYSTEM

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
VERA = By("vera", NOW)


@pytest.fixture(autouse=True)
def _vera(store: sa.Engine) -> None:
    for name in ("vera", "mallory"):
        new = NewAccount(name, "vendor_owner", "correct horse battery", "v-1", "demo")
        accounts.create_account(store, new, SYSTEM)


def session_of(store: sa.Engine, name: str) -> sessions.Session | None:
    account = accounts.find_account(store, name)
    assert account is not None
    cookie = sessions.open_session(store, account, kind="local", remote_address="::1", now=NOW)
    return sessions.resolve_session(store, sessions.hash_of(cookie), now=NOW)


def test_a_session_knows_what_its_account_chose_and_outlives_the_choice(store: sa.Engine) -> None:
    before = session_of(store, "vera")
    prefer(store, Preferences(language="de"), VERA)
    prefer(store, Preferences(theme="dark"), VERA)

    assert before is not None
    assert before.preferences == Preferences()
    after = sessions.resolve_session(store, before.session_hash, now=NOW)
    assert after is not None
    assert after.preferences == Preferences("de", "dark")


def test_nobody_changes_anothers(store: sa.Engine) -> None:
    with pytest.raises(NotPermitted):
        append(store, STREAM, NewEvent("vera", "changed", {"language": "ru"}), By("mallory", NOW))

    seen = session_of(store, "vera")
    assert seen is not None
    assert seen.preferences == Preferences()


def test_who_is_disabled_chooses_nothing(store: sa.Engine) -> None:
    accounts.disable_account(store, "vera", SYSTEM)

    with pytest.raises(NotPermitted):
        prefer(store, Preferences(language="de"), VERA)


@pytest.mark.parametrize(
    "nonsense",
    [Preferences(language="<script>"), Preferences(theme="pink")],  # type: ignore[arg-type]
)
def test_what_is_no_language_and_no_theme_is_refused(
    store: sa.Engine, nonsense: Preferences
) -> None:
    with pytest.raises(Refused):
        prefer(store, nonsense, VERA)


@pytest.mark.usefixtures("store")
def test_no_preference_leaves_the_store() -> None:
    assert "preferences" not in analytical.declared()
