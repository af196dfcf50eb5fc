"""The regime at the borders, step by step: ask early, build meanwhile, collect, write down."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data_quality.data_docs import INDEX, failures_in_words, index_of
from data_quality.rules import SuiteAnswer, SuiteRequest, file_stem
from data_quality.runner import Checker
from data_quality.suites import feed_suite
from pipelines.checking import check_results, export_batches, feed_batches
from pipelines.checking.check_results import EXPECTATIONS, CheckRow
from pipelines.checking.reach import held_back
from pipelines.dbt.manifest import Manifest
from pipelines.home import Home
from sources.contract import all_contracts
from sources.expected import expected_of
from sources.marketplace import Marketplace


@dataclass
class QualityDesk:
    """One run's checks of what arrives and what leaves."""

    home: Home
    marketplace: Marketplace
    checker: Checker
    recorded_at: str
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    _has_asked: bool = False

    def warm_up(self) -> None:
        """Starts the checker, so that its imports are done when it is needed."""
        self.checker.start()

    def ask_about_feeds(
        self, connection: duckdb.DuckDBPyConnection, *, everything: bool = False
    ) -> list[str]:
        """Asks for the suites of feeds where something came since they were checked; once a run.

        A suite that reads other feeds is asked for when one of those changed, too.
        """
        if self._has_asked:
            return list(self._asked)
        self._has_asked = True
        loads = check_results.loads_seen(connection)
        delivered = self._delivered(connection, loads)
        check_results.forget_absent(connection, delivered)
        before = check_results.seen_before(connection, EXPECTATIONS)
        contracts = all_contracts()
        for feed in sorted(delivered):
            mappings = (entry.columns for entry in self.marketplace.feeds.get(feed, ()))
            contract = expected_of(self.marketplace, contracts[feed], *mappings)
            suite = feed_suite(contract.model_dump(), delivered)
            read = {name: loads[name] for name in sorted(self._read_by(feed) & delivered)}
            mark = (suite.version, json.dumps(read))
            if not everything and before.get(feed) == mark:
                continue
            zones = (self.marketplace.storage_time_zone, self.marketplace.time_zone)
            batch = feed_batches.FeedBatch(contract, suite, *zones)
            parts = feed_batches.write_parts(connection, batch, self._folder)
            self._submit(SuiteRequest(suite=suite, parts=parts), feed, mark)
        return list(self._asked)

    def ask_about_exports(
        self,
        connection: duckdb.DuckDBPyConnection,
        manifest: Manifest,
        *,
        everything: bool = False,
    ) -> list[str]:
        """Asks for the suites of exports that hold something else than when they were checked."""
        batches = export_batches.export_batches(manifest)
        check_results.forget_exports(connection, [batch.suite.name for batch in batches])
        before = check_results.seen_before(connection, EXPECTATIONS)
        for batch in batches:
            mark = (batch.suite.version, export_batches.fingerprint(connection, batch))
            if not everything and before.get(batch.suite.name) == mark:
                continue
            parts = export_batches.write_parts(connection, batch, self._folder)
            request = SuiteRequest(suite=batch.suite, parts=parts)
            self._submit(request, batch.suite.name, mark)
        return list(self._asked)

    def collect(
        self, connection: duckdb.DuckDBPyConnection, manifest: Manifest
    ) -> list[SuiteAnswer]:
        """Waits for the answers and puts them in the place of earlier ones."""
        answers = self.checker.answers()
        marts = manifest.marts_by_feed()
        rows = [row for answer in answers for row in self._rows(answer, marts)]
        checked = [answer.suite for answer in answers]
        check_results.replace_results(connection, EXPECTATIONS, checked, rows)
        # What could not be looked at is looked at again.
        done = {a.suite for a in answers if not any(r.expectation == "" for r in a.results)}
        marks = {feed: mark for feed, mark in self._asked.items() if feed in done}
        check_results.note_seen(connection, EXPECTATIONS, marks)
        self._write_index(connection)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._asked = {}
        return answers

    @property
    def _folder(self) -> Path:
        return self.home.scratch / "quality"

    def _submit(self, request: SuiteRequest, name: str, mark: tuple[str, str]) -> None:
        asked = request.model_copy(
            update={"docs_folder": str(self.home.data_docs), "run_at": self.recorded_at[:16]}
        )
        self.checker.submit(asked, self._folder)
        self._asked[name] = mark

    def _delivered(
        self, connection: duckdb.DuckDBPyConnection, loads: Mapping[str, int]
    ) -> frozenset[str]:
        """The feeds that a run loads and of which there are rows."""
        named = [feed for feed in self.marketplace.loaded_feeds if feed in loads]
        held = connection.execute(
            " union all ".join(
                f"select '{feed}' from (select 1 from raw.{feed}_current limit 1)" for feed in named
            )
            or "select null where false"
        )
        return frozenset(str(row[0]) for row in held.fetchall())

    def _read_by(self, feed: str) -> set[str]:
        contract = all_contracts()[feed]
        referenced = {str(c.references).partition(".")[0] for c in contract.columns.values()}
        return {feed} | (referenced & set(all_contracts())) | _ALSO_READ.get(feed, set())

    def _rows(self, answer: SuiteAnswer, marts: Mapping[str, list[str]]) -> list[CheckRow]:
        reached = marts.get(answer.suite, [])
        return [
            CheckRow(
                run_at=self.recorded_at,
                feed=answer.suite,
                check_name=f"{EXPECTATIONS}/{result.name}",
                severity=result.severity,
                is_passed=result.is_passed,
                observed=result.observed,
                finding=result.finding,
                held_back=held_back(result.severity, is_passed=result.is_passed, marts=reached),
            )
            for result in answer.results
        ]

    def _write_index(self, connection: duckdb.DuckDBPyConnection) -> None:
        by_suite: dict[str, list[CheckRow]] = {}
        for row in check_results.results(connection, EXPECTATIONS):
            by_suite.setdefault(row.feed, []).append(row)
        folder = self.home.data_docs
        folder.mkdir(parents=True, exist_ok=True)
        pages = {name: file_stem(name) for name in by_suite}
        for page in folder.glob("*.html"):
            if page.stem not in pages.values():
                page.unlink()
        listed = [
            (
                pages[name] if (folder / f"{pages[name]}.html").exists() else "",
                _title(name),
                rows[0].run_at[:16],
                failures_in_words(rows),
            )
            for name, rows in sorted(by_suite.items())
        ]
        temporary = folder / ".index.tmp"
        temporary.write_text(index_of(listed), encoding="utf-8")
        temporary.replace(folder / INDEX)


# Feeds that a suite's facts and joins read beyond its contract's references.
_ALSO_READ = {
    "orders": {"order_lines", "payments"},
    "consents": {"messages"},
}


def _title(name: str) -> str:
    contract = all_contracts().get(name)
    return contract.title if contract else f"Export {name}"
