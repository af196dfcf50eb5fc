"""`kontor accounts`: who may sign in, managed by anyone with a shell on this machine."""

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from operations.errors import StoreUnavailableError
from operations.roles import ROLES
from output.terminal import ERR, OUT
from pipelines.settings import PipelineSettings

if TYPE_CHECKING:
    import sqlalchemy as sa

    from operations.kernel import By

_EXIT_USAGE = 2
_LISTED = ("name", "role", "vendor_id", "marketplace", "state")

app = typer.Typer(no_args_is_help=True, help="Manage the accounts that can sign in.")

RoleHelp = f"One of {', '.join(ROLES)}."
VendorOption = Annotated[
    str, typer.Option("--vendor-id", "--vendor", help="The vendor that the account belongs to.")
]
StdinOption = Annotated[
    bool, typer.Option("--stdin", help="Read the password from standard input, for scripts.")
]


@app.command("list")
def show(
    table_format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """List the accounts, without passwords."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy
    from pipelines.cli.sql import QuestionError, check_format, written  # noqa: PLC0415 - duckdb

    try:
        check_format(table_format)
    except QuestionError as error:
        _fail(str(error))
    url = PipelineSettings().existing_store_url
    listed = []
    if url is not None:
        with _store(url) as store:
            listed = accounts.list_accounts(store)
    rows = [
        (
            account.account_name,
            account.role,
            account.vendor_id,
            account.marketplace,
            "disabled" if account.is_disabled else "enabled",
        )
        for account in listed
    ]
    if table_format != "table":
        OUT.answer(written(_LISTED, rows, table_format))
    elif rows:
        OUT.table([name.replace("_", " ") for name in _LISTED], rows)
    else:
        OUT.say("There are no accounts; `kontor serve` creates the first ones.")


@app.command()
def add(
    name: str,
    role: Annotated[str, typer.Option(help=RoleHelp)],
    vendor_id: VendorOption = "",
    stdin: StdinOption = False,
) -> None:
    """Add an account; unless --stdin is given, a password is generated and shown once."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy

    marketplace = _marketplace(role, vendor_id)
    password, is_shown = (_from_stdin(), False) if stdin else (_generated(), True)
    with _store() as store:
        new = accounts.NewAccount(name, role, password, vendor_id or None, marketplace)
        account = accounts.create_account(store, new, _by())
    OUT.say(
        f"{account.account_name} ({role}) can sign in with the password {password}"
        if is_shown
        else f"{account.account_name} ({role}) can sign in."
    )


@app.command()
def password(
    name: str,
    generate: Annotated[
        bool, typer.Option("--generate", help="Generate a password and show it once.")
    ] = False,
    stdin: StdinOption = False,
) -> None:
    """Change an account's password, which is prompted for; this ends its sessions."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy

    if generate and stdin:
        _fail("use either --generate or --stdin, not both")
    with _store() as store:
        if accounts.find_account(store, name) is None:
            _fail(f"there is no account named {accounts.canonical(name)!r}")
        given = _generated() if generate else _from_stdin() if stdin else _asked_for()
        accounts.set_password(store, name, _by(), password=given)
    shown = f" The password is {given}" if generate else ""
    OUT.say(f"{accounts.canonical(name)} has a new password; its sessions have ended.{shown}")


@app.command("role")
def assign(
    name: str,
    role: Annotated[str, typer.Argument(help=RoleHelp)],
    vendor_id: VendorOption = "",
) -> None:
    """Change an account's role or vendor; this ends its sessions."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy

    marketplace = _marketplace(role, vendor_id)
    with _store() as store:
        accounts.assign_role(
            store,
            name,
            _by(),
            role=role,
            vendor_id=vendor_id or None,
            marketplace=marketplace,
        )
    whose = f" of {vendor_id}" if vendor_id else ""
    OUT.say(f"{accounts.canonical(name)} is now {role}{whose}; its sessions have ended.")


@app.command()
def enable(name: str) -> None:
    """Enable a disabled account."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy

    with _store() as store:
        accounts.enable_account(store, name, _by())
    OUT.say(f"{accounts.canonical(name)} can sign in again.")


@app.command()
def disable(name: str) -> None:
    """Disable an account and end its sessions."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy

    with _store() as store:
        accounts.disable_account(store, name, _by())
    OUT.say(f"{accounts.canonical(name)} is disabled; its sessions have ended.")


@contextmanager
def _store(url: str = "") -> Iterator["sa.Engine"]:
    """The operational store; a refused command ends with an error message."""
    from operations.kernel import Refused  # noqa: PLC0415 - imports SQLAlchemy
    from operations.store import opened  # noqa: PLC0415

    try:
        with opened(url or PipelineSettings().store_url) as engine:
            yield engine
    except Refused as refused:
        _fail(str(refused))
    except StoreUnavailableError as error:
        _fail(str(error))


def _by() -> "By":
    """Who runs the command, by their name on this machine, and when."""
    from operations.kernel import By  # noqa: PLC0415 - imports SQLAlchemy

    try:
        person = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        person = str(os.getuid())
    now = datetime.now(UTC)  # noqa: TID251 - the command line may ask
    return By(f"cli ({person})", now, is_system=True)


def _marketplace(role: str, vendor_id: str) -> str | None:
    """The published marketplace, which must have the vendor; None for roles without one.

    A vendor's id is unique within one marketplace only: the one that is served here now.
    """
    from pipelines.cli.vendors import UnknownVendorError, marketplace_of  # noqa: PLC0415 - duckdb

    if not vendor_id or role not in ROLES or ROLES[role].audience != "vendor":
        return None
    try:
        return marketplace_of(PipelineSettings().home_folder.published, vendor_id)
    except UnknownVendorError as error:
        _fail(str(error))


def _generated() -> str:
    from operations import passwords  # noqa: PLC0415 - imports argon2

    return passwords.generate()


def _asked_for() -> str:
    if not sys.stdin.isatty():
        _fail("cannot prompt for a password without a terminal; use --generate or --stdin")
    given: str = typer.prompt(
        "New password", hide_input=True, confirmation_prompt="Repeat the password"
    )
    return given


def _from_stdin() -> str:
    """The first line of standard input."""
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        _fail("the password on standard input is not valid UTF-8")


def _fail(message: str) -> NoReturn:
    ERR.say(message, style="red")
    raise typer.Exit(_EXIT_USAGE)
