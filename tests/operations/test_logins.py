import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import accounts, known_browsers, logins, passwords
from operations.accounts import Account, By, NewAccount

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
BY = By("tester", NOW, is_system=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def anna(store: sa.Engine) -> sa.Engine:
    accounts.create_account(store, NewAccount("anna", "vendor_owner", PASSWORD, "v-001"), BY)
    return store


def test_the_right_password_opens_whatever_the_case_of_the_name(anna: sa.Engine) -> None:
    account = logins.verified(anna, " Anna ", PASSWORD)

    assert account == accounts.find_account(anna, "anna")
    assert account is not None


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD + "x" * 10_000])
def test_any_other_password_does_not(anna: sa.Engine, password: str) -> None:
    assert logins.verified(anna, "anna", password) is None


def test_a_disabled_account_does_not_open_until_it_is_enabled(anna: sa.Engine) -> None:
    accounts.disable_account(anna, "anna", BY)
    assert logins.verified(anna, "anna", PASSWORD) is None

    accounts.enable_account(anna, "anna", BY)
    assert logins.verified(anna, "anna", PASSWORD) is not None


@pytest.mark.usefixtures("full_price")
def test_an_unknown_name_takes_as_long_as_a_known_one(anna: sa.Engine) -> None:
    logins.verified(anna, "warm-up", "wrong")

    def seconds(name: str) -> float:
        started = time.perf_counter()
        logins.verified(anna, name, "wrong")
        return time.perf_counter() - started

    known = min(seconds("anna") for _ in range(3))
    unknown = min(seconds(f"nobody{n}") for n in range(3))

    # argon2 takes tens of milliseconds, everything else together less than ten
    assert 0.5 < unknown / known < 2.0


@pytest.mark.parametrize(
    "name", ["", "' or 1=1 --", "a" * 10_000, "\u202eanna", "\u0430nna", "an\x00na", "anna\x00"]
)
def test_a_strange_name_is_only_a_wrong_one(anna: sa.Engine, name: str) -> None:
    assert logins.verified(anna, name, PASSWORD) is None


@pytest.mark.usefixtures("full_price")
def test_passwords_are_hashed_with_argon2id_at_the_librarys_recommended_cost() -> None:
    # RFC 9106 section 4, second recommended option: 64 MiB, three passes, four lanes
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def the_account(store: sa.Engine) -> Account:
    found = accounts.find_account(store, "anna")
    assert found is not None
    return found


def is_known(store: sa.Engine, cookie: str | None, after: timedelta = timedelta()) -> bool:
    return known_browsers.browser_id(the_account(store), cookie, now=NOW + after) is not None


def test_a_browser_is_known_for_half_a_year_and_each_is_another(anna: sa.Engine) -> None:
    first, second = (known_browsers.proof(the_account(anna), now=NOW) for _ in range(2))

    assert is_known(anna, first, timedelta(days=179))
    assert not is_known(anna, first, timedelta(days=180))
    assert not is_known(anna, first, timedelta(seconds=-1))
    ids = {
        known_browsers.browser_id(the_account(anna), cookie, now=NOW) for cookie in (first, second)
    }
    assert len(ids) == 2


def test_a_browser_is_known_to_one_account_only(anna: sa.Engine) -> None:
    # The same password, so that only its salt, the name and the version differ.
    berta = accounts.create_account(anna, NewAccount("berta", "analyst", PASSWORD), BY)

    assert not is_known(anna, known_browsers.proof(berta, now=NOW))
    cookie = known_browsers.proof(the_account(anna), now=NOW)
    assert known_browsers.browser_id(None, cookie, now=NOW) is None


@pytest.mark.parametrize("change", ["password", "role", "disabled", "enabled again"])
def test_a_change_of_the_account_ends_every_known_browser(anna: sa.Engine, change: str) -> None:
    cookie = known_browsers.proof(the_account(anna), now=NOW)
    if change == "password":
        accounts.set_password(anna, "anna", BY, password=PASSWORD)
    elif change == "role":
        accounts.assign_role(anna, "anna", BY, role="analyst", vendor_id=None, marketplace=None)
    else:
        accounts.disable_account(anna, "anna", BY)
    if change == "enabled again":
        accounts.enable_account(anna, "anna", BY)

    assert not is_known(anna, cookie)


def test_a_cookie_of_anybodys_making_proves_nothing(anna: sa.Engine) -> None:
    cookie = known_browsers.proof(the_account(anna), now=NOW)
    moment, browser, signature = cookie.split(".")
    forged = [
        None,
        "",
        ".",
        "..",
        "x",
        f"{int(moment) + 1}.{browser}.{signature}",
        f"{moment}.{browser}x.{signature}",
        f"{moment}.{browser}.{'0' * 64}",
        f"{moment}.{browser}.",
        f"{cookie}\u00e4",
        "1" * 10_000,
    ]

    assert [made for made in forged if is_known(anna, made)] == []
    assert is_known(anna, cookie)
