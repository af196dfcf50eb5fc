"""Loading what is landed once more: all of it into a new build file, or some under new rules."""

from dataclasses import replace

from pipelines.home import Home
from pipelines.loading import ledger
from pipelines.loading.ingest import Loader, Progress, Reading, load_files, reading_of
from pipelines.loading.ledger import Load, LoadOutcome
from pipelines.loading.warehouse import create_tables, open_warehouse
from sources.contract import all_contracts
from sources.errors import PermanentSourceError
from sources.kill_points import reached
from sources.landing import landed_path
from sources.marketplace import Marketplace
from sources.parsing.client import Parser


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
    """
    with open_warehouse(home.warehouse) as connection:
        loads = ledger.all_loads(connection)
    for load in loads:
        if not landed_path(home.landing, load.file_id).exists():
            raise PermanentSourceError(f"the landing lost {load.file_id} ({load.path})")
    first: dict[tuple[str, str], Reading] = {}
    for load in loads:
        reading = reading_of(marketplace, load)
        if reading is not None:
            first.setdefault((load.feed, load.file_id), reading)
    draft = home.path / "warehouse.rebuilding.duckdb"
    draft.unlink(missing_ok=True)
    draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
    with open_warehouse(draft) as connection:
        create_tables(connection, all_contracts().values())
        connection.execute("insert into raw.marketplace values (?)", [marketplace.name])
        loader = Loader(home, marketplace, connection, parser, recorded_at)
        outcomes = list(load_files(loader, list(first.values()), progress))
        connection.execute("checkpoint")
    reached("rebuild: whole")
    draft.replace(home.warehouse)
    reached("rebuild: in place")
    return outcomes


def load_again(loader: Loader, loads: list[Load]) -> list[LoadOutcome]:
    """Applies landed files once more under today's rules, each as a load of its own.

    Those whose feed the marketplace no longer names are left.
    """
    sequence = ledger.next_sequence(loader.connection)
    readings = [reading_of(loader.marketplace, load) for load in loads]
    taken = {load.load_id for load in ledger.all_loads(loader.connection)}
    renewed = [
        replace(
            reading,
            load=replace(
                reading.load,
                # Under unchanged rules it would be the earlier load's; each load has its own.
                load_id=f"{reading.load.load_id}-{number}"
                if reading.load.load_id in taken
                else reading.load.load_id,
                sequence=number,
                recorded_at=loader.recorded_at,
            ),
        )
        for number, reading in enumerate((found for found in readings if found), start=sequence)
    ]
    return list(load_files(loader, renewed))
