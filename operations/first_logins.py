"""The first two logins of a new home, whose passwords are shown once."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from operations import passwords
from operations.accounts import By, NewAccount, create_account, list_accounts

_ACTOR = "first start"


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """A new account with the password that nobody can read again."""

    account_name: str
    password: str = field(repr=False)
    role: str
    vendor_id: str | None


def ensure_first_logins(
    engine: sa.Engine, *, vendor_id: str | None, marketplace: str | None, now: datetime
) -> list[FirstLogin]:
    """Create an operator and a vendor login where that role has none; return the new ones."""
    taken = {account.role for account in list_accounts(engine)}
    names = {account.account_name for account in list_accounts(engine)}
    wanted: list[tuple[str, str | None]] = [("operator", None)]
    if vendor_id is not None:
        wanted.append(("vendor", vendor_id))
    by = By(_ACTOR, now)
    return [
        _create(engine, _free_name(role, names), (role, vendor, marketplace), by)
        for role, vendor in wanted
        if role not in taken
    ]


def _free_name(role: str, names: set[str]) -> str:
    return role if role not in names else f"first-{role}"


def _create(
    engine: sa.Engine, name: str, place: tuple[str, str | None, str | None], by: By
) -> FirstLogin:
    role, vendor_id, marketplace = place
    password = passwords.generate()
    account = create_account(engine, NewAccount(name, role, password, vendor_id, marketplace), by)
    return FirstLogin(account.account_name, password, role, vendor_id)
