"""The first two logins of a new home, whose passwords are shown once."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from operations import passwords, roles
from operations.accounts import NewAccount, create_account, list_accounts
from operations.kernel import By

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
    """Create an operator where there is none, and a vendor where this marketplace has none.

    Returns the new ones.
    """
    accounts = list_accounts(engine)
    names = {account.account_name for account in accounts}
    wanted: list[tuple[str, str, str | None]] = []
    if not any(account.role == roles.OPERATOR_ADMIN for account in accounts):
        wanted.append(("operator", roles.OPERATOR_ADMIN, None))
    served = {account.marketplace for account in accounts if account.vendor_id is not None}
    if vendor_id is not None and not served & {marketplace, None}:
        wanted.append(("vendor", roles.VENDOR_OWNER, vendor_id))
    by = By(_ACTOR, now, is_system=True)
    return [
        _create(engine, _free_name(name, names, marketplace), (role, vendor, marketplace), by)
        for name, role, vendor in wanted
    ]


def _free_name(name: str, names: set[str], marketplace: str | None) -> str:
    candidates = (name, f"{name}-{marketplace or 'first'}", f"first-{name}-{marketplace}")
    return next(candidate for candidate in candidates if candidate not in names)


def _create(
    engine: sa.Engine, name: str, place: tuple[str, str | None, str | None], by: By
) -> FirstLogin:
    role, vendor_id, marketplace = place
    password = passwords.generate()
    account = create_account(engine, NewAccount(name, role, password, vendor_id, marketplace), by)
    return FirstLogin(account.account_name, password, role, vendor_id)
