"""The quarantine as people work it: list, show, replay. Callers hold the home's lock."""

from datetime import datetime
from typing import Any

from pipelines.home import Home
from pipelines.loading import ledger
from pipelines.loading.ledger import LoadOutcome
from pipelines.loading.reading import Loader
from pipelines.loading.rebuild import load_again
from pipelines.loading.warehouse import open_warehouse
from sources.contact_details import masked_line
from sources.contract import all_contracts
from sources.errors import PermanentSourceError
from sources.mapping_checks import suggestion
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

SUMMED = ("feed", "reason", "columns", "rows", "files", "first_at", "first_seen_at")


def summed(home: Home, feed: str | None = None) -> list[tuple[Any, ...]]:
    """What is open, by feed and reason; the columns are those of `SUMMED`.

    `rows` counts rows, and whole files as one; `first_at` is the file and line of the first.

    Raises:
        PermanentSourceError: nothing was ever loaded here, or there is no such feed.
    """
    _check_exists(home)
    _check_feed(feed)
    with open_warehouse(home.warehouse) as connection:
        return connection.execute(
            "select feed, reason_code, string_agg(distinct column_name, ', ' order by column_name)"
            ", count(*), count(distinct path), "
            "min_by(path || coalesce(':' || line, ''), (path, coalesce(line, 0))), "
            "min(first_seen_at) from quarantine.rows "
            "where replayed_at is null and (? is null or feed = ?) "
            "group by feed, reason_code order by feed, count(*) desc, reason_code",
            [feed, feed],
        ).fetchall()


def shown(home: Home, feed: str, limit: int) -> list[tuple[Any, ...]]:
    """Open rows of a feed: path, line, reason code, detail, raw text as it was delivered.

    Whoever may not see a person's data is shown `masked_text` of it.

    Raises:
        PermanentSourceError: nothing was ever loaded here, or there is no such feed.
    """
    _check_exists(home)
    _check_feed(feed)
    with open_warehouse(home.warehouse) as connection:
        return connection.execute(
            "select path, line, reason_code, detail, raw_text from quarantine.rows "
            "where replayed_at is null and feed = ? order by path, line limit ?",
            [feed, limit],
        ).fetchall()


def masked_text(feed: str, raw_text: str) -> str:
    """What may be seen of a quarantined row's text.

    Nothing where the feed's contract marks a column as personal: what could not be read as a row
    cannot be told apart into columns either. Elsewhere addresses and numbers of people are masked,
    for a file may bring more columns than the contract asks for.
    """
    return "" if all_contracts()[feed].personal_columns else masked_line(raw_text)


def replayed(home: Home, shop: Marketplace, feed: str | None, now: datetime) -> list[LoadOutcome]:
    """Reads the landed files of open entries again under today's rules.

    Raises:
        PermanentSourceError: nothing was ever loaded here, or there is no such feed.
    """
    _check_exists(home)
    _check_feed(feed)
    with open_warehouse(home.warehouse) as connection, Parser() as parser:
        loader = Loader(home, shop, connection, parser, now.replace(tzinfo=None).isoformat(" "))
        return load_again(loader, ledger.with_open_quarantine(connection, feed))


def _check_feed(feed: str | None) -> None:
    if feed is not None and feed not in all_contracts():
        hint = suggestion(feed, list(all_contracts()))
        raise PermanentSourceError(f"there is no feed {feed!r}; {hint}")


def _check_exists(home: Home) -> None:
    if not home.warehouse.exists():
        raise PermanentSourceError(f"{home.path} has no warehouse yet; run `kontor run` first")
