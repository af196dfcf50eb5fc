"""The tiny marketplace after a run of the real pipeline: loaded, checked, built and published."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines.home import Home
from pipelines.runs.run import RunArguments, refresh
from pipelines.settings import PipelineSettings, temporary_environment
from sources.marketplace import Marketplace, load_marketplace
from tests.worlds import tiny_marketplace
from tests.worlds.built_once import built_once

RAN_AT: Final = datetime(2025, 7, 3, 3, 15, tzinfo=UTC)


def published_shop() -> Home:
    """The home of the run; it is for all tests and nobody writes to it."""
    return Home(built_once("published_shop", run))


def marketplace_of(home: Home) -> Marketplace:
    """The marketplace that a home or a copy of it was filled from."""
    return load_marketplace(home.path / "tiny.yml", {})


def run(home: Path) -> None:
    """Delivers the tiny marketplace into a home and runs the pipeline there."""
    deliver(home, tiny_marketplace.FEEDS)
    marketplace = str(home / "tiny.yml")
    arguments = RunArguments(marketplace, tiny_marketplace.AS_OF, full=False, now=RAN_AT)
    # The assets read their settings themselves, as in a process of Dagster's.
    with temporary_environment({"KONTOR_HOME": str(home), "KONTOR_MARKETPLACE": marketplace}):
        ended = refresh(PipelineSettings(), arguments)
    if ended.outcome != "published":
        raise RuntimeError("\n".join(reason.english for reason in ended.reasons))


def deliver(home: Path, feeds: dict[str, tiny_marketplace.Rows]) -> None:
    """Writes a file for each feed that has rows, and the marketplace's own file, which is YAML."""
    inbox = home / "inbox"
    inbox.mkdir()
    for feed, rows in feeds.items():
        if rows:
            columns = list(dict.fromkeys(name for row in rows for name in row))
            with (inbox / f"{feed}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
    described = {
        "name": tiny_marketplace.NAME,
        "title": tiny_marketplace.TITLE,
        "time_zone": "Europe/Berlin",
        "currency_code": "EUR",
        "folder": "inbox",
        "feeds": {feed: [{"files": f"{feed}.csv", "time_zone": "UTC"}] for feed in feeds},
    }
    (home / "tiny.yml").write_text(json.dumps(described), encoding="utf-8")
