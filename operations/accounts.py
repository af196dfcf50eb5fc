"""Accounts: who may sign in, in which role, for which vendor."""

from dataclasses import dataclass, field

import sqlalchemy as sa

from operations import audit, kernel, passwords, roles
from operations.kernel import By, Current, Field, NewEvent, Refused, State, Stream
from operations.store import writing

NAME_LENGTH = 80


class AccountError(Refused):
    """An account command that was refused; the message is for the person who gave it."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to create an account."""

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
    role: str
    vendor_id: str | None
    marketplace: str | None
    password_hash: str = field(repr=False)
    is_disabled: bool


def canonical(name: str) -> str:
    """The spelling under which a name is stored: trimmed and lower case."""
    return name.strip().lower()


def create_account(engine: sa.Engine, new: NewAccount, by: By) -> Account:
    """Appends a new account and returns it.

    Raises:
        AccountError: the name is taken or impossible, the password too short, or role and vendor
            do not fit.
    """
    state = {
        "role": new.role,
        "vendor_id": new.vendor_id,
        "marketplace": new.marketplace,
        "password_hash": _hashed(new.password),
        "is_disabled": False,
    }
    return _append(engine, NewEvent(_checked_name(new.name), "created", state), by)


def disable_account(engine: sa.Engine, name: str, by: By) -> Account:
    """Disables the account: it cannot sign in and its open sessions end.

    Raises:
        AccountError: there is no such account, it is disabled, or the last operator.
    """
    return _append(engine, NewEvent(canonical(name), "disabled", {"is_disabled": True}), by)


def enable_account(engine: sa.Engine, name: str, by: By) -> Account:
    """Lets a disabled account sign in again; no earlier session comes back.

    Raises:
        AccountError: there is no such account, or it is not disabled.
    """
    return _append(engine, NewEvent(canonical(name), "enabled", {"is_disabled": False}), by)


def assign_role(
    engine: sa.Engine,
    name: str,
    by: By,
    *,
    role: str,
    vendor_id: str | None,
    marketplace: str | None,
) -> Account:
    """Gives the account another role or another vendor; its open sessions end.

    Raises:
        AccountError: there is no such account, role and vendor do not fit, or it is the last
            operator.
    """
    change = {"role": role, "vendor_id": vendor_id, "marketplace": marketplace}
    return _append(engine, NewEvent(canonical(name), "assigned", change), by)


def set_password(engine: sa.Engine, name: str, by: By, *, password: str) -> Account:
    """Gives the account another password; its open sessions end.

    Raises:
        AccountError: there is no such account, or the password is too short.
    """
    change = {"password_hash": _hashed(password)}
    return _append(engine, NewEvent(canonical(name), "password_set", change), by)


def find_account(engine: sa.Engine, name: str) -> Account | None:
    """The current state of the account with that name, disabled ones included."""
    account_name = canonical(name)
    if not account_name.isprintable():  # no account is; PostgreSQL refuses a NUL
        return None
    with engine.connect() as connection:
        found = kernel.current(connection, kernel.ACCOUNTS, account_name)
    return None if found is None else account_of(found)


def list_accounts(engine: sa.Engine) -> list[Account]:
    """The current state of every account, by name."""
    with engine.connect() as connection:
        return [account_of(found) for found in kernel.all_current(connection, kernel.ACCOUNTS)]


def account_of(found: Current) -> Account:
    """An account as the store holds it."""
    return Account(account_name=found.id, version=found.version, **found.state)


def _append(engine: sa.Engine, new: NewEvent, by: By) -> Account:
    with writing(engine) as connection:
        # Of two concurrent commands, the second sees the operators that the first left.
        audit.hold_chain(connection)
        had_operator = _has_operator(connection)
        account = account_of(kernel.append_within(connection, STREAM, new, by))
        if had_operator and not _has_operator(connection):
            raise AccountError(
                f"{account.account_name} is the last operator who can sign in; add or enable "
                "another operator first"
            )
    return account


def _has_operator(connection: sa.Connection) -> bool:
    operators = kernel.all_current(connection, kernel.ACCOUNTS, role=roles.OPERATOR_ADMIN)
    return any(not found.state["is_disabled"] for found in operators)


def _hashed(password: str) -> str:
    try:
        return passwords.hashed(password)
    except ValueError as error:
        raise AccountError(str(error)) from None


def _fold(before: State | None, new: NewEvent, _by: By) -> State:
    if new.kind == "created" and before is not None:
        raise AccountError(f"there is already an account named {new.id!r}")
    if new.kind != "created" and before is None:
        raise AccountError(f"there is no account named {new.id!r}")
    after = {**(before or {}), **new.payload}
    if after == before and new.kind in {"disabled", "enabled"}:
        raise AccountError(f"{new.id} is already {new.kind}")
    _check_role(after["role"], after["vendor_id"])
    return after


_MAY_MANAGE = frozenset({kernel.SYSTEM})
STREAM = Stream(
    name=kernel.ACCOUNTS,
    fields={
        "role": Field(),
        "vendor_id": Field(),
        "marketplace": Field(),
        "password_hash": Field(secret=True),
        "is_disabled": Field(),
    },
    permitted=dict.fromkeys(
        ("created", "disabled", "enabled", "assigned", "password_set"), _MAY_MANAGE
    ),
    fold=_fold,
    ids_name_accounts=True,
)


def _checked_name(name: str) -> str:
    account_name = canonical(name)
    if not account_name or len(account_name) > NAME_LENGTH or not account_name.isprintable():
        raise AccountError(f"a name must have 1 to {NAME_LENGTH} printable characters")
    return account_name


def _check_role(role: str, vendor_id: str | None) -> None:
    try:
        is_vendor = roles.role_of(role).audience == "vendor"
    except roles.UnknownRoleError as error:
        raise AccountError(str(error)) from None
    if is_vendor and not (vendor_id and vendor_id.strip()):
        raise AccountError(f"an account with the role {role} needs a vendor id")
    if not is_vendor and vendor_id is not None:
        raise AccountError(f"an account with the role {role} cannot have a vendor id")
