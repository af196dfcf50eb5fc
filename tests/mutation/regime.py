"""What the whole regime says of a home: every alarm by the name of the check that raised it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from data_quality.rules import SuiteRequest
from data_quality.runner import Checker
from pipelines.checking import check_results
from pipelines.checking.anomalies import Looked, check_metrics, check_volumes
from pipelines.checking.desk import QualityDesk
from pipelines.dbt.manifest import Manifest
from pipelines.home import Home
from pipelines.loading.checks import account_of
from pipelines.loading.feed import load_feed
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.runs.as_of import as_of_date
from sources.marketplace import Marketplace
from sources.parsing.client import Parser


class Unprinted(Checker):
    """The checker of a run, but for Data Docs: they are half of its time, and tested elsewhere."""

    def submit(self, request: SuiteRequest, folder: Path) -> None:
        super().submit(request.model_copy(update={"docs_folder": None}), folder)


@dataclass(frozen=True)
class Regime:
    """A home, and what a run needs to load and to check it."""

    home: Home
    shop: Marketplace
    parser: Parser
    checker: Checker
    day: date  # the last day that is delivered; the run is on the next morning
    measured: frozenset[str]  # the feeds from which the marketplace's daily sums are made

    @property
    def recorded_at(self) -> str:
        return f"{self.day + timedelta(days=1)} 05:00:00"

    def run(self, feeds: Iterable[str]) -> dict[str, str]:
        """Loads the feeds as their assets do and checks as a run does; alarms with sentences."""
        with open_warehouse(self.home.warehouse) as connection:
            loader = Loader(self.home, self.shop, connection, self.parser, self.recorded_at)
            # Orders come first, as in every list of feeds.
            outcomes = {feed: load_feed(loader, feed) for feed in self.shop.feeds if feed in feeds}
            write_feeds(connection, self.shop)
            self._check(connection, has_new_sums=not self.measured.isdisjoint(outcomes))
            found = dict(_failed_results(connection))
            for feed, outcome in outcomes.items():
                found |= dict(_ledger_alarms(connection, feed))
                for load in outcome.outcomes:
                    if load.unchanged and not load.applied:
                        found[f"{feed}/ledger/nothing_new"] = f"{load.unchanged} rows unchanged"
        return found

    def _check(self, connection: duckdb.DuckDBPyConnection, *, has_new_sums: bool) -> None:
        desk = QualityDesk(self.home, self.shop, self.checker, self.recorded_at)
        desk.ask_about_feeds(connection)
        desk.collect(connection, Manifest({}))
        morning = datetime.fromisoformat(self.recorded_at).replace(tzinfo=UTC)
        last = as_of_date(connection, self.shop, None, morning)
        looked = Looked(self.shop, last, self.recorded_at)
        check_volumes(connection, looked, {})
        # Here they are views, which take a second; without new rows they say what they said.
        if has_new_sums:
            check_metrics(connection, looked)


def _failed_results(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    for row in check_results.results(connection):
        if not row.is_passed:
            yield f"{row.feed}/{row.check_name}", row.finding.english


def _ledger_alarms(connection: duckdb.DuckDBPyConnection, feed: str) -> Iterator[tuple[str, str]]:
    """What the three asset checks of a feed say, with the reasons in the quarantine."""
    reasons = connection.execute(
        "select reason_code, line is null, count(*) from quarantine.rows "
        "where feed = ? and replayed_at is null group by all",
        [feed],
    )
    for code, is_file, count in reasons.fetchall():
        kind = "rejected" if is_file else "quarantine"
        yield f"{feed}/{kind}/{code}", f"{count} of them"
    account = account_of(connection, feed)
    for finding in account.unbalanced:
        yield f"{feed}/reconciliation", finding.english
    for finding in account.mostly_quarantined:
        yield f"{feed}/usable_files/mostly_quarantined", finding.english
