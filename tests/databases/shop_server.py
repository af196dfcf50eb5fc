"""A shop's PostgreSQL server for tests, with passwords, and with a switch to stop and start it."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.operations.stores import BINARIES, _as_postgres, free_port

ADMIN_PASSWORD = "admin-secret"
READER_PASSWORD = "p@ss word/%"
READER_URL_PASSWORD = "p%40ss%20word%2F%25"
SCHEMA = """
create table vendors (
    vendor_id text primary key, name text, status text, country text, internal_note text
);
create table orders (
    order_id bigint primary key, customer_id text not null, status text not null,
    placed timestamptz not null, updated_at timestamptz, deleted_at timestamptz
);
create table lines (
    line_id bigint primary key, order_id bigint not null, vendor_id text not null,
    product_id text not null, quantity integer not null, price numeric(12, 2) not null
);
create type kind as enum ('invoice', 'credit_note');
create table invoices (
    id uuid primary key, order_id bigint, kind kind not null, net numeric(12, 2) not null,
    tax numeric, tags text[], extra jsonb, scan bytea, is_corrected boolean,
    issued timestamp not null, due date, changed timestamp, revision bigint
);
create role reader login password 'p@ss word/%';
grant usage on schema public to reader;
grant select on all tables in schema public to reader;
create role writer login password 'w';
grant select, insert on vendors to writer;
create role stranger login password 's';
"""


@dataclass
class ShopServer:
    """A server that can be stopped in the middle of things and started again."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def reader_url(self) -> str:
        return f"postgresql://reader:{READER_URL_PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        binaries = BINARIES[-1].parent
        options = ["-D", str(self.folder / "data"), "-p", str(self.port), "-h", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*_as_postgres(), str(binaries / "postgres"), *options, "-k", str(self.folder), "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        ready = [str(binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        for _attempt in range(200):
            if (
                subprocess.run([*ready, "-t", "5"], capture_output=True, check=False).returncode
                == 0
            ):
                return
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError("PostgreSQL ended while starting")
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """As in a crash: no transaction is awaited."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGQUIT)
            self.process.wait(20)
            self.process = None

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=admin dbname=postgres password={ADMIN_PASSWORD}",
            autocommit=True,
        )

    def execute(self, statement: str) -> None:
        with self.admin() as connection:
            connection.execute(statement.encode())


@contextmanager
def shop_server() -> Iterator[ShopServer]:
    """An empty server with passwords, as long as the block lasts."""
    binaries, user = BINARIES[-1].parent, _as_postgres()
    # Not below pytest's folder: another run may tidy that up, and only root may enter it.
    with tempfile.TemporaryDirectory(prefix="kontor-shop-") as name:
        folder = Path(name)
        secret = folder / "secret"
        secret.write_text(ADMIN_PASSWORD)
        if user:
            for path in (folder, secret):
                shutil.chown(path, "postgres")
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "admin", "-N"]
        subprocess.run(
            [*user, *initdb, "-A", "scram-sha-256", "--pwfile", str(secret)],
            check=True,
            capture_output=True,
            cwd="/",
        )
        server = ShopServer(folder, free_port())
        try:
            server.start()
            yield server
        finally:
            server.stop()
