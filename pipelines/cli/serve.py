"""`kontor serve`: the dashboards on loopback with Dagster behind their gate, stopped together."""

import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from installation.settings import lasting_name
from installation.start import environment_for_child
from operations.first_logins import FirstLogin, ensure_first_logins
from operations.store import open_store, opened
from pipelines.cli.servers import ServerEndedError, running_servers
from pipelines.marketplaces import marketplace_named
from pipelines.publishing.operator_file import open_operator_file
from pipelines.runs.last_run import current_manifest
from pipelines.runs.run import dagster_home
from pipelines.settings import PROJECT_ROOT, PipelineSettings
from sources.errors import ConfigurationError, SourceError
from sources.sql import scalar

LOOPBACK = "127.0.0.1"
_START_SECONDS = 60
_LOG = "dagster.log"
_WORKSPACE = PROJECT_ROOT / "workspace.yaml"
# The longest socket path on the operating systems we know, and the length of Dagster's own names.
_LONGEST_SOCKET_PATH = 103
_OWN_NAME = "tmp01234567"


def note_exports(settings: PipelineSettings, named: str, now: datetime) -> None:
    """Notes which exports are set up, for the pages; one whose marketplace is unusable has none."""
    from pipelines.assets.export_setups import note_setups  # noqa: PLC0415 - imports Dagster

    with suppress(SourceError), opened(settings.store_url) as engine:
        note_setups(engine, marketplace_named(named, settings.home_folder), now)


def first_logins(settings: PipelineSettings, now: datetime) -> list[FirstLogin]:
    """New logins for roles without one: an operator, and the vendor with the most orders."""
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
    """The wanted port, or any free port if it is in use."""
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
    port: int,
    announce: Callable[[str], None],
    *,
    with_dagster: bool,
) -> None:
    """Runs the dashboards, with Dagster behind their gate, until stopped.

    Raises:
        ServerEndedError: one of them ended unexpectedly.
        ConfigurationError: the path of the temporary folder is too long for sockets.
    """
    home = settings.home_folder
    address = f"http://{LOOPBACK}:{port}"
    shared = environment_for_child(settings) | {
        "KONTOR_MARKETPLACE": lasting_name(marketplace),
        "DAGSTER_HOME": str(dagster_home(settings)),
    }
    with _private_folder() as folder, running_servers(home.path / "logs") as servers:
        dagster = {
            **shared,
            "KONTOR_CODE_SOCKET": str(folder / "code"),
            # Dagster makes sockets of its own there.
            "TMPDIR": str(folder),
        }
        pages = folder / "pages"
        if with_dagster:
            servers.start("Dagster's code server", _code_server(folder / "code"), dagster, _LOG)
            shared["KONTOR_DAGSTER_SOCKET"] = str(pages)
        servers.start("the dashboards", _dashboards(port), shared, "dashboards.log")
        servers.wait_until(_answers(f"{address}/health"))
        announce(f"Dashboards: {address}")
        if with_dagster:
            announce(f"Dagster, for operators: {address}/dagster/ (available in a few seconds)")
        announce("Stop with Ctrl-C.")
        if with_dagster:
            # Dagster's other programs look for its code once, when they start.
            servers.wait_until((folder / "code").exists)
            servers.start("Dagster's pages", _pages(pages), dagster, _LOG)
            servers.start("Dagster's daemon", _daemon(), dagster, _LOG)
        servers.wait_until(lambda: False)


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A private folder for sockets, removed when the block ends."""
    # Not in the home, whose path may be longer than that of a socket.
    with tempfile.TemporaryDirectory(prefix="kontor-", ignore_cleanup_errors=True) as folder:
        if len(f"{folder}/{_OWN_NAME}".encode()) > _LONGEST_SOCKET_PATH:
            problem = f"the path {tempfile.gettempdir()} is too long for sockets"
            raise ConfigurationError([f"{problem}; set TMPDIR to a shorter one"])
        yield Path(folder)


def _dashboards(port: int) -> list[str]:
    command = [sys.executable, "-P", "-m", "dashboards.server"]
    return [*command, "--address", LOOPBACK, "--port", str(port)]


def _code_server(code: Path) -> list[str]:
    given = ["--module-name", "pipelines.definitions", "--attribute", "defs"]
    named = ["--location-name", "pipelines.definitions", "--socket", str(code)]
    return [*_program("dagster"), "code-server", "start", *given, *named]


def _pages(socket_path: Path) -> list[str]:
    module = "pipelines.cli.dagster_pages"
    return [sys.executable, "-P", "-m", module, str(socket_path), str(_WORKSPACE)]


def _daemon() -> list[str]:
    return [*_program("dagster-daemon"), "run", "--workspace", str(_WORKSPACE)]


def _program(name: str) -> list[str]:
    return [str(Path(sys.executable).with_name(name))]


def _answers(address: str) -> Callable[[], bool]:
    deadline = time.monotonic() + _START_SECONDS

    def is_up() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - loopback
                return True
        except (urllib.error.URLError, TimeoutError):
            if time.monotonic() > deadline:
                raise ServerEndedError(f"{address} does not answer") from None
            return False

    return is_up
