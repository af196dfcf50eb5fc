"""Starts the dashboards: Streamlit behind the gate, in one process.

`python -m dashboards.server` or `serve(DashboardSettings(home=..., port=...))`.
"""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Collection
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import streamlit as st
import structlog
import typer
import uvicorn
from pydantic import ValidationError
from starlette.middleware import Middleware
from streamlit.web.bootstrap import load_config_options

from dashboards import resources, widget_values
from dashboards.gate import data_docs, downloads, health, pages, preferences
from dashboards.gate.dagster_pages import DagsterPages
from dashboards.gate.gate import Gate
from dashboards.gate.login import LoginPages
from dashboards.gate.requests import IDENTITY_HEADER, Surroundings
from dashboards.gate.sockets import LiveSockets
from dashboards.identity import words_shown
from dashboards.settings import DashboardSettings
from dashboards.words.languages import LANGUAGES
from dashboards.words.words import CatalogueMissing, words_in
from installation.settings import sentences, variable
from installation.start import EnvFileError, begin
from operations import sessions
from operations.errors import StoreUnavailableError
from output.commands import exit_code
from output.logs import keep_values_out_of_logs, without_values
from output.terminal import ERR, OUT

_LOG = structlog.get_logger(__name__)
_APP = Path(__file__).parent / "app.py"

# A revoked session may keep its socket for at most this long.
_CUT_EVERY_SECONDS = 1.0
_LARGEST_MESSAGE = 16 * 1024 * 1024


def serve(settings: DashboardSettings) -> None:
    """Serve the dashboards of a home until told to stop; prints the address once it listens."""
    for language in LANGUAGES:
        words_in(language)  # one that is missing shows now, not to the first who reads it
    opened = resources.open_resources(settings)
    resources.install(opened)
    try:
        with _listening_socket(settings) as listener:
            config = uvicorn.Config(
                build_app(settings),
                log_level="warning",
                access_log=False,  # paths hold order ids and searches
                server_header=False,
                proxy_headers=settings.behind_tls_proxy,
                ws="websockets-sansio",
                ws_max_size=_LARGEST_MESSAGE,
            )
            port = listener.getsockname()[1]
            OUT.say(f"Dashboards: http://{_shown_host(settings.address)}:{port}")
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        opened.close()


def build_app(settings: DashboardSettings) -> st.App:
    """Return Streamlit's application, and the way to Dagster's, with the gate in front of both."""
    surroundings = Surroundings(
        allowed_hosts=frozenset(host.lower() for host in settings.allowed_hosts),
        is_secure=settings.behind_tls_proxy,
    )
    sockets = LiveSockets(_live_sessions)
    gate = Middleware(
        partial(Gate, surroundings=surroundings, find_session=_find_session, sockets=sockets)
    )
    app = st.App(
        _APP,
        routes=[
            *LoginPages(surroundings, sockets).routes(),
            *health.routes(),
            *downloads.routes(),
            *data_docs.routes(),
            *preferences.routes(),
            *DagsterPages(settings.dagster_socket).routes(),
            *pages.routes(),
        ],
        middleware=[gate],
        lifespan=partial(_watching, sockets),
        on_script_error=_say_sorry,
    )
    load_config_options(_streamlit_options(settings))
    widget_values.refuse_mistyped()
    return app


def _streamlit_options(settings: DashboardSettings) -> dict[str, Any]:
    """Return the options that no file and no variable may weaken."""
    return {
        "server.trustedUserHeaders": {IDENTITY_HEADER: "sid"},
        "server.address": settings.address,
        "server.allowedHosts": [host.strip("[]") for host in settings.allowed_hosts],
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.scriptHealthCheckEnabled": False,
        "server.fileWatcherType": "none",
        "server.headless": True,
        "server.maxUploadSize": 1,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "browser.gatherUsageStats": False,
        "global.developmentMode": False,
    }


@contextlib.asynccontextmanager
async def _watching(sockets: LiveSockets, _app: st.App) -> AsyncIterator[None]:
    watch = asyncio.create_task(sockets.watch(_CUT_EVERY_SECONDS))
    try:
        yield
    finally:
        watch.cancel()


def _find_session(session_hash: str) -> sessions.Session | None:
    return sessions.resolve_session(
        resources.current().store, session_hash, now=resources.now(), is_interaction=False
    )


def _live_sessions(session_hashes: Collection[str]) -> frozenset[str]:
    return sessions.live_sessions(resources.current().store, session_hashes, now=resources.now())


def _say_sorry(error: Exception) -> bool:
    """Log an error of a page and show nothing of it but a number to quote."""
    number = uuid4().hex[:8]
    _LOG.error("page failed", number=number, exc_info=error)
    said = words_shown().text(
        "This page could not be shown. Please try again; if it stays like this, tell the operator"
        " the number {number}.",
        number=number,
    )
    st.error(said, icon=":material/error:")
    return True


def _log_to_stderr() -> None:
    """Keep standard output for the one line that says where the dashboards are."""
    keep_values_out_of_logs()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _listening_socket(settings: DashboardSettings) -> socket.socket:
    address = settings.address.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, settings.port))
    listener.listen(128)
    return listener


def _shown_host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def main(
    home: Annotated[Path | None, typer.Option(help="Default: KONTOR_HOME, else ./var")] = None,
    address: Annotated[str | None, typer.Option(help="Default: 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Default: 8501; 0 takes any free port")] = None,
) -> None:
    """Serve the dashboards."""
    given = {"home": home, "address": address, "port": port}
    try:
        origins = begin()
        chosen: Any = {name: value for name, value in given.items() if value is not None}
        origins |= dict.fromkeys(map(variable, chosen), "the command line")
        settings = DashboardSettings(**chosen)
    except EnvFileError as error:
        ERR.say(f"Cannot start: {error}")
        raise typer.Exit(2) from None
    except ValidationError as error:
        for sentence in sentences(error, origins):
            ERR.say(f"Cannot start: {sentence}")
        raise typer.Exit(2) from None
    _log_to_stderr()
    try:
        serve(settings)
    except (CatalogueMissing, StoreUnavailableError) as error:
        ERR.say(f"Cannot start: {error}")
        raise typer.Exit(2) from None
    except OSError as error:
        ERR.say(f"Cannot listen on {settings.address}:{settings.port}: {error}")
        raise typer.Exit(1) from None


if __name__ == "__main__":
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command()(main)
    sys.exit(exit_code(command))
