"""Publishing a run: what the manifest says of it, then the switch."""

from datetime import date, datetime
from functools import partial
from typing import Any, Literal

import duckdb

from output.findings.finding import Finding
from pipelines.checking import check_results
from pipelines.checking.check_results import CheckRow
from pipelines.dbt.manifest import Manifest
from pipelines.home import Home
from pipelines.loading.checks import account_of
from pipelines.loading.warehouse import open_warehouse
from pipelines.publishing.contracts import PublicationRefused
from pipelines.publishing.publish import Publication, Published, publish
from pipelines.publishing.tables import published_tables
from pipelines.runs.fingerprint import build_fingerprint
from pipelines.runs.phases import tell_share
from pipelines.runs.room import require_room_to_publish
from sources.contract import all_contracts
from sources.disk import noticing_full_disk
from sources.errors import PermanentSourceError
from sources.marketplace import Marketplace
from sources.sql import scalar

Mode = Literal["full", "incremental"]


def publish_built(
    home: Home,
    marketplace: Marketplace,
    manifest: Manifest,
    *,
    mode: Mode,
    built_at: datetime,
    keep: int,
) -> Published:
    """Publishes what stands in the build file, as of the day for which it was built.

    Raises:
        PermanentSourceError: nothing is built yet, or the disk has no room.
        PublicationRefused: a check or a violated contract holds it back; readers keep theirs.
    """
    require_room_to_publish(home)
    with open_warehouse(home.warehouse) as connection:
        checked = check_results.results(connection)
        _refuse_what_is_held_back(connection, marketplace, checked)
        as_of = _built_as_of(connection)
        fingerprint = build_fingerprint(connection, marketplace, as_of)
        incomplete, odd = _incomplete_feed_count(connection), _odd_figure_count(checked)
    about: dict[str, Any] = {
        "marketplace": marketplace.name,
        "title": marketplace.title,
        "currency_code": marketplace.currency_code or "",
        "time_zone": marketplace.time_zone,
        "storage_time_zone": marketplace.storage_time_zone,
        "as_of_date": as_of.isoformat(),
        "is_frozen": marketplace.is_frozen or marketplace.as_of == as_of,
        "mode": mode,
        # The state is what every reader is told: whether something may be missing.
        "quality": {
            "state": "warning" if incomplete else "ok",
            "warning_count": incomplete + odd,
        },
        "fingerprint": fingerprint,
    }
    publication = Publication(
        warehouse=home.warehouse,
        published=home.published,
        tables=published_tables(manifest),
        about=about,
        built_at=built_at,
        fingerprint=fingerprint,
        keep=keep,
    )
    with noticing_full_disk(home.published):
        return publish(publication, partial(tell_share, "publish"))


def _built_as_of(connection: duckdb.DuckDBPyConnection) -> date:
    try:
        found: date | None = scalar(
            connection, "select max(as_of_date) from marts.mart_marketplace_summary"
        )
    except duckdb.CatalogException:
        found = None
    if found is None:
        raise PermanentSourceError("the models are not built yet; run `kontor build` first")
    return found


def _refuse_what_is_held_back(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, checked: list[CheckRow]
) -> None:
    """Whoever publishes, and by whichever command, is held by the checks and by the account."""
    reasons = [
        Finding.of("found_of", subject=feed, finding=reason)
        for feed in marketplace.loaded_feeds
        for reason in account_of(connection, feed).reasons
    ]
    reasons += [
        Finding.of("found_of", subject=row.feed, finding=row.finding)
        for row in checked
        if row.holds_back
    ]
    if reasons:
        raise PublicationRefused(reasons)


def _incomplete_feed_count(connection: duckdb.DuckDBPyConnection) -> int:
    found: int = scalar(
        connection,
        "select count(*) from marts.mart_feed_status where state in ('warning', 'failed')",
    )
    return found


def _odd_figure_count(checked: list[CheckRow]) -> int:
    """How many checks of figures and exports failed; those of feeds are in the feeds' states."""
    contracts = all_contracts()
    return sum(not row.is_passed and row.feed not in contracts for row in checked)
