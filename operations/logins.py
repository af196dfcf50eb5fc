"""Signing in with a name and a password; `operations.throttling` says how long a guess waits."""

import sqlalchemy as sa

from operations import passwords
from operations.accounts import NAME_LENGTH, Account, canonical, find_account


def spelled(name: str) -> str:
    """What somebody typed as a name, as accounts spell it and no longer than any of theirs."""
    return canonical(name)[:NAME_LENGTH]


def verified(engine: sa.Engine, name: str, password: str) -> Account | None:
    """The account that the name and the password open; it takes as long where there is none."""
    account = find_account(engine, spelled(name))
    fits = passwords.matches(account.password_hash if account else None, password)
    return account if account is not None and fits and not account.is_disabled else None
