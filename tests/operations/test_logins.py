import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import accounts, logins, passwords
from operations.accounts import By, NewAccount

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def attempt(
    store: sa.Engine,
    name: str,
    password: str,
    *,
    after: timedelta = timedelta(),
    address: str = "a",
) -> str:
    return logins.verify_password(
        store, name=name, password=password, remote_address=address, now=NOW + after
    ).outcome


@pytest.fixture
def anna(store: sa.Engine) -> sa.Engine:
    new = NewAccount("anna", "vendor", PASSWORD, "v-001")
    accounts.create_account(store, new, By("tester", NOW, is_system=True))
    return store


def test_the_right_password_opens_whatever_the_case_of_the_name(anna: sa.Engine) -> None:
    assert attempt(anna, " Anna ", PASSWORD) == "accepted"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD + "x" * 10_000])
def test_any_other_password_does_not(anna: sa.Engine, password: str) -> None:
    assert attempt(anna, "anna", password) == "rejected"


def test_the_sixth_failure_of_a_name_is_limited_even_with_the_right_password(
    anna: sa.Engine,
) -> None:
    outcomes = [attempt(anna, "anna", "wrong", address=str(n)) for n in range(7)]

    assert outcomes == ["rejected"] * 5 + ["limited"] * 2
    assert attempt(anna, "anna", PASSWORD) == "limited"


def test_the_limit_ends_after_a_quarter_of_an_hour(anna: sa.Engine) -> None:
    for _ in range(5):
        attempt(anna, "anna", "wrong")

    assert attempt(anna, "anna", PASSWORD, after=timedelta(minutes=14)) == "limited"
    assert attempt(anna, "anna", PASSWORD, after=timedelta(minutes=15)) == "accepted"


def test_an_address_that_tries_many_names_is_limited(store: sa.Engine) -> None:
    outcomes = [attempt(store, f"name{n}", "wrong", address="one") for n in range(31)]

    assert outcomes.count("rejected") == 30
    assert outcomes[-1] == "limited"
    assert attempt(store, "other", "wrong", address="two") == "rejected"


def test_guesses_at_the_same_time_do_not_slip_under_the_limit(anna: sa.Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda _n: attempt(anna, "anna", "wrong"), range(12)))

    assert outcomes.count("rejected") == 5


def test_successes_do_not_count_against_anybody(anna: sa.Engine) -> None:
    outcomes = {attempt(anna, "anna", PASSWORD) for _ in range(7)}

    assert outcomes == {"accepted"}


def test_a_disabled_account_does_not_open(anna: sa.Engine) -> None:
    accounts.disable_account(anna, "anna", By("tester", NOW, is_system=True))

    assert attempt(anna, "anna", PASSWORD) == "rejected"


@pytest.mark.usefixtures("full_price")
def test_an_unknown_name_takes_as_long_as_a_known_one(anna: sa.Engine) -> None:
    attempt(anna, "warm-up", "wrong")

    def seconds(name: str) -> float:
        started = time.perf_counter()
        attempt(anna, name, "wrong")
        return time.perf_counter() - started

    known = min(seconds("anna") for _ in range(3))
    unknown = min(seconds(f"nobody{n}") for n in range(3))

    # argon2 takes tens of milliseconds, everything else together less than ten
    assert 0.5 < unknown / known < 2.0


@pytest.mark.parametrize("name", ["", "' or 1=1 --", "a" * 10_000, "\u202eanna", "\u0430nna"])
def test_a_strange_name_is_only_a_wrong_one(anna: sa.Engine, name: str) -> None:
    assert attempt(anna, name, PASSWORD) == "rejected"


@pytest.mark.usefixtures("full_price")
def test_passwords_are_hashed_with_argon2id_at_the_librarys_recommended_cost() -> None:
    # RFC 9106 section 4, second recommended option: 64 MiB, three passes, four lanes
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
