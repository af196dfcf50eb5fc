"""What stands for dbt where one is warm: sends the server a command, and ends as that ends.

Runs without site-packages, so that it starts at once: the standard library only.
"""

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

# Names the parsed project that a command takes as it is, whatever the command's variables are.
PARSED_PROJECT = "KONTOR_PARSED_PROJECT"
# As a shell says that signal 9 ended a command.
_KILLED = 137


def main() -> int:
    """The exit code of dbt; the first argument is the server's address, the rest is dbt's."""
    address, *arguments = sys.argv[1:]
    environment = dict(os.environ)  # noqa: TID251 - passed on as it is
    command: dict[str, object] = {
        "arguments": arguments,
        "folder": str(Path.cwd()),
        "environment": environment,
    }
    with socket.socket(socket.AF_UNIX) as connection:
        answers = connection.makefile()
        command_id = _begun(connection, address, command, answers)
        if command_id is None:
            _become_cold(arguments)

        def passed_on(number: int, frame: object) -> None:
            del frame
            os.kill(command_id, number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, passed_on)
        ended = answers.readline()
        if not ended:
            # The server was killed. What it forked would go on, and nobody would know of it.
            with suppress(ProcessLookupError):
                os.kill(command_id, signal.SIGKILL)
        return int(ended or _KILLED)


def _begun(
    connection: socket.socket, address: str, command: dict[str, object], answers: TextIO
) -> int | None:
    """The process that the server forked for a command; None where the server is gone."""
    message = json.dumps(command).encode() + b"\n"
    with suppress(ConnectionError):
        connection.connect(address)
        # The descriptors travel with the first bytes; the rest may take more than one packet.
        socket.send_fds(connection, [message[:1]], [0, 1, 2])
        connection.sendall(message[1:])
        begun = answers.readline()
        if begun:
            return int(begun)
    return None


def _become_cold(arguments: list[str]) -> NoReturn:
    """Goes on as the installed dbt, which needs no server."""
    dbt = str(Path(sys.executable).with_name("dbt"))
    os.execv(dbt, [dbt, *arguments])  # noqa: S606 - our own executable, no shell


if __name__ == "__main__":
    sys.exit(main())
