"""Opens the operational store and brings its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from operations.errors import StoreUnavailableError

_MIGRATIONS = Path(__file__).parent / "migrations"

# Any constant will do, as long as every process of one store uses the same.
_MIGRATION_LOCK = 5_031_976
_NO_NUMBER = "the port is not a number"
# What can be wrong with a store, as SQLite, libpq and SQLAlchemy put it.
_REASONS = (
    _NO_NUMBER,
    "Could not parse SQLAlchemy URL",
    "Connection refused",
    "timeout expired",
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "could not translate host name",
    "failed to resolve host",
    "does not exist",
    "permission denied",
    "starting up",
    "too many clients",
    "unable to open database file",
    "database is locked",
    "attempt to write a readonly database",
    "file is not a database",
    "database disk image is malformed",
    "disk I/O error",
)


def sqlite_url(path: Path) -> str:
    """Return the address of a store in one file."""
    return sa.URL.create("sqlite", database=str(path.absolute())).render_as_string()


def open_store(url: str) -> sa.Engine:
    """Return an engine on the store whose tables exist and are current.

    Raises:
        StoreUnavailableError: there is no such store, or it does not let us in.
    """
    try:
        address = _with_driver(_address(url))
        if address.get_backend_name() == "sqlite":
            engine = _open_sqlite(address)
        else:
            engine = sa.create_engine(address, pool_pre_ping=True)
        upgrade(engine)
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        raise _unavailable("opened", error) from None
    return engine


@contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """Yields an engine as `open_store` does, and closes it.

    A SQLite file must not be open while a process forks.

    Raises:
        StoreUnavailableError: it cannot be opened, or does not answer in the block.
    """
    engine = open_store(url)
    try:
        yield engine
    except sa.exc.SQLAlchemyError as error:
        raise _unavailable("used", error) from error
    finally:
        engine.dispose()


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection whose transaction holds the write lock from its first statement.

    A SQLite transaction that reads first and writes later fails at once when somebody else wrote
    in between, however long the busy timeout is.
    """
    with engine.execution_options(kontor_writes=True).begin() as connection:
        yield connection


def upgrade(engine: sa.Engine) -> None:
    """Apply missing migrations; one process at a time."""
    # Imported here: alembic takes as long to import as the rest of the package together.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        if MigrationContext.configure(connection).get_current_revision() != head:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _unavailable(verb: str, error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"the operational store cannot be {verb}: {reason_of(error)}; check that it is running, "
        "and KONTOR_OPERATIONS_URL"
    )


def reason_of(error: Exception) -> str:
    """Why the store cannot be used, without what a message quotes: the address, a part of it."""
    said = str(error)
    return next((reason for reason in _REASONS if reason in said), type(error).__name__)


def _address(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except ValueError:
        # Python quotes what it took for the port, which may be part of a password.
        raise sa.exc.ArgumentError(_NO_NUMBER) from None


def _with_driver(address: sa.URL) -> sa.URL:
    """Return the address with the driver this project installs where none is named."""
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    return address


def _open_sqlite(address: sa.URL) -> sa.Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address, connect_args={"timeout": 30, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("kontor_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
