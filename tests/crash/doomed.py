"""A process that loads files and ends itself at a given kill point, as `kill -9` would.

It keeps everything imported and forks for each command, so that a crash costs milliseconds. The
parent never opens DuckDB: a fork with it open would be a fault of the test.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.ingest import Loader, ingest_feed
from pipelines.loading.ledger import with_open_quarantine
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


def carry_out(command: Command) -> None:
    """Does what is asked, or dies on the way."""
    places = Path(command.folder) / "places.txt"
    count = 0

    with places.open("w", buffering=1) as stream:

        def watcher(place: str) -> None:
            nonlocal count
            count += 1
            stream.write(place + "\n")
            if count == command.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        kill_points.watch(watcher)
        _load(command)


def _load(command: Command) -> None:
    folder = Path(command.folder)
    home = Home(folder / "home")
    home.path.mkdir(parents=True, exist_ok=True)
    shop = Marketplace.model_validate(
        {"name": "tiny", "title": "Tiny", "folder": folder / "inbox", "feeds": command.feeds}
    )
    claim_warehouse(home, shop.name)
    with Parser() as parser:
        if command.action == "rebuild":
            rebuild_from_landing(home, shop, parser, command.recorded_at)
            return
        with open_warehouse(home.warehouse) as connection:
            loader = Loader(home, shop, connection, parser, command.recorded_at)
            if command.action == "ingest":
                for feed in command.feeds:
                    ingest_feed(loader, feed)
            else:
                load_again(loader, with_open_quarantine(connection, None))


def main() -> None:
    """Serves commands, one JSON line each; answers how the child ended and what it came past."""
    for line in sys.stdin:
        command = Command(**json.loads(line))
        child = os.fork()
        if child == 0:
            carry_out(command)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        places = (Path(command.folder) / "places.txt").read_text().split("\n")[:-1]
        print(json.dumps({"code": code, "places": places}), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
