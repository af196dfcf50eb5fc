"""Signing in with a name and a password, with a limit on guessing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from operations import passwords
from operations.accounts import NAME_LENGTH, Account, canonical, find_account
from operations.store import writing
from operations.tables import login_attempts

WINDOW = timedelta(minutes=15)
# Five guesses of one name; more than one person may share an address.
FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Login:
    """What became of an attempt; the account only where it was accepted."""

    outcome: Literal["accepted", "rejected", "limited"]
    account: Account | None = None


def verify_password(
    engine: sa.Engine, *, name: str, password: str, remote_address: str, now: datetime
) -> Login:
    """Return whether the name and the password open an account, and remember the attempt.

    The attempt is written before the password is looked at, so that parallel guesses cannot all
    slip under the limit.
    """
    account_name = canonical(name)[:NAME_LENGTH]
    attempt = _begin_attempt(engine, account_name, remote_address[:64], now)
    if attempt is None:
        return Login("limited")
    account = find_account(engine, account_name)
    fits = passwords.matches(account.password_hash if account else None, password)
    if account is None or not fits or account.is_disabled:
        return Login("rejected")
    _accept_attempt(engine, attempt)
    return Login("accepted", account)


def _begin_attempt(
    engine: sa.Engine, account_name: str, remote_address: str, now: datetime
) -> int | None:
    """Return the number of a new attempt that counts as failed until accepted, or nothing."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            # Two attempts at once would otherwise both see the count before either.
            connection.execute(sa.text("lock table login_attempts in share row exclusive mode"))
        if _is_limited(connection, account_name, remote_address, now):
            return None
        number: int = connection.execute(
            sa.insert(login_attempts)
            .values(
                account_name=account_name,
                remote_address=remote_address,
                outcome="rejected",
                occurred_at=now,
            )
            .returning(login_attempts.c.attempt_number)
        ).scalar_one()
    return number


def _accept_attempt(engine: sa.Engine, attempt: int) -> None:
    with writing(engine) as connection:
        connection.execute(
            sa.update(login_attempts)
            .where(login_attempts.c.attempt_number == attempt)
            .values(outcome="accepted")
        )


def _is_limited(
    connection: sa.Connection, account_name: str, remote_address: str, now: datetime
) -> bool:
    recent = (login_attempts.c.outcome == "rejected") & (
        login_attempts.c.occurred_at > now - WINDOW
    )
    count = sa.select(sa.func.count()).select_from(login_attempts)
    by_name = connection.execute(
        count.where(recent, login_attempts.c.account_name == account_name)
    ).scalar_one()
    by_address = connection.execute(
        count.where(recent, login_attempts.c.remote_address == remote_address)
    ).scalar_one()
    return by_name >= FAILURES_PER_NAME or by_address >= FAILURES_PER_ADDRESS
