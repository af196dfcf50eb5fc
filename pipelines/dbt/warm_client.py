"""What stands for dbt where one is warm: sends the server a command, and ends as that ends.

Runs without site-packages, so that it starts at once: the standard library only.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path


def main() -> int:
    """The exit code of dbt; the first argument is the server's address, the rest is dbt's."""
    address, *arguments = sys.argv[1:]
    environment = dict(os.environ)  # noqa: TID251 - passed on as it is
    command = {"arguments": arguments, "folder": str(Path.cwd()), "environment": environment}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        message = json.dumps(command).encode() + b"\n"
        # The descriptors travel with the first bytes; the rest may take more than one packet.
        socket.send_fds(connection, [message[:1]], [0, 1, 2])
        connection.sendall(message[1:])
        answers = connection.makefile()
        command_id = int(answers.readline())

        def passed_on(number: int, frame: object) -> None:
            del frame
            os.kill(command_id, number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, passed_on)
        return int(answers.readline() or 1)


if __name__ == "__main__":
    sys.exit(main())
