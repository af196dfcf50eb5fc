"""Days that are not like others, as check results: of what arrived, of what was built."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl

from output.findings.finding import Argument, Finding
from pipelines.analytics import anomalies
from pipelines.checking import volumes
from pipelines.checking.check_results import (
    METRICS,
    VOLUME,
    CheckRow,
    note_seen,
    replace_results,
    seen_before,
)
from pipelines.checking.emptied_columns import emptied_columns
from pipelines.checking.reach import held_back
from pipelines.checking.row_findings import contact_details, misfits, stray_days
from pipelines.dbt.project import hash_of
from pipelines.loading.business_days import Zones
from pipelines.settings import PROJECT_ROOT
from sources.contract import Contract, all_contracts
from sources.marketplace import Marketplace

METRICS_MART = "mart_marketplace_daily"
# A day that was off is shown for a week.
_JUDGED_DAYS = 7
# Other code may judge otherwise.
_CODE = ("pipelines/checking", "pipelines/analytics/anomalies.py", "sources/contracts")


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the marketplace, its last complete day, and when this run began."""

    marketplace: Marketplace
    last: date
    recorded_at: str


def last_complete_day(marketplace: Marketplace, as_of: date, *, is_given: bool) -> date:
    """The last day that is surely over: the day before where the last order decides the end."""
    is_known = is_given or marketplace.as_of != "latest_order"
    return as_of if is_known else as_of - timedelta(days=1)


def check_volumes(
    connection: duckdb.DuckDBPyConnection,
    looked: Looked,
    marts: Mapping[str, list[str]],
    *,
    everything: bool = False,
) -> list[CheckRow]:
    """Compares what each daily feed brought; writes and returns the results.

    Feeds of which nothing changed that their results depend on keep them, unless `everything` is
    asked for.
    """
    shop = looked.marketplace
    contracts = [c for name, c in all_contracts().items() if name in shop.feeds]
    marks = volume_marks(connection, looked, contracts, marts)
    before = {} if everything else seen_before(connection, VOLUME)
    contracts = [c for c in contracts if before.get(c.feed) != marks[c.feed]]
    zones = Zones(shop.storage_time_zone, shop.time_zone)
    history = volumes.daily_volumes(connection, contracts, zones, looked.last)
    ends = history.group_by("series_id").agg(pl.col("day").max().alias("newest"))
    judged = _judged(connection, history, looked)
    # A feed that lags is late, which is another check's; its missing days are not anomalies. Those
    # that every marketplace needs have to be there.
    required = [c.feed for c in contracts if c.required_feed]
    is_required = pl.col("series_id").str.split("/").list.first().is_in(required)
    judged = judged.join(ends, on="series_id").filter(
        is_required | (pl.col("day") <= pl.col("newest"))
    )
    rows = [
        _row(f"{VOLUME}/{measure}", feed, series, looked, marts.get(feed, []))
        for (name,), series in judged.group_by("series_id", maintain_order=True)
        for feed, _, measure in [str(name).partition("/")]
    ]
    daily = [contract for contract in contracts if contract.feed in volumes.feeds_with_volumes()]
    for contract in contracts:
        reached = marts.get(contract.feed, [])
        found = [*(_found(connection, contract) if contract in daily else ())]
        found += _told(connection, contract)
        rows += [finding.row(looked, contract, reached) for finding in found]
    checked = [contract.feed for contract in contracts]
    replace_results(connection, VOLUME, checked, rows)
    note_seen(connection, VOLUME, {feed: marks[feed] for feed in checked})
    return rows


def volume_marks(
    connection: duckdb.DuckDBPyConnection,
    looked: Looked,
    contracts: Iterable[Contract],
    marts: Mapping[str, list[str]],
) -> dict[str, tuple[str, str]]:
    """By feed, all that its results depend on: our code, the day, and loads that are standing."""
    shop = looked.marketplace
    code = hash_of(PROJECT_ROOT, _CODE)
    settings = f"{looked.last} {shop.storage_time_zone} {shop.time_zone}"
    loads = connection.execute(
        "select feed, cast(bit_xor(hash(sequence, status, is_present)) as varchar) "
        "from raw.loads group by feed"
    )
    loaded = dict(loads.fetchall())
    return {
        contract.feed: (
            f"{code} {settings} {','.join(marts.get(contract.feed, []))}",
            json.dumps({feed: loaded.get(feed) for feed in volumes.feeds_read_for(contract)}),
        )
        for contract in contracts
    }


def check_metrics(connection: duckdb.DuckDBPyConnection, looked: Looked) -> list[CheckRow]:
    """Compares money and orders of the days just built; writes and returns the results."""
    history = volumes.daily_metrics(connection, looked.last)
    judged = _judged(connection, history, looked)
    rows = [
        _row(f"{METRICS}/{name}", METRICS_MART, series, looked, [METRICS_MART])
        for (name,), series in judged.group_by("series_id", maintain_order=True)
    ]
    replace_results(connection, METRICS, [METRICS_MART], rows)
    return rows


def _judged(
    connection: duckdb.DuckDBPyConnection, history: pl.DataFrame, looked: Looked
) -> pl.DataFrame:
    first = looked.last - timedelta(days=_JUDGED_DAYS - 1)
    years = range(looked.last.year - 1, looked.last.year + 1)
    unusual = anomalies.usual_exceptions(years) | volumes.calendar_days(connection)
    span = anomalies.Span(first, looked.last + timedelta(days=1), unusual)
    return anomalies.judge(history, span)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found in the rows of a feed: how many things, which, or that there is nothing."""

    check: str
    count: int
    found: Finding
    passed: str

    def row(self, looked: Looked, contract: Contract, marts: list[str]) -> CheckRow:
        """The finding as a check's result; none of them blocks."""
        return CheckRow(
            run_at=looked.recorded_at,
            feed=contract.feed,
            check_name=f"{VOLUME}/{self.check}",
            severity="warn",
            is_passed=not self.count,
            observed=float(self.count),
            finding=self.found if self.count else Finding.of(self.passed),
            held_back=held_back("warn", is_passed=not self.count, marts=marts),
        )


def _found(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[_Finding]:
    """Columns that the newest load lacks, values that were emptied, days long before all others."""
    empty = tuple(emptied_columns(connection, contract))
    found = Finding.of("columns_emptied", columns=empty)
    yield _Finding("emptied_columns", len(empty), found, "columns_filled")
    if contract.event_time is not None:
        stray = stray_days(connection, contract)
        passed = Finding.of("no_stray_days")
        yield _Finding("stray_days", int(stray is not None), stray or passed, passed.code)
    if contract.essential:
        odd = tuple(misfits(connection, contract))
        found = Finding.of("values_emptied", found=odd)
        yield _Finding("misfits", len(odd), found, "values_fit")


def _told(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[_Finding]:
    """Free texts with an address or a number, where there are some; most feeds have none."""
    told = tuple(contact_details(connection, contract))
    if told:
        found = Finding.of("contact_details", found=told)
        yield _Finding("contact_details", len(told), found, "no_contact_details")


def _row(
    check_name: str, feed: str, series: pl.DataFrame, looked: Looked, marts: list[str]
) -> CheckRow:
    """The worst of the judged days of a series."""
    order = {"block": 0, "warn": 1, "ok": 2, "unknown": 3}
    days = sorted(series.to_dicts(), key=lambda day: (order[day["state"]], -_size(day)))
    worst = days[0]
    state = worst["state"]
    severity, is_passed = ("error" if state == "block" else "warn"), state in {"ok", "unknown"}
    return CheckRow(
        run_at=looked.recorded_at,
        feed=feed,
        check_name=check_name,
        severity=severity,
        is_passed=is_passed,
        observed=worst["value"],
        finding=_of_day(_measure(check_name.partition("/")[2]), worst, looked),
        held_back=held_back(severity, is_passed=is_passed, marts=marts),
    )


def _measure(name: str) -> Finding:
    empty, _, column = name.partition(" ")
    return Finding.of("measure_empty", column=column) if column else Finding.of(f"measure_{empty}")


def _of_day(measure: Finding, day: dict[str, object], looked: Looked) -> Finding:
    if day["state"] in {"unknown", "ok"}:
        code = "history_too_short" if day["state"] == "unknown" else "day_is_usual"
        return Finding.of(code, measure=measure)
    told: dict[str, Argument] = {
        "measure": measure,
        "day": str(day["day"]),
        "value": float(str(day["value"])),
        "expected": float(str(day["expected"])),
        "deviations": round(_size(day), 1),
    }
    if day["state"] == "block":
        before = looked.last - timedelta(days=1)
        return Finding.of("day_blocks", **told, before_day=str(before))
    return Finding.of("day_is_unusual", **told)


def _size(day: dict[str, object]) -> float:
    return abs(float(str(day["deviation"]))) if day["deviation"] is not None else 0.0
