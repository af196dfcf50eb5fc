"""Accounts: who may sign in, in which role, for which vendor."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from operations import passwords
from operations.store import writing
from operations.tables import account_events

Role = Literal["operator", "analyst", "vendor"]
NAME_LENGTH = 80


class AccountError(Exception):
    """An account command that cannot be carried out, in words for the person who gave it."""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives a command, and when."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What has to be said to create an account."""

    name: str
    role: str
    password: str = field(repr=False)
    vendor_id: str | None = None
    marketplace: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The current state of an account."""

    account_name: str
    version: int
    role: Role
    vendor_id: str | None
    marketplace: str | None
    password_hash: str = field(repr=False)
    is_disabled: bool


def canonical(name: str) -> str:
    """Return the one spelling under which a name is stored: trimmed and lower case."""
    return name.strip().lower()


def create_account(engine: sa.Engine, new: NewAccount, by: By) -> Account:
    """Append a new account and return it."""
    account_name = _checked_name(new.name)
    state = {
        "role": _checked_role(new.role, new.vendor_id),
        "vendor_id": new.vendor_id,
        "marketplace": new.marketplace,
        "password_hash": passwords.hashed(new.password),
        "is_disabled": False,
    }
    with writing(engine) as connection:
        if _current(connection, account_name) is not None:
            raise AccountError(f"there is already an account named {account_name!r}")
        _append(connection, (account_name, 1, "created"), state, by)
    return _existing(engine, account_name)


def change_account(
    engine: sa.Engine, name: str, by: By, *, event_kind: str, **changes: Any
) -> Account:
    """Append the account's next state; its open sessions end with that."""
    account_name = canonical(name)
    with writing(engine) as connection:
        account = _current(connection, account_name)
        if account is None:
            raise AccountError(f"there is no account named {account_name!r}")
        state = {
            "role": account.role,
            "vendor_id": account.vendor_id,
            "marketplace": account.marketplace,
            "password_hash": account.password_hash,
            "is_disabled": account.is_disabled,
        } | changes
        _checked_role(state["role"], state["vendor_id"])
        _append(connection, (account_name, account.version + 1, event_kind), state, by)
    return _existing(engine, account_name)


def disable_account(engine: sa.Engine, name: str, by: By) -> Account:
    """Disable the account: it cannot sign in and its open sessions end."""
    return change_account(engine, name, by, event_kind="disabled", is_disabled=True)


def assign_role(
    engine: sa.Engine, name: str, by: By, *, role: str, vendor_id: str | None
) -> Account:
    """Give the account another role or another vendor."""
    return change_account(engine, name, by, event_kind="assigned", role=role, vendor_id=vendor_id)


def set_password(engine: sa.Engine, name: str, by: By, *, password: str) -> Account:
    """Give the account another password."""
    return change_account(
        engine, name, by, event_kind="password_set", password_hash=passwords.hashed(password)
    )


def find_account(engine: sa.Engine, name: str) -> Account | None:
    """Return the current state of the account with that name, disabled ones included."""
    with engine.connect() as connection:
        return _current(connection, canonical(name))


def list_accounts(engine: sa.Engine) -> list[Account]:
    """Return the current state of every account, by name."""
    newest = (
        sa.select(
            account_events.c.account_name, sa.func.max(account_events.c.version).label("version")
        )
        .group_by(account_events.c.account_name)
        .subquery()
    )
    query = (
        sa.select(account_events)
        .join(
            newest,
            (account_events.c.account_name == newest.c.account_name)
            & (account_events.c.version == newest.c.version),
        )
        .order_by(account_events.c.account_name)
    )
    with engine.connect() as connection:
        return [_account(row) for row in connection.execute(query)]


def _existing(engine: sa.Engine, account_name: str) -> Account:
    account = find_account(engine, account_name)
    if account is None:
        raise AccountError(f"there is no account named {account_name!r}")
    return account


def _current(connection: sa.Connection, account_name: str) -> Account | None:
    query = (
        sa.select(account_events)
        .where(account_events.c.account_name == account_name)
        .order_by(account_events.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _account(row)


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        account_name=row.account_name,
        version=row.version,
        role=row.role,
        vendor_id=row.vendor_id,
        marketplace=row.marketplace,
        password_hash=row.password_hash,
        is_disabled=row.is_disabled,
    )


def _append(
    connection: sa.Connection, event: tuple[str, int, str], state: dict[str, Any], by: By
) -> None:
    account_name, version, event_kind = event
    connection.execute(
        sa.insert(account_events).values(
            account_name=account_name,
            version=version,
            event_kind=event_kind,
            actor=by.actor,
            occurred_at=by.at,
            **state,
        )
    )


def _checked_name(name: str) -> str:
    account_name = canonical(name)
    if not account_name or len(account_name) > NAME_LENGTH or not account_name.isprintable():
        raise AccountError(f"a name has 1 to {NAME_LENGTH} printable characters")
    return account_name


def _checked_role(role: str, vendor_id: str | None) -> str:
    if role not in get_args(Role):
        raise AccountError(f"a role is one of {', '.join(get_args(Role))}, not {role!r}")
    if role == "vendor" and not (vendor_id and vendor_id.strip()):
        raise AccountError("an account in the role vendor needs a vendor id")
    if role != "vendor" and vendor_id is not None:
        raise AccountError(f"an account in the role {role} has no vendor id")
    return role
