"""The PostgreSQL connector: a read-only session, and the sentence for each way it can fail.

Small questions go through psycopg, whose errors carry PostgreSQL's codes; rows go through DuckDB's
postgres extension. Messages of both may quote the address, of which a part may be the password, the
query, which may hold another, or a row: what stands in quotes is never shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sources.databases import Database
from sources.errors import PermanentSourceError, SourceError, TransientSourceError

# What the server says where waiting does not help; it says it before there is an error code.
_REFUSALS = {
    "password authentication failed": "the password is wrong; correct it in url",
    "no password supplied": "the server wants a password; give one in url",
    "no pg_hba.conf entry": "the server does not let this machine in; ask for an entry in "
    "pg_hba.conf",
    "does not exist": "correct the role's or the database's name in url",
    "is not permitted to log in": "the role may not log in; alter role ... login",
    "permission denied for database": "grant connect on the database to the role",
    "could not translate host name": "there is no such host; correct it in url",
    "failed to resolve host": "there is no such host; correct it in url",
    "invalid integer value": "the port is no number; correct it in url, and write %2F for a / in "
    "the password",
}
# What is said of a server that is not reached; more of the message would quote the address.
_UNREACHABLE = (
    "Connection refused",
    "timeout expired",
    "No route to host",
    "Network is unreachable",
    "starting up",
    "shutting down",
    "too many clients",
    "SSL",
)
_REMEDIES = {
    "42501": "the role may not read it; grant select on it, and usage on its schema",
    "42P01": "there is no such table; correct the name",
    "3F000": "there is no such schema; correct the name",
    "42703": "a column is missing; correct the query or the mapping",
    "42883": "there is no such function, or none for these types; correct the query",
    "P0001": "a function of the database refuses it; the server's log has its words",
    "25006": "the query tries to write; a query may only read",
}
_WRITERS = """
select pg_roles.rolsuper, (
    select min(format('%I.%I', pg_namespace.nspname, pg_class.relname))
    from pg_class inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where pg_class.relkind in ('r', 'p')
        and pg_namespace.nspname <> 'information_schema'
        and pg_namespace.nspname not like 'pg\\_%'
        and has_table_privilege(pg_class.oid, 'insert, update, delete, truncate')
)
from pg_roles where pg_roles.rolname = current_user
"""


def conninfo(database: Database) -> str:
    """How libpq is to connect: in UTC, only reading, in a stable order, with a time limit.

    One worker and no synchronised scans: the source is spared, and rows of a table that did not
    change come in the same order, so that the extract has the same bytes.

    Raises:
        PermanentSourceError: the URL cannot be read.
    """
    try:
        given = conninfo_to_dict(database.url.get_secret_value())
    except psycopg.ProgrammingError:
        # psycopg's own message quotes the URL and with it the password.
        raise PermanentSourceError(
            f"{database.place}: url cannot be read; write it like "
            "postgresql://reader:password@host:5432/shop, and %40 for an @ in the password"
        ) from None
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": database.statement_timeout_seconds * 1000,
        "synchronize_seqscans": "off",
        "max_parallel_workers_per_gather": 0,
        "TimeZone": "UTC",
        "DateStyle": "ISO",
        "IntervalStyle": "iso_8601",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given["options"] = f"{given.get('options') or ''} {options}".strip()
    given.setdefault("connect_timeout", str(database.connect_timeout_seconds))
    given.setdefault("application_name", "kontor")
    return make_conninfo("", **given)


@contextmanager
def session(database: Database) -> Iterator[psycopg.Connection]:
    """A connection that can only read, with each statement a transaction of its own.

    Raises:
        PermanentSourceError: the server refuses; the message says why.
        TransientSourceError: the server cannot be reached.
    """
    address = conninfo(database)
    try:
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        raise _refusal(error, database) from None
    with connection:
        yield connection


def check_role(connection: psycopg.Connection, database: Database) -> str | None:
    """Nothing where the role can only read, else the warning where a writing one is accepted.

    Raises:
        PermanentSourceError: the role could write and that is not accepted.
    """
    row = connection.execute(_WRITERS).fetchone()
    is_superuser, writable = row or (False, None)
    if not is_superuser and writable is None:
        return None
    what = "is a superuser" if is_superuser else f"may write to {writable}"
    sentence = f"{database.place}: the role of url {what}"
    if database.accept_writing_role:
        return sentence
    raise PermanentSourceError(
        f"{sentence}; use a read-only role (docs/your-own-data.md shows its grants), or "
        "set accept_writing_role: true"
    )


def fault_of(error: psycopg.Error, place: str, what: str) -> SourceError:
    """What an error of the server means: waiting helps, or a person must act."""
    code = error.sqlstate or ""
    said = unquoted(first_line(error))
    if code == "57014":
        return timed_out(place, what)
    if code in _REMEDIES:
        return PermanentSourceError(f"{place}: {what} cannot be read: {_REMEDIES[code]}")
    if code[:2] in {"42", "22", "0A"}:
        return PermanentSourceError(f"{place}: {what} cannot be read ({said}); correct it")
    return TransientSourceError(
        f"{place}: the server stopped answering while {what} was being read ({said}); the rows "
        "read so far are kept, and the next run continues from there"
    )


def timed_out(place: str, what: str) -> TransientSourceError:
    """The sentence for a statement that the server ended; a quieter hour may do."""
    return TransientSourceError(
        f"{place}: {what} took longer than statement_timeout_seconds; raise it, lower slice_rows, "
        "or create an index on the cursor column"
    )


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or ["no reason given"])[0]


def unquoted(said: str) -> str:
    """A message up to where it quotes something."""
    before, quote, _ = said.partition('"')
    return f"{before.rstrip(' :')} …" if quote else said


def _refusal(error: psycopg.OperationalError, database: Database) -> SourceError:
    said = " ".join(str(error).split())
    for sign, remedy in _REFUSALS.items():
        if sign in said:
            return PermanentSourceError(f"{database.place}: {remedy}")
    reasons = [reason for reason in _UNREACHABLE if reason in said]
    why = f" ({reasons[0]})" if reasons else ""
    return TransientSourceError(
        f"{database.place}: the server cannot be reached{why}; check host, port and firewall, or "
        "wait until it is available"
    )
