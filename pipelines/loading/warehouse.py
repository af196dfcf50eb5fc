"""The build file: how it is opened and which tables the loader keeps in it."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.home import noticing_holders
from pipelines.loading.deliveries import fill_deliveries
from pipelines.loading.key_hashes import renew_hashes
from sources.contract import Column, Contract

_SYSTEM_COLUMNS = {
    "_is_deleted": "boolean",
    "_row_id": "bigint",
    "_load_id": "varchar",
    "_line": "bigint",
    "_recorded_at": "timestamp",
    "_sequence": "bigint",
    "_key_hash": "ubigint",
}
# Columns that the ledger has gained since; a build file from before gets them added.
_ADDED_TO_LOADS = {
    "deleted": "bigint",
    "restored": "bigint",
    "entry": "varchar",
    "is_snapshot": "boolean",
    "extraction": "varchar",
    "cursor_to": "varchar",
    "position": "bigint",
    "dropped": "bigint",
    "replaced": "bigint",
    "contradiction_finding": "varchar",
    "notes": "varchar",
}
# What a column was called: the table, the old name and the new one. Sentences became findings, and
# customers subjects when segments of vendors and leads came.
_RENAMED = (
    ("segment_members", "customer_id", "subject_id"),
    ("export_rows", "customer_id", "subject_id"),
    ("loads", "contradiction", "contradiction_finding"),
    ("refused_files", "sentence", "finding"),
)
# For the loader alone.
_NOT_SHOWN = ("_is_deleted", "_key_hash")
_LEDGER = """
create table if not exists raw.loads (
    load_id varchar, sequence bigint primary key, feed varchar, source varchar, path varchar,
    file_id varchar, byte_count bigint, status varchar, reason_code varchar,
    reason_detail varchar, received bigint, applied bigint, unchanged bigint, duplicate bigint,
    quarantined bigint, late bigint, first_event_date date, last_event_date date,
    rules_version varchar, is_present boolean, recorded_at timestamp, deleted bigint,
    restored bigint, entry varchar, is_snapshot boolean, extraction varchar, cursor_to varchar,
    position bigint, dropped bigint, replaced bigint, contradiction_finding varchar,
    notes varchar
);
create table if not exists raw.touched_dates (
    feed varchar, sequence bigint, event_date date, row_count bigint
);
create table if not exists raw.misfits (
    feed varchar, sequence bigint, column_name varchar, reason_code varchar, row_count bigint,
    first_line bigint
);
create table if not exists raw.seen_files (
    path varchar, byte_count bigint, modified_ns bigint, changed_ns bigint, inode ubigint,
    file_id varchar
);
create table if not exists raw.refused_files (feed varchar, path varchar, finding varchar);
create table if not exists raw.feeds (
    feed varchar, title varchar, is_required boolean, is_configured boolean,
    event_time_column varchar, system varchar, delivery varchar, what_depends varchar,
    is_own boolean
);
alter table raw.feeds add column if not exists system varchar;
alter table raw.feeds add column if not exists delivery varchar;
alter table raw.feeds add column if not exists what_depends varchar;
alter table raw.feeds add column if not exists is_own boolean;
create table if not exists raw.feed_days (feed varchar, event_date date, row_count bigint);
create table if not exists raw.feed_days_counted (
    feed varchar, through_sequence bigint, zones varchar
);
create table if not exists raw.stale_days (stale_date date);
create table if not exists raw.stale_session_days (stale_date date);
create table if not exists raw.stale_visitors (visitor_id varchar);
create table if not exists raw.public_holidays (
    country_code varchar, region varchar, holiday_date date
);
create table if not exists raw.model_builds (
    as_of_date date, through_sequence bigint, settings varchar, is_full boolean, is_whole boolean
);
create table if not exists raw.marketplace (name varchar);
alter table raw.marketplace add column if not exists given varchar;
create table if not exists raw.hashed_keys (feed varchar, sample ubigint);
drop table if exists raw.hash_functions;
create table if not exists raw.deliveries (
    number bigint, feed varchar, entry varchar, path varchar, file_id varchar, position bigint
);
create schema if not exists quarantine;
create table if not exists quarantine.rows (
    source varchar, feed varchar, load_id varchar, sequence bigint, file_id varchar, path varchar,
    line bigint, column_name varchar, reason_code varchar, detail varchar, raw_text varchar,
    rules_version varchar, first_seen_at timestamp, replayed_at timestamp, key_hash ubigint
);
alter table quarantine.rows add column if not exists key_hash ubigint;
create table if not exists raw.check_results (
    run_at timestamp, feed varchar, check_name varchar, severity varchar, is_passed boolean,
    observed double, finding varchar, held_back varchar
);
alter table raw.check_results add column if not exists finding varchar;
alter table raw.check_results drop column if exists expected;
alter table raw.check_results drop column if exists sentence;
alter table raw.check_results drop column if exists examples;
delete from raw.check_results where finding is null;
create table if not exists raw.checked_feeds (
    feed varchar, suite_version varchar, seen varchar, family varchar
);
alter table raw.checked_feeds add column if not exists family varchar;
delete from raw.checked_feeds where family is null;
create table if not exists raw.segment_members (
    number bigint, segment_id varchar, version varchar, subject_id varchar, valid_from date,
    valid_to date, is_holdout boolean, subject_kind varchar
);
alter table raw.segment_members add column if not exists is_holdout boolean;
alter table raw.segment_members add column if not exists subject_kind varchar;
create table if not exists raw.segments (
    segment_id varchar, version varchar, origin varchar, title varchar, rule varchar,
    member_count bigint, unknown_count bigint, is_evaluated boolean, finding varchar,
    as_of_date date, holdout_share decimal(5, 4), subject_kind varchar
);
create table if not exists raw.win_back_listings (
    customer_id varchar, silent_since date, listed_on date, reason_code varchar,
    contact_channel varchar, silence_days bigint, limit_days bigint,
    historic_value decimal(18, 2), is_lost_order boolean, is_late_delivery boolean,
    is_unanswered_message boolean, is_price_rise boolean, is_ticket boolean
);
alter table raw.segments add column if not exists holdout_share decimal(5, 4);
alter table raw.segments add column if not exists subject_kind varchar;
"""


def open_warehouse(
    path: Path, *, memory_limit: str = "1GiB", threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """A writing connection to the build file, made if missing; the caller holds the home's lock.

    Columns of an older build file get the names that they have now.

    Raises:
        FileHeldError: a program that knows nothing of the lock has the file open.
    """
    with noticing_holders():
        connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": memory_limit,
                "threads": threads,
                # Files that only this DuckDB reads: its newest compression costs a third less.
                "storage_compatibility_version": "latest",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    # Here already: whether there is anything to load is asked before the tables are made.
    found = _columns_found(connection)
    for table, old, new in _RENAMED:
        if old in found.get(table, ()):
            connection.execute(f"alter table raw.{table} rename column {old} to {new}")
    return connection


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Makes the tables of ledger, quarantine and checks, and each feed's history and current view.

    `raw.<feed>` only grows. `raw.<feed>_superseded` names the rows that a later load overruled and
    since which load, so that any past state can be read; `raw.<feed>_current` is today's state.
    What an older build file lacks is added, and a column gets the type that its contract has now.
    """
    # At once: two hundred commits of their own would each wait for the disk.
    connection.execute("begin transaction")
    connection.execute("create schema if not exists raw")
    connection.execute(_LEDGER)
    found = _columns_found(connection)
    for name, kind in _ADDED_TO_LOADS.items():
        if name not in found["loads"]:
            connection.execute(f"alter table raw.loads add column {name} {kind}")
    contracts = list(contracts)
    for contract in contracts:
        columns = {name: column.sql_type for name, column in contract.stored_columns.items()}
        columns |= _SYSTEM_COLUMNS
        known = found.get(contract.feed, {})
        # A view is made anew with its columns only.
        widened = [name for name in known.keys() & columns if known[name] != columns[name]]
        is_whole = known.keys() >= columns.keys() and not widened
        if is_whole and f"{contract.feed}_current" in found:
            continue
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        history = f"raw.{contract.feed}"
        connection.execute(f"create table if not exists {history} ({listed})")
        for name in columns.keys() - known if known else ():
            connection.execute(f"alter table {history} add column {name} {columns[name]}")
        for name in widened:
            connection.execute(f"alter table {history} alter column {name} type {columns[name]}")
        connection.execute(
            f"create table if not exists {history}_superseded (_row_id bigint, _sequence bigint)"
        )
        connection.execute(_current_view(contract.feed, contract.stored_columns))
    connection.execute("commit")
    renew_hashes(connection, contracts)
    fill_deliveries(connection)


def _columns_found(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The types of the columns of each table, as contracts write them."""
    rows = connection.execute(
        "select table_name, column_name, lower(replace(data_type, ' ', '')) "
        "from duckdb_columns() where schema_name = 'raw'"
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows.fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _current_view(feed: str, columns: dict[str, Column]) -> str:
    kept = [*columns, *(name for name in _SYSTEM_COLUMNS if name not in _NOT_SHOWN)]
    listed = ", ".join(f"history.{name}" for name in kept)
    return (
        f"create or replace view raw.{feed}_current as select {listed} from raw.{feed} as history "
        f"anti join raw.{feed}_superseded as superseded "
        "on history._row_id = superseded._row_id where not history._is_deleted"
    )
