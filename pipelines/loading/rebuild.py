"""Loading landed files again: all into a new build file, or some under new rules."""

from dataclasses import replace

import duckdb

from pipelines.home import Home
from pipelines.loading import ledger
from pipelines.loading.ledger import Load, LoadOutcome
from pipelines.loading.reading import Loader, Progress, Reading, load_files, reading_of
from pipelines.loading.warehouse import create_tables, open_warehouse
from sources.contract import all_contracts
from sources.disk import require_room
from sources.errors import PermanentSourceError
from sources.kill_points import reached
from sources.landing import landed_path
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

# Who was in which segment, who was listed and what was forecast is on record, and is not made again
# of what is known today.
_KEPT = (
    "raw.segment_members",
    "raw.segments",
    "raw.win_back_listings",
    "predictions.sales_forecasts",
)


def rebuild_from_landing(
    home: Home,
    marketplace: Marketplace,
    parser: Parser,
    recorded_at: str,
    progress: Progress = lambda _: None,
) -> list[LoadOutcome]:
    """Applies all landed files again, in their order and with their times, to a new build file.

    It takes the place of the old one when it is whole, so that a crash loses nothing: the ledger in
    the old file is all that knows what the landed bytes are. Files whose feed the marketplace no
    longer names are left.

    Raises:
        PermanentSourceError: a landed file is gone.
        DiskFullError: there is no room for a second build file.
    """
    require_room(home.path, home.warehouse.stat().st_size, "loading everything again")
    with open_warehouse(home.warehouse) as connection:
        loads = ledger.all_loads(connection)
        given = connection.execute("select max(given) from raw.marketplace").fetchone()
        delivered = connection.execute("select * from raw.deliveries").fetchall()
        on_record = {
            name: connection.table(name).arrow().read_all() for name in _there_are(connection)
        }
    for load in loads:
        if not landed_path(home.landing, load.file_id).exists():
            raise PermanentSourceError(f"{load.file_id} ({load.path}) is missing from the landing")
    readings = _to_apply(marketplace, loads)
    draft = home.path / "warehouse.rebuilding.duckdb"
    draft.unlink(missing_ok=True)
    draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
    with open_warehouse(draft) as connection:
        create_tables(connection, all_contracts().values())
        own = [marketplace.name, *(given or [None])]
        connection.execute("insert into raw.marketplace (name, given) values (?, ?)", own)
        if delivered:
            # What a path brought and was loaded under another name is in no load.
            connection.executemany(
                "insert into raw.deliveries values (?, ?, ?, ?, ?, ?)", delivered
            )
        connection.execute("create schema if not exists predictions")
        for name, rows in on_record.items():
            connection.register("kept", rows)
            # a step's table has the columns that the step gave it
            connection.execute(f"create table if not exists {name} as from kept limit 0")
            connection.execute(f"insert into {name} by name select * from kept")
            connection.unregister("kept")
        loader = Loader(home, marketplace, connection, parser, recorded_at)
        outcomes = list(load_files(loader, readings, progress))
        connection.execute("checkpoint")
    reached("rebuild: whole")
    draft.replace(home.warehouse)
    reached("rebuild: in place")
    return outcomes


def _there_are(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
    ).fetchall()
    return [name for name in _KEPT if (name,) in rows]


def _to_apply(marketplace: Marketplace, loads: list[Load]) -> list[Reading]:
    """Each delivery once, at its first time: one that was read again has kept its position."""
    kept: dict[tuple[object, ...], Reading] = {}
    taken: set[str] = set()
    for load in loads:
        identity = (load.feed, load.entry, load.file_id, load.position)
        reading = None if identity in kept else reading_of(marketplace, load)
        if reading is not None:
            own = ledger.with_its_own_id(reading.load, taken)
            kept[identity] = replace(reading, load=own)
            taken.add(own.load_id)
    return list(kept.values())


def load_again(loader: Loader, loads: list[Load]) -> list[LoadOutcome]:
    """Applies landed files once more under today's rules, each as a load of its own.

    Those whose feed the marketplace no longer names are left.
    """
    sequence = ledger.next_sequence(loader.connection)
    taken = ledger.taken_ids(loader.connection)
    readings: list[Reading] = []
    for load in loads:
        renewed = replace(load, sequence=sequence + len(readings), recorded_at=loader.recorded_at)
        reading = reading_of(loader.marketplace, renewed)
        if reading is not None:
            own = ledger.with_its_own_id(reading.load, taken)
            readings.append(replace(reading, load=own))
    return list(load_files(loader, readings))
