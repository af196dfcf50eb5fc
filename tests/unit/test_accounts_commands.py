"""`kontor accounts`, on a store of its own."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import argon2
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from operations import accounts, logins, passwords, sessions
from operations.accounts import NewAccount
from operations.kernel import By
from operations.store import open_store, sqlite_url
from operations.tables import audit_log
from pipelines.cli.main import app
from pipelines.settings import PROJECT_ROOT, child_environment

NOW = datetime(2026, 7, 1, tzinfo=UTC)
BY = By("tests", NOW, is_system=True)
PASSWORD, ANOTHER = "correct horse battery", "staple of another horse"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path))
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", cheap)
    engine = open_store(sqlite_url(tmp_path / "operations.sqlite"))
    for name in ("olga", "otto"):
        accounts.create_account(engine, NewAccount(name, "operator_admin", PASSWORD), BY)
    yield engine
    engine.dispose()


def kontor(*arguments: str, given: str | bytes | None = None) -> tuple[int, str]:
    """The exit code, and everything that was said."""
    done = CliRunner().invoke(app, ["accounts", *arguments], input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def opens(store: sa.Engine, name: str, password: str) -> bool:
    return logins.verified(store, name, password) is not None


def session_of(store: sa.Engine, name: str) -> str:
    account = accounts.find_account(store, name)
    assert account is not None
    cookie = sessions.open_session(store, account, kind="local", remote_address="x", now=NOW)
    return sessions.hash_of(cookie)


def is_live(store: sa.Engine, session: str) -> bool:
    return sessions.resolve_session(store, session, now=NOW) is not None


def test_a_generated_password_is_shown_once_and_ends_the_sessions(store: sa.Engine) -> None:
    session = session_of(store, "olga")
    code, said = kontor("password", "Olga", "--generate")

    shown = said.split()[-1]
    assert code == 0
    assert opens(store, "olga", shown)
    assert not opens(store, "olga", PASSWORD)
    assert not is_live(store, session)


def test_a_script_gives_a_password_on_standard_input(store: sa.Engine) -> None:
    code, said = kontor("password", "olga", "--stdin", given=f"{ANOTHER}\n")

    assert (code, opens(store, "olga", ANOTHER)) == (0, True)
    assert ANOTHER not in said
    assert kontor("add", "ana", "--role", "analyst", "--stdin", given=f"{ANOTHER}\r\n")[0] == 0
    assert opens(store, "ana", ANOTHER)


@pytest.mark.parametrize(
    ("arguments", "given", "sentence"),
    [
        (("password", "olga", "--stdin"), "short\n", "12 to 200 characters"),
        (("password", "olga", "--stdin"), "", "12 to 200 characters"),
        (("password", "olga", "--stdin"), b"\xff" * 20, "not valid UTF-8"),
        (("password", "olga"), "", "use --generate or --stdin"),
        (("password", "olga", "--generate", "--stdin"), "", "either --generate or --stdin"),
        (("password", "nobody", "--generate"), "", "no account named 'nobody'"),
        (("role", "olga", "king"), "", "the role must be one of operator_admin, vendor_manager,"),
        (("role", "olga", "vendor_owner"), "", "needs a vendor id"),
        (("role", "olga", "analyst", "--vendor-id", "v-1"), "", "cannot have a vendor id"),
        (("role", "olga", "vendor_owner", "--vendor-id", "v-1"), "", "nothing is published in"),
        (("role", "nobody", "analyst"), "", "no account named 'nobody'"),
        (("enable", "olga"), "", "olga is already enabled"),
        (("add", "OLGA", "--role", "analyst"), "", "already an account named 'olga'"),
        (("list", "--format", "xml"), "", "'xml' is not one of table, csv, json"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(
    store: sa.Engine, arguments: tuple[str, ...], given: str | bytes, sentence: str
) -> None:
    before = accounts.list_accounts(store)
    code, said = kontor(*arguments, given=given)

    assert code == 2
    assert sentence in said
    assert accounts.list_accounts(store) == before


def test_the_last_operator_can_be_neither_disabled_nor_given_another_role(
    store: sa.Engine,
) -> None:
    session = session_of(store, "otto")
    assert kontor("disable", "otto") == (0, "otto is disabled; its sessions have ended.\n")
    assert not is_live(store, session)

    for arguments in (("disable", "olga"), ("role", "olga", "analyst")):
        code, said = kontor(*arguments)
        assert (code, "olga is the last operator who can sign in" in said) == (2, True)
    assert opens(store, "olga", PASSWORD)
    assert kontor("enable", "otto")[0] == 0
    assert opens(store, "otto", PASSWORD)
    assert not is_live(store, session)


def test_another_role_ends_the_sessions(store: sa.Engine) -> None:
    session = session_of(store, "otto")

    assert kontor("role", "otto", "analyst") == (
        0,
        "otto is now analyst; its sessions have ended.\n",
    )
    assert not is_live(store, session)


def test_the_list_says_who_may_sign_in_and_nothing_of_passwords(store: sa.Engine) -> None:
    new = NewAccount("anna", "vendor_owner", PASSWORD, "v-001", "demo")
    accounts.create_account(store, new, BY)
    accounts.disable_account(store, "otto", BY)

    _, table = kontor("list")
    listed = json.loads(kontor("list", "--format", "json")[1])

    assert listed[0] == {
        "name": "anna",
        "role": "vendor_owner",
        "vendor_id": "v-001",
        "marketplace": "demo",
        "state": "enabled",
    }
    assert [(row["name"], row["state"]) for row in listed[1:]] == [
        ("olga", "enabled"),
        ("otto", "disabled"),
    ]
    assert "v-001" in table
    assert "argon2" not in table + str(listed)


def test_a_home_without_a_store_has_no_accounts_and_gets_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path / "new"))

    assert kontor("list") == (0, "There are no accounts; `kontor serve` creates the first ones.\n")
    assert not (tmp_path / "new").exists()


def test_a_store_that_cannot_be_opened_is_a_sentence_without_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "postgresql://kontor:secret-canary@127.0.0.1:1/kontor"
    monkeypatch.setenv("KONTOR_OPERATIONS_URL", url)

    for arguments in (("list",), ("disable", "olga")):
        code, said = kontor(*arguments)
        assert code == 2
        assert "the operational store cannot be opened" in said
        assert "secret-canary" not in said


def test_the_audit_log_names_the_person_on_this_machine_and_no_secret(store: sa.Engine) -> None:
    kontor("password", "olga", "--stdin", given=f"{ANOTHER}\n")
    kontor("disable", "otto")

    with store.connect() as connection:
        lines = connection.execute(sa.select(audit_log).order_by(audit_log.c.audit_number)).all()
    *_, password_set, disabled = lines
    person = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout
    assert {line.actor for line in (password_set, disabled)} == {f"cli ({person.strip()})"}
    assert (password_set.action, password_set.subject) == ("accounts.password_set", "olga")
    assert (disabled.action, disabled.subject) == ("accounts.disabled", "otto")
    assert "argon2" not in str(lines)
    assert ANOTHER not in str(lines)


@pytest.mark.parametrize("again", [ANOTHER, "another one than before"])
def test_a_person_is_asked_twice_and_what_they_type_is_not_shown(
    store: sa.Engine, tmp_path: Path, again: str
) -> None:
    ours, theirs = pty.openpty()
    kontor_here = [sys.executable, "-m", "pipelines.cli.main", "accounts", "password", "olga"]
    process = subprocess.Popen(
        kontor_here,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=PROJECT_ROOT,
        env=child_environment({"KONTOR_HOME": str(tmp_path)}),
        start_new_session=True,
    )
    os.close(theirs)
    said = io.BytesIO()
    for prompt, typed in ((b"New password: ", ANOTHER), (b"Repeat the password: ", again)):
        _read_until(ours, said, prompt)
        os.write(ours, f"{typed}\n".encode())
    if again == ANOTHER:
        assert process.wait(30) == 0
    else:
        # It asks anew; leaving is a sentence.
        _read_until(ours, said, b"New password: ")
        process.terminate()
        process.wait(30)
    os.close(ours)

    assert ANOTHER.encode() not in said.getvalue()
    assert opens(store, "olga", ANOTHER) is (again == ANOTHER)


def _read_until(descriptor: int, said: io.BytesIO, wanted: bytes) -> None:
    start = len(said.getvalue())
    while wanted not in said.getvalue()[start:]:
        said.write(os.read(descriptor, 1024))
