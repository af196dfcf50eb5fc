"""dbt, imported once while other work goes on, and forked for each command of a run.

Importing dbt takes longer than most of what a run asks of it. `warm_dbt` starts a server and names
an executable that takes dbt's arguments and behaves as dbt does: same output, same exit code, ended
by the same signals. It hands its descriptors to the server, whose fork becomes the command.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory

from installation.workers import start_worker
from pipelines.dbt import warm_client, warm_server


@contextmanager
def warm_dbt() -> Iterator[Path]:
    """The path of an executable that is dbt, as long as the block lasts."""
    # Not in the home: the path of a socket may have 107 bytes.
    with TemporaryDirectory(prefix="kontor-dbt-") as folder:
        address, executable = Path(folder) / "socket", Path(folder) / "dbt"
        client = [sys.executable, "-I", "-S", warm_client.__file__, str(address)]
        executable.write_text(f'#!/bin/sh\nexec {" ".join(map(quote, client))} "$@"\n')
        executable.chmod(0o700)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(address))
            listening.listen()
            server = start_worker(
                warm_server.__name__,
                str(listening.fileno()),
                # It ends when this pipe closes, however its parent ends.
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
            )
        try:
            yield executable
        finally:
            server.communicate()
