"""Dagster's webserver on a Unix socket: `python -m pipelines.cli.dagster_pages SOCKET WORKSPACE`.

Dagster's own command knows TCP ports only, which anybody on the machine could use.
"""

import sys

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.cli import (
    DEFAULT_DB_STATEMENT_TIMEOUT,
    DEFAULT_POOL_MAX_OVERFLOW,
    DEFAULT_POOL_RECYCLE,
)
from dagster_webserver.version import __version__

from installation.private_files import keep_files_private

# Where the dashboards' gate has them.
PREFIX = "/dagster"
# Open pages keep a socket each; they connect again.
_GRACE_SECONDS = 3


def serve_pages(socket: str, workspace: str) -> None:
    """Serves the pages of the instance in DAGSTER_HOME until told to stop."""
    with dg.DagsterInstance.get() as instance:
        instance.optimize_for_webserver(
            DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW
        )
        target = WorkspaceFileTarget([workspace])
        with WorkspaceProcessContext(instance, target, version=__version__) as context:
            uvicorn.run(
                create_app_from_workspace_process_context(context, PREFIX),
                uds=socket,
                log_level="warning",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )


def main() -> None:
    """Serves on the socket and with the workspace that the command line names."""
    keep_files_private()
    serve_pages(*sys.argv[1:])


if __name__ == "__main__":
    main()
