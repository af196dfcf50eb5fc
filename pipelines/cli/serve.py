"""`kontor serve`: the dashboards and Dagster's pages on loopback, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

from installation.settings import lasting_name
from installation.start import environment_for_child
from operations.first_logins import FirstLogin, ensure_first_logins
from operations.store import open_store
from pipelines.publishing.operator_file import open_operator_file
from pipelines.runs.last_run import current_manifest
from pipelines.runs.run import dagster_home
from pipelines.settings import PROJECT_ROOT, PipelineSettings
from sources.sql import scalar

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 10
_START_SECONDS = 60


class ServerEndedError(Exception):
    """A server ended although nobody told it to."""


def first_logins(settings: PipelineSettings, now: datetime) -> list[FirstLogin]:
    """New logins where a role has none yet: an operator, and the vendor with most orders."""
    manifest = current_manifest(settings.home_folder.published)
    vendor_id = None
    if manifest is not None:
        published = settings.home_folder.published
        with open_operator_file(published, str(manifest["version"])) as connection:
            vendor_id = scalar(
                connection,
                "select vendor_id from marts.dim_vendors "
                "order by order_count desc, vendor_id limit 1",
            )
    settings.home_folder.make()
    engine = open_store(settings.store_url)
    try:
        marketplace = manifest["marketplace"] if manifest else None
        return ensure_first_logins(engine, vendor_id=vendor_id, marketplace=marketplace, now=now)
    finally:
        engine.dispose()


def free_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def serve(
    settings: PipelineSettings,
    marketplace: str,
    ports: tuple[int, int | None],
    announce: Callable[[str], None],
) -> None:
    """Runs the dashboards, and Dagster where a port is given for it, until told to stop.

    Raises:
        ServerEndedError: one of them ended by itself.
    """
    home = settings.home_folder
    dashboards_port, dagster_port = ports
    environment = environment_for_child(settings) | {
        "KONTOR_MARKETPLACE": lasting_name(marketplace),
        "DAGSTER_HOME": str(dagster_home(settings)),
    }
    commands = {"the dashboards": _dashboards(dashboards_port)}
    if dagster_port is not None:
        commands["Dagster"] = _dagster(dagster_port)
    with _running(commands, environment, home.path / "logs") as processes:
        address = f"http://{LOOPBACK}:{dashboards_port}"
        _wait_until_up(f"{address}/health", processes)
        announce(f"Dashboards: {address}")
        if dagster_port is not None:
            announce(f"Dagster:    http://{LOOPBACK}:{dagster_port} (up in a few seconds)")
        announce("Stop with Ctrl-C.")
        while not _ended(processes):
            time.sleep(0.5)
        raise ServerEndedError(
            f"{' and '.join(_ended(processes))} ended; see the logs in {home.path / 'logs'}"
        )


def _dashboards(port: int) -> list[str]:
    command = [sys.executable, "-P", "-m", "dashboards.server"]
    return [*command, "--address", LOOPBACK, "--port", str(port)]


def _dagster(port: int) -> list[str]:
    program = str(Path(sys.executable).with_name("dagster"))
    workspace = str(PROJECT_ROOT / "workspace.yaml")
    return [program, "dev", "-w", workspace, "-h", LOOPBACK, "-p", str(port)]


@contextmanager
def _running(
    commands: dict[str, list[str]], environment: dict[str, str], logs: Path
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    logs.mkdir(parents=True, exist_ok=True)
    processes = {}
    pumps = []
    previous = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        for name, command in commands.items():
            pumps.append(_pump(logs / f"{name.split()[-1].lower()}.log"))
            with pumps[-1].stdin or nullcontext() as stream:
                processes[name] = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                    command,
                    env=environment,
                    # Dagster would read a `.env` of its working folder over all that it is told.
                    cwd=environment["DAGSTER_HOME"],
                    stdout=stream,
                    stderr=stream,
                    start_new_session=True,
                )
        yield processes
    finally:
        _stop(list(processes.values()))
        for pump in pumps:
            with suppress(subprocess.TimeoutExpired):
                pump.wait(_GRACE_SECONDS)
        signal.signal(signal.SIGTERM, previous)


def _pump(log: Path) -> subprocess.Popen[bytes]:
    """What writes a server's lines down; it ends when nobody is left who could print one."""
    command = [sys.executable, "-m", "pipelines.cli.log_pump", str(log)]
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, start_new_session=True
    )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ends each server with all that it started: asked first, then told."""
    for number in (signal.SIGINT, signal.SIGKILL):
        for process in processes:
            # The group outlives its leader as long as one member runs.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_SECONDS)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_up(address: str, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if _ended(processes):
            raise ServerEndedError(f"{' and '.join(_ended(processes))} did not start; see the logs")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise ServerEndedError(f"{address} does not answer")


def _ended(processes: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, process in processes.items() if process.poll() is not None]
