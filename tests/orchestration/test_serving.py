"""`kontor serve`: both servers come up on loopback, and nothing is left when they are stopped."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pipelines.settings import PROJECT_ROOT, child_environment
from tests.orchestration.shop import open_shop

pytestmark = pytest.mark.orchestration


def wait_for(address: str, seconds: int) -> httpx.Response:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(address, timeout=5)
        except httpx.TransportError:
            assert time.monotonic() < deadline, address
            time.sleep(0.5)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_dashboards_and_dagster_are_served_and_stopped_together(tmp_path: Path) -> None:
    shop = open_shop(tmp_path)
    variables = {
        "KONTOR_HOME": str(shop.home),
        "KONTOR_MARKETPLACE": str(tmp_path / "corner.yml"),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    command = [
        sys.executable,
        "-m",
        "pipelines.cli.main",
        "serve",
        "--port",
        "0",
        "--dagster-port",
        "0",
    ]
    server = subprocess.Popen(
        command, env=child_environment(variables), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    try:
        printed = ""
        while "Stop with" not in printed:
            line = server.stdout.readline() if server.stdout else ""
            assert line, printed
            printed += line
        dashboards, dagster = (int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", printed))

        assert re.search(r"New login: operator / \S{20,}", printed)
        assert httpx.get(f"http://127.0.0.1:{dashboards}/login").status_code == 200
        assert wait_for(f"http://127.0.0.1:{dagster}/server_info", 120).status_code == 200
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0

    assert not is_listening(dashboards)
    assert not is_listening(dagster)
