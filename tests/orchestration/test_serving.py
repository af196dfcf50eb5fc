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
from tests.orchestration.processes import children_of
from tests.orchestration.searched import everything_in
from tests.orchestration.shop import YAML, open_shop
from tests.worlds.running import sign_in

pytestmark = pytest.mark.orchestration

CANARY = "erika-kanarie"
STORE = {"operations.sqlite", "operations.sqlite-wal", "operations.sqlite-shm"}
PEOPLE_FEED = "  contacts: [{files: contacts.csv, time_zone: UTC}]\n"
# One that is sound; one whose values do not fit; one that is no line.
PEOPLE = f"""\
contact_id,account_id,name,email,birth_date,created_at
k1,a1,{CANARY},{CANARY}@example.org,1990-01-31,2026-05-01 10:00:00
,a1,{CANARY},{CANARY},{CANARY},{CANARY}
k3,a1,"{CANARY}
"""


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


# All of it is relative to the folder in which the file lies, and in which `kontor` is started.
ENV_FILE = """\
KONTOR_HOME=home
KONTOR_MARKETPLACE=corner.yml
KONTOR_OPERATIONS_URL=sqlite:///accounts/accounts.sqlite
KONTOR_MEMORY_LIMIT=640MB
"""


def told(process: int) -> dict[str, str]:
    """The environment that a process was started with."""
    text = Path(f"/proc/{process}/environ").read_text()
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)


def test_dashboards_and_dagster_are_served_and_stopped_together(tmp_path: Path) -> None:
    shop = open_shop(tmp_path)
    (tmp_path / "corner.yml").write_text(YAML + PEOPLE_FEED, encoding="utf-8")
    shop.put("contacts.csv", PEOPLE)
    assert "contacts: 1 quarantined: unclosed_quote" in shop.kontor("ingest").stderr
    (tmp_path / ".env").write_text(ENV_FILE)
    variables = {"PYTHONPATH": str(PROJECT_ROOT), "PYTHONUNBUFFERED": "1"}
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
        command,
        env=child_environment(variables),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        umask=0o022,  # as most machines have it
    )
    try:
        printed = ""
        while "Stop with" not in printed:
            line = server.stdout.readline() if server.stdout else ""
            assert line, printed
            printed += line
        dashboards, dagster = (int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", printed))

        # The dashboards know the login that the command line made: both have the same store.
        login = re.search(r"New login: (operator) / (\S{20,})", printed)
        assert login
        with sign_in(f"http://127.0.0.1:{dashboards}", *login.groups()):
            pass
        for process in children_of(server.pid):
            environment = told(process)
            assert environment["KONTOR_HOME"] == str(shop.home)
            assert environment["KONTOR_MARKETPLACE"] == str(tmp_path / "corner.yml")
            assert environment["KONTOR_MEMORY_LIMIT"] == "640MB"
        refused = httpx.post(
            f"http://127.0.0.1:{dashboards}/login",
            data={"name": CANARY, "password": CANARY},
            headers={"Origin": f"http://127.0.0.1:{dashboards}"},
        )
        assert refused.status_code == 401
        assert wait_for(f"http://127.0.0.1:{dagster}/server_info", 120).status_code == 200
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0

    assert shop.open_to_others == []
    assert {path.name for path in (tmp_path / "accounts").iterdir()} == {"accounts.sqlite"}
    assert not list(shop.home.glob("operations.sqlite*"))
    assert not is_listening(dashboards)
    assert not is_listening(dagster)
    assert "login refused" in (shop.home / "logs" / "dashboards.log").read_text()
    assert (shop.home / "logs" / "dagster.log").stat().st_size
    holders = {name for name, content in everything_in(shop.home) if CANARY.encode() in content}
    # The search finds it where it belongs; the store counts attempts by the name that was typed.
    places = {name.partition("/")[0] for name in holders} - STORE
    assert places == {"landing", "warehouse.duckdb"}
