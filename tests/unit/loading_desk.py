"""A home in a temporary folder and a marketplace of literal files to load into it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import FeedOutcome, load_feed
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

NOON = "2026-06-30 12:00:00"


def a_marketplace(folder: Path, **feeds: Any) -> Marketplace:
    described = {
        "orders": [{"files": "orders*.csv"}],
        "order_lines": [{"files": "order_lines*.csv"}],
        "vendors": [{"files": "vendors*.csv"}],
        **feeds,
    }
    return Marketplace.model_validate(
        {"name": "tiny", "title": "Tiny", "folder": folder, "feeds": described}
    )


@dataclass
class Desk:
    """Writes files and loads them."""

    home: Home
    marketplace: Marketplace
    parser: Parser
    recorded_at: str = NOON
    store_url: str | None = None

    @property
    def inbox(self) -> Path:
        self.marketplace.folder.mkdir(parents=True, exist_ok=True)
        return self.marketplace.folder

    def put(self, name: str, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (self.inbox / name).write_bytes(raw)

    @contextmanager
    def loader(self) -> Iterator[Loader]:
        self.home.path.mkdir(parents=True, exist_ok=True)
        claim_warehouse(self.home, self.marketplace.name)
        with open_warehouse(self.home.warehouse) as connection:
            yield Loader(
                *(self.home, self.marketplace, connection, self.parser, self.recorded_at),
                store_url=self.store_url,
            )

    def ingest(self, feed: str) -> FeedOutcome:
        with self.loader() as loader:
            return load_feed(loader, feed)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with open_warehouse(self.home.warehouse) as connection:
            return connection.execute(statement).fetchall()

    def current(self, feed: str, *columns: str) -> list[tuple[Any, ...]]:
        return self.query(f"select {', '.join(columns)} from raw.{feed}_current order by all")


def a_desk(folder: Path, parser: Parser, feeds: Mapping[str, Any] | None = None) -> Desk:
    return Desk(Home(folder / "home"), a_marketplace(folder / "inbox", **(feeds or {})), parser)
