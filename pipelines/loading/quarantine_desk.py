"""The quarantine as people work it: list, show, replay. Callers hold the home's lock."""

from datetime import datetime
from typing import Any

from pipelines.home import Home
from pipelines.loading import ledger
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader
from pipelines.loading.rebuild import load_again
from pipelines.loading.warehouse import open_warehouse
from sources.errors import PermanentSourceError
from sources.marketplace import Marketplace
from sources.parsing.client import Parser


def listed(home: Home) -> list[tuple[Any, ...]]:
    """What is open, by feed, path, reason and column, with counts and the first line."""
    _check_exists(home)
    with open_warehouse(home.warehouse) as connection:
        return connection.execute(
            "select feed, path, reason_code, column_name, count(*), min(line), "
            "min(first_seen_at) from quarantine.rows where replayed_at is null "
            "group by feed, path, reason_code, column_name order by all"
        ).fetchall()


def shown(home: Home, feed: str, limit: int) -> list[tuple[Any, ...]]:
    """Open rows of a feed: path, line, reason code, detail, raw text."""
    _check_exists(home)
    with open_warehouse(home.warehouse) as connection:
        return connection.execute(
            "select path, line, reason_code, detail, raw_text from quarantine.rows "
            "where replayed_at is null and feed = ? order by path, line limit ?",
            [feed, limit],
        ).fetchall()


def replayed(home: Home, shop: Marketplace, feed: str | None, now: datetime) -> list[LoadOutcome]:
    """Reads the landed files of open entries again under today's rules.

    Raises:
        PermanentSourceError: nothing was ever loaded here.
    """
    _check_exists(home)
    with open_warehouse(home.warehouse) as connection, Parser() as parser:
        loader = Loader(home, shop, connection, parser, now.replace(tzinfo=None).isoformat(" "))
        return load_again(loader, ledger.with_open_quarantine(connection, feed))


def _check_exists(home: Home) -> None:
    if not home.warehouse.exists():
        raise PermanentSourceError(f"{home.path} holds no warehouse yet; run `kontor run` first")
