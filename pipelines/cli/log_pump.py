"""`python -m pipelines.cli.log_pump FILE`: what a server prints, into a log that stays small.

A process of its own between a server and its log: it lives as long as anybody can still print,
also when `kontor serve` was killed, and no library needs to know where its lines go.
"""

import logging
import re
import signal
import sys
from logging.handlers import RotatingFileHandler
from typing import BinaryIO, Final

from installation.private_files import keep_files_private
from output.terminal import visible
from sources.contact_details import masked_line

# Six files of a server: weeks of warnings, and never more than a browser can open.
LARGEST_BYTES: Final = 5 << 20
OLDER_FILES: Final = 5
_LONGEST_LINE = 64 << 10
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def pump(stream: BinaryIO, log: str) -> None:
    """Writes lines until nobody can print any more; addresses and numbers of people are masked.

    A line that cannot be written, as on a full disk, is lost: the server must not wait for it.
    """
    logging.raiseExceptions = False
    target = RotatingFileHandler(
        log, maxBytes=LARGEST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
    )
    while line := stream.readline(_LONGEST_LINE):
        text = _COLOURS.sub("", line.decode(errors="replace").rstrip("\r\n"))
        target.handle(logging.makeLogRecord({"msg": masked_line(visible(text, keeps="\t"))}))
    target.close()


def main() -> None:
    """Pumps from standard input into the log that the command line names."""
    keep_files_private()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pump(sys.stdin.buffer, sys.argv[1])


if __name__ == "__main__":
    main()
