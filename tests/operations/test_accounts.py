from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from operations import accounts, passwords
from operations.accounts import AccountError, By, NewAccount
from operations.first_logins import ensure_first_logins
from operations.kernel import NotPermitted
from operations.tables import events

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
BY = By("tester", NOW, is_system=True)
PASSWORD = "correct horse battery"


def test_an_account_keeps_what_was_said_about_it(store: sa.Engine) -> None:
    accounts.create_account(
        store, NewAccount("Anna", "vendor_owner", PASSWORD, "v-001", "demo"), BY
    )

    account = accounts.find_account(store, "anna")

    assert account is not None
    assert (account.role, account.vendor_id, account.marketplace) == (
        "vendor_owner",
        "v-001",
        "demo",
    )
    assert PASSWORD not in repr(account)


def test_a_name_in_other_letters_is_the_same_name(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("Anna", "operator_admin", PASSWORD), BY)

    with pytest.raises(AccountError, match="already an account"):
        accounts.create_account(store, NewAccount(" ANNA ", "operator_admin", PASSWORD), BY)


def test_every_change_is_a_new_version_and_the_old_ones_stay(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("anna", "vendor_owner", PASSWORD, "v-001"), BY)
    accounts.assign_role(
        store, "anna", BY, role="vendor_owner", vendor_id="v-002", marketplace=None
    )
    accounts.disable_account(store, "anna", BY)

    with store.connect() as connection:
        rows = connection.execute(sa.select(events).order_by(events.c.version)).all()

    assert [(row.version, row.kind, row.payload.get("vendor_id")) for row in rows] == [
        (1, "created", "v-001"),
        (2, "assigned", "v-002"),
        (3, "disabled", None),
    ]
    assert rows[0].occurred_at == NOW


@pytest.mark.parametrize("vendor_id", [None, "", "  "])
def test_a_vendor_account_without_a_vendor_is_refused(
    store: sa.Engine, vendor_id: str | None
) -> None:
    with pytest.raises(AccountError, match="needs a vendor id"):
        accounts.create_account(store, NewAccount("anna", "vendor_owner", PASSWORD, vendor_id), BY)


@pytest.mark.parametrize("role", ["operator_admin", "analyst"])
def test_an_account_that_sees_everything_has_no_vendor(store: sa.Engine, role: str) -> None:
    with pytest.raises(AccountError, match="cannot have a vendor id"):
        accounts.create_account(store, NewAccount("anna", role, PASSWORD, "v-001"), BY)


def test_an_unknown_role_is_refused(store: sa.Engine) -> None:
    with pytest.raises(AccountError, match="the role must be one of"):
        accounts.create_account(store, NewAccount("anna", "root", PASSWORD), BY)


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "an\nna", "an\x00na"])
def test_an_impossible_name_is_refused(store: sa.Engine, name: str) -> None:
    with pytest.raises(AccountError, match="a name must have"):
        accounts.create_account(store, NewAccount(name, "operator_admin", PASSWORD), BY)


def test_a_short_password_is_refused(store: sa.Engine) -> None:
    with pytest.raises(AccountError, match="12 to 200"):
        accounts.create_account(store, NewAccount("anna", "operator_admin", "short"), BY)


def test_an_account_manages_no_accounts(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("olga", "operator_admin", PASSWORD), BY)

    with pytest.raises(NotPermitted, match="command line"):
        accounts.disable_account(store, "olga", By("olga", NOW))


def test_two_changes_at_once_both_count(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("anna", "vendor_owner", PASSWORD, "v-0"), BY)

    def assign(number: int) -> bool:
        try:
            accounts.assign_role(
                store, "anna", BY, role="vendor_owner", vendor_id=f"v-{number}", marketplace=None
            )
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(assign, range(1, 9)))

    account = accounts.find_account(store, "anna")
    assert account is not None
    assert (done, account.version) == (8, 9)


def test_a_time_without_a_zone_is_refused(store: sa.Engine) -> None:
    naive = By("tester", datetime(2026, 7, 1), is_system=True)  # noqa: DTZ001

    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        accounts.create_account(store, NewAccount("anna", "operator_admin", PASSWORD), naive)


def test_another_marketplace_gets_a_vendor_login_of_its_own(store: sa.Engine) -> None:
    ensure_first_logins(store, vendor_id="v-001", marketplace="demo", now=NOW)

    found = ensure_first_logins(store, vendor_id="s-9", marketplace="olist", now=NOW)

    assert [(login.account_name, login.vendor_id) for login in found] == [("vendor-olist", "s-9")]


def test_first_logins_are_one_operator_and_one_vendor_and_only_once(store: sa.Engine) -> None:
    first = ensure_first_logins(store, vendor_id="v-001", marketplace="demo", now=NOW)
    again = ensure_first_logins(store, vendor_id="v-001", marketplace="demo", now=NOW)

    assert [(login.role, login.vendor_id) for login in first] == [
        ("operator_admin", None),
        ("vendor_owner", "v-001"),
    ]
    assert again == []
    assert [login.account_name for login in first] == ["operator", "vendor"]
    assert all(login.password not in repr(login) for login in first)


def test_a_home_without_vendors_gets_the_vendor_login_later(store: sa.Engine) -> None:
    ensure_first_logins(store, vendor_id=None, marketplace="demo", now=NOW)

    later = ensure_first_logins(store, vendor_id="v-001", marketplace="demo", now=NOW)

    assert [login.role for login in later] == ["vendor_owner"]


def test_a_generated_password_has_a_hundred_bits_and_is_never_the_same() -> None:
    made = {passwords.generate() for _ in range(100)}

    assert len(made) == 100
    assert all(len(password) == 23 for password in made)  # 4 groups of 5 and 3 hyphens


def test_listing_shows_the_newest_state_of_each_account(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("berta", "analyst", PASSWORD), BY)
    accounts.create_account(store, NewAccount("anna", "operator_admin", PASSWORD), BY)
    accounts.disable_account(store, "berta", BY)

    listed = accounts.list_accounts(store)

    assert [(account.account_name, account.is_disabled) for account in listed] == [
        ("anna", False),
        ("berta", True),
    ]


def operators(store: sa.Engine, *names: str) -> None:
    for name in names:
        accounts.create_account(store, NewAccount(name, "operator_admin", PASSWORD), BY)


def test_the_last_operator_who_can_sign_in_stays_one(store: sa.Engine) -> None:
    operators(store, "olga", "otto")
    accounts.disable_account(store, "otto", BY)

    with pytest.raises(AccountError, match="olga is the last operator"):
        accounts.disable_account(store, "olga", BY)
    with pytest.raises(AccountError, match="olga is the last operator"):
        accounts.assign_role(store, "olga", BY, role="analyst", vendor_id=None, marketplace=None)

    olga = accounts.find_account(store, "olga")
    assert olga is not None
    assert (olga.role, olga.is_disabled, olga.version) == ("operator_admin", False, 1)
    accounts.enable_account(store, "otto", BY)
    assert accounts.disable_account(store, "olga", BY).is_disabled


def test_of_two_operators_disabled_at_once_one_stays(store: sa.Engine) -> None:
    for _ in range(5):
        names = [f"operator{number}" for number in range(4)]
        if not accounts.list_accounts(store):
            operators(store, *names)

        def disabled(name: str) -> bool:
            try:
                accounts.disable_account(store, name, BY)
            except AccountError:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(disabled, names)) == 3
        for account in accounts.list_accounts(store):
            if account.is_disabled:
                accounts.enable_account(store, account.account_name, BY)


def test_where_there_is_no_operator_other_accounts_can_still_be_changed(store: sa.Engine) -> None:
    accounts.create_account(store, NewAccount("anna", "vendor_owner", PASSWORD, "v-001"), BY)

    assert accounts.disable_account(store, "anna", BY).is_disabled


def test_what_is_so_already_is_said(store: sa.Engine) -> None:
    operators(store, "olga", "otto")
    accounts.disable_account(store, "otto", BY)

    with pytest.raises(AccountError, match="otto is already disabled"):
        accounts.disable_account(store, "otto", BY)
    with pytest.raises(AccountError, match="olga is already enabled"):
        accounts.enable_account(store, "olga", BY)


def test_a_vendor_of_another_marketplace_is_that_ones_vendor(store: sa.Engine) -> None:
    accounts.create_account(
        store, NewAccount("anna", "vendor_owner", PASSWORD, "v-001", "demo"), BY
    )

    moved = accounts.assign_role(
        store, "anna", BY, role="vendor_owner", vendor_id="s-9", marketplace="olist"
    )

    assert (moved.vendor_id, moved.marketplace) == ("s-9", "olist")
