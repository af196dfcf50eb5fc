"""The process in which dbt is imported; each command is a fork of it (see `warm`)."""

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from installation.imports import importing_for_good
from installation.private_files import keep_files_private

if TYPE_CHECKING:
    from pipelines.dbt.known_project import KnownProject

_DESCRIPTORS = 3
_LOOK_SECONDS = 0.02


def main() -> None:
    """Serves one command after the other until its standard input ends."""
    keep_files_private()
    # Whoever began the run is interrupted with us, and says what becomes of a command.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        with importing_for_good():
            import dbt.adapters.duckdb  # noqa: F401, PLC0415 - the second meant above
            from dbt.cli.main import cli  # noqa: PLC0415

            from pipelines.dbt.known_project import KnownProject  # noqa: PLC0415
            from pipelines.dbt.lean.cuts import make_lean  # noqa: PLC0415
            from pipelines.dbt.lean.templates import CompiledTexts  # noqa: PLC0415

        texts = CompiledTexts()
        make_lean(texts)
        project = KnownProject(texts)
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            with listening.accept()[0] as connection:
                _serve(connection, cli, project)


def _serve(connection: socket.socket, dbt: Any, project: "KnownProject") -> None:
    begun, descriptors, _, _ = socket.recv_fds(connection, 1, _DESCRIPTORS)
    command = json.loads(begun + connection.makefile("rb").readline())
    project.read(command["environment"], command["folder"])
    command_id = os.fork()
    if command_id == 0:
        # Where the server is killed, who asked must notice: a socket that the command kept open
        # would seem to be the server's.
        os.close(connection.detach())
        os.close(int(sys.argv[1]))
        _become(command, descriptors, dbt, project)
    for descriptor in descriptors:
        os.close(descriptor)
    connection.sendall(f"{command_id}\n".encode())
    ended = 0
    while not ended:
        # A client that was killed says nothing more, and neither does a run.
        if select.select([connection, sys.stdin], [], [], _LOOK_SECONDS)[0]:
            os.kill(command_id, signal.SIGKILL)
        ended, status = os.waitpid(command_id, os.WNOHANG)
    code = os.waitstatus_to_exitcode(status)
    with suppress(BrokenPipeError):
        connection.sendall(f"{code if code >= 0 else 128 - code}\n".encode())


def _become(
    command: dict[str, Any], descriptors: list[int], dbt: Any, project: "KnownProject"
) -> None:
    """Runs a command as if it had been started from a shell; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        os.chdir(command["folder"])
        os.environ.clear()  # noqa: TID251 - the command's takes the place of the server's
        os.environ.update(command["environment"])  # noqa: TID251
        sys.argv = ["dbt", *command["arguments"]]
        dbt(obj=_known(project.of(command["environment"])))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        project.keep_texts(command["environment"])
        os._exit(code)


def _known(manifest: Any) -> dict[str, Any]:
    """What dbt need not find out: the project, where it is parsed."""
    from dbt.graph.selector_methods import QualifiedNameSelectorMethod  # noqa: PLC0415
    from dbt.task import runnable  # noqa: PLC0415

    from pipelines.dbt.lean.selection import find_names_at_once  # noqa: PLC0415

    if manifest is None:
        return {}
    find_names_at_once(manifest, QualifiedNameSelectorMethod)
    # Whoever parsed the project has written its manifest, which takes longer than ten models.
    runnable.write_manifest = lambda *_: None  # type: ignore[attr-defined]
    return {"manifest": manifest}


if __name__ == "__main__":
    main()
