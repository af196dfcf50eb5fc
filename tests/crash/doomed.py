"""A process that loads files and ends itself at a given kill point, as `kill -9` would."""

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.ledger import with_open_quarantine
from pipelines.loading.reading import Loader
from pipelines.loading.rebuild import load_again, rebuild_from_landing
from pipelines.loading.warehouse import open_warehouse
from sources import kill_points
from sources.marketplace import Marketplace
from sources.parsing.client import Parser


@dataclass(frozen=True, slots=True)
class Command:
    """What to do, for whom, and at which kill point to die (0: at none)."""

    action: str
    folder: str
    feeds: dict[str, Any]
    recorded_at: str
    kill_at: int


class Places:
    """Writes down every kill point that is passed, and ends the process at the chosen one."""

    def __init__(self) -> None:
        self._stream: TextIO | None = None
        self._left = 0

    def begin(self, command: Command) -> None:
        """Starts counting anew."""
        self._stream = (Path(command.folder) / "places.txt").open("w", buffering=1)
        self._left = command.kill_at

    def __call__(self, place: str) -> None:
        assert self._stream
        self._stream.write(place + "\n")
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _load(command: Command, parser: Parser) -> None:
    folder = Path(command.folder)
    home = Home(folder / "home")
    home.path.mkdir(parents=True, exist_ok=True)
    shop = Marketplace.model_validate(
        {"name": "tiny", "title": "Tiny", "folder": folder / "inbox", "feeds": command.feeds}
    )
    claim_warehouse(home, shop.name)
    if command.action == "rebuild":
        rebuild_from_landing(home, shop, parser, command.recorded_at)
        return
    with open_warehouse(home.warehouse) as connection:
        loader = Loader(home, shop, connection, parser, command.recorded_at)
        if command.action == "ingest":
            for feed in command.feeds:
                load_feed(loader, feed)
        else:
            load_again(loader, with_open_quarantine(connection, None))


def main() -> None:
    """Serves commands, one JSON line each, until it is killed."""
    places = Places()
    kill_points.watch(places)
    with Parser() as parser:
        for line in sys.stdin:
            command = Command(**json.loads(line))
            places.begin(command)
            _load(command, parser)
            print("done", flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
