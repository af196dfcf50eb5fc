"""The dashboards as they run for everybody: a process of their own on a free loopback port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.worlds.homes import PASSWORD

ROOT = Path(__file__).parents[2]


@contextmanager
def running_dashboards(
    home: Path, *, module: str = "dashboards.server", **environment: str
) -> Iterator[str]:
    """Yield the address of a server that lives as long as the block."""
    command = [sys.executable, "-m", module, "--home", str(home), "--port", "0"]
    # Appended: another server of the same home may be writing, too.
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
            text=True,
        )
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            if not line.startswith("Dashboards: "):
                raise RuntimeError((home / "server.log").read_text())
            url = line.removeprefix("Dashboards: ").strip()
            httpx.get(f"{url}/health", timeout=30).raise_for_status()
            yield url
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def sign_in(url: str, name: str, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """Yield a client that holds the session of somebody."""
    with httpx.Client(base_url=url, timeout=30) as client:
        form = {"name": name, "password": password}
        answer = client.post("/login", data=form, headers={"Origin": url})
        assert answer.status_code == 303, answer.text
        yield client
