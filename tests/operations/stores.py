"""Real stores to test on: SQLite in a folder, and PostgreSQL started from Debian's binaries."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def why_no_postgresql() -> str | None:
    """Return why PostgreSQL cannot be started here, or nothing."""
    if not BINARIES:
        return "no /usr/lib/postgresql/*/bin/postgres"
    if os.geteuid() == 0 and not _as_postgres():
        return "PostgreSQL does not run as root, and there is no runuser with a postgres account"
    try:
        import psycopg  # noqa: F401, PLC0415
    except ImportError:
        return "psycopg is not installed (pip install 'kontor[postgresql]')"
    return None


def _as_postgres() -> list[str]:
    if os.geteuid() != 0:
        return []
    known = subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0
    return ["runuser", "-u", "postgres", "--"] if known and shutil.which("runuser") else []


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of an empty server that lives as long as the block."""
    binaries, user = BINARIES[-1].parent, _as_postgres()
    # Not below pytest's folder: another run may tidy that up, and only root may enter it.
    with tempfile.TemporaryDirectory(prefix="kontor-postgresql-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        initdb = [str(binaries / "initdb"), "-D", data, "-U", "kontor", "-A", "trust", "-N"]
        subprocess.run([*user, *initdb], check=True, capture_output=True, cwd="/")
        port = free_port()
        options = ["-D", data, "-p", str(port), "-k", name, "-h", "127.0.0.1", "-F"]
        server = subprocess.Popen(
            [*user, str(binaries / "postgres"), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        try:
            _wait_for(port, server)
            yield f"postgresql://kontor@127.0.0.1:{port}/postgres"
        finally:
            os.killpg(server.pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown
            server.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    import psycopg  # noqa: PLC0415

    for _attempt in range(150):
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL ended while starting")
        try:
            psycopg.connect(
                f"host=127.0.0.1 port={port} user=kontor dbname=postgres", connect_timeout=1
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("PostgreSQL did not start")
