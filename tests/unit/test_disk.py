"""What becomes of a disk without room, on a small real file system that is mounted for the test."""

import gzip
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from pipelines.cli.doctor import _room
from pipelines.home import Home
from pipelines.loading.files import _found
from pipelines.loading.reading import _in_transaction, _request
from pipelines.publishing.workshop import workshop
from pipelines.runs.room import (
    bytes_to_build,
    bytes_to_publish,
    require_room_to_build,
    require_room_to_publish,
)
from pipelines.runs.run import RunArguments, refresh, run_step
from pipelines.settings import PipelineSettings
from sources.connectors.files import discover
from sources.contract import all_contracts
from sources.disk import (
    RESERVE_BYTES,
    DiskFullError,
    free_bytes,
    noticing_full_disk,
    require_room,
)
from sources.landing import land
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_marketplace
from tests.unit.parsing_desk import a_request, parse_bytes
from tests.worlds.small_disk import MIB, Disk, mounted

HEADER = b"order_id,customer_id,status,currency_code,ordered_at\n"
LINE = b"o%09d,c1,delivered,EUR,2026-05-01 10:00:00\n"


def sized(path: Path, byte_count: int) -> Path:
    """A file of that size which takes no room: nothing was written to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(byte_count)
    return path


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """40 MiB of room beside the reserve."""
    with mounted(tmp_path / "disk", 40) as made:
        yield made


def test_room_is_asked_for_and_told_with_what_is_needed_and_what_is_free(disk: Disk) -> None:
    folder = disk.folder / "not" / "yet" / "there"
    require_room(folder, 39 * MIB, "the work")

    with pytest.raises(DiskFullError) as refused:
        require_room(folder, 41 * MIB, "the work")
    assert str(refused.value) == (
        f"the work needs about 41 MiB, but {folder} has 40 MiB free beyond the 64 MiB "
        "reserve; free some space and run again"
    )


def test_a_disk_that_is_fuller_than_the_reserve_has_no_room(disk: Disk) -> None:
    (disk.folder / "other").write_bytes(bytes(60 * MIB))

    assert free_bytes(disk.folder) == 0


def test_a_file_that_has_no_room_in_the_landing_is_not_begun(disk: Disk, tmp_path: Path) -> None:
    landing = disk.folder / "landing"
    with sized(tmp_path / "small.csv", 10 * MIB).open("rb") as source:
        small = land(source, landing)

    with (
        sized(tmp_path / "large.csv", 50 * MIB).open("rb") as source,
        pytest.raises(DiskFullError, match=r"copying a file of 50 MiB needs about 50 MiB"),
    ):
        land(source, landing)
    assert small.path.stat().st_size == 10 * MIB
    assert [path.name for path in landing.iterdir()] == [small.file_id[:2]]


@pytest.mark.parametrize("who", ["the system", "DuckDB"])
def test_a_disk_that_becomes_full_meanwhile_is_told(disk: Disk, who: str) -> None:
    def fill() -> None:
        target = disk.folder / "filling"
        if who == "DuckDB":
            query = f"copy (select random() from range(15000000)) to '{target}' (format parquet)"
            duckdb.execute(query)
        else:
            target.write_bytes(bytes(120 * MIB))

    with pytest.raises(DiskFullError, match="the disk is full"), noticing_full_disk(disk.folder):
        fill()


def test_what_only_sounds_like_a_full_disk_is_none() -> None:
    """A delivered file may hold the words; it would else stop every run."""
    said = os.strerror(28)
    with pytest.raises(duckdb.ConversionException), noticing_full_disk(Path("/")):
        duckdb.execute("select cast(? as integer)", [said]).fetchall()
    with pytest.raises(PermissionError), noticing_full_disk(Path("/")):
        raise PermissionError(13, said)


def test_a_file_that_has_no_room_to_be_unpacked_is_not_the_files_fault(
    parser: Parser, disk: Disk, tmp_path: Path
) -> None:
    rows = b"".join(b"p%d,o%d,1.00\n" % (n, n % 977) for n in range(100_000))
    packed = gzip.compress(b"payment_id,order_id,amount\n" + rows, compresslevel=1)
    request = a_request(tmp_path / "in", packed).model_copy(
        update={"output_folder": str(disk.folder / "out")}
    )
    (disk.folder / "other").write_bytes(bytes(38 * MIB))

    result = parser.parse(request)

    assert (result.status, result.reason_code) == ("no_room", None)
    assert result.lack_of_room == (
        f"payments.csv: it unpacks to more than 1 MiB, half of the free space in "
        f"{disk.folder}/out; free some space and run again"
    )
    assert (disk.folder / "out" / "plain").stat().st_size <= 1 * MIB
    disk.grow(200)
    assert parser.parse(request).valid == 100_000


def test_rows_that_fill_the_disk_are_not_the_files_fault(
    parser: Parser, disk: Disk, tmp_path: Path
) -> None:
    rows = b"".join(b"p%d,o%d,1.00\n" % (n, n % 977) for n in range(100_000))
    request = a_request(tmp_path / "in", b"payment_id,order_id,amount\n" + rows).model_copy(
        update={"output_folder": str(disk.folder / "out")}
    )
    (disk.folder / "other").write_bytes(bytes(103 * MIB))

    result = parser.parse(request)

    assert result.status == "no_room"
    assert "the disk is full" in str(result.lack_of_room)
    assert (
        parse_bytes(parser, tmp_path / "next", b"payment_id,order_id,amount\n").status == "parsed"
    )


def test_a_run_without_room_ends_with_a_sentence_and_the_next_one_has_lost_nothing(
    parser: Parser, disk: Disk, tmp_path: Path
) -> None:
    desk = Desk(Home(disk.folder / "home"), a_marketplace(tmp_path / "inbox"), parser)
    large = HEADER + b"".join(LINE % number for number in range(50_000))
    desk.put("orders-1.csv", HEADER + LINE % 1_000_000)
    desk.put("orders-2.csv", gzip.compress(large, compresslevel=1))
    (disk.folder / "other").write_bytes(bytes(36 * MIB))

    with pytest.raises(DiskFullError, match=r"orders-2\.csv: it unpacks to more than"):
        desk.ingest("orders")

    assert desk.current("orders", "order_id") == [("o001000000",)]
    assert desk.query("select path, status from raw.loads") == [("orders-1.csv", "loaded")]
    assert desk.query("select count(*) from quarantine.rows") == [(0,)]
    assert not desk.home.scratch.exists()

    disk.grow(400)
    done = desk.ingest("orders")
    assert [(load.load.path, load.applied) for load in done.outcomes] == [("orders-2.csv", 50_000)]
    assert desk.current("orders", "count(*)") == [(50_001,)]


def test_building_and_publishing_begin_where_there_is_room(disk: Disk) -> None:
    home = Home(disk.folder / "home")
    assert (bytes_to_build(home, is_full=True), bytes_to_publish(home)) == (0, 0)
    sized(home.warehouse, 100 * MIB)
    assert bytes_to_publish(home) == 100 * MIB

    require_room_to_build(home, is_full=False)
    with pytest.raises(DiskFullError, match="building the models needs about 100 MiB"):
        require_room_to_build(home, is_full=True)
    with pytest.raises(DiskFullError, match="publishing needs about 100 MiB"):
        require_room_to_publish(home)

    version = "20260701T090000Z-0123abcd"
    sized(home.published / version / "operator.duckdb", 20 * MIB)
    sized(home.published / version / "vendors" / "v-1.duckdb", 10 * MIB)
    (home.published / "CURRENT").write_text(version)
    assert bytes_to_publish(home) == 30 * MIB
    require_room_to_publish(home)


@pytest.mark.parametrize("left", [0, RESERVE_BYTES // 2])
@pytest.mark.parametrize("begin", [refresh, partial(run_step, "ingest_feeds")])
def test_a_run_on_a_full_disk_ends_before_it_writes(
    disk: Disk, left: int, begin: Callable[[PipelineSettings, RunArguments], object]
) -> None:
    settings = PipelineSettings(home=disk.folder / "home")
    arguments = RunArguments("demo", None, full=False, now=datetime(2026, 7, 1, tzinfo=UTC))
    (disk.folder / "other").write_bytes(bytes(RESERVE_BYTES + 40 * MIB - left))

    with pytest.raises(DiskFullError, match="free some space"):
        begin(settings, arguments)
    assert not settings.home_folder.warehouse.exists()


def test_doctor_says_how_much_is_free_and_how_much_a_run_may_need(disk: Disk) -> None:
    settings = PipelineSettings(home=disk.folder / "home")
    finding = _room(settings.home_folder)

    assert not finding.is_fine
    assert finding.sentence == (
        f"{disk.folder}/home has 40 MiB free; a run may need 1,024 MiB; free some space, or "
        "move KONTOR_HOME"
    )
    disk.grow(2_000)
    assert _room(settings.home_folder).is_fine


def test_files_are_made_on_the_disk_where_memory_has_no_room(disk: Disk, tmp_path: Path) -> None:
    with workshop(tmp_path / "published", tmp_path / "fallback", disk.folder) as folder:
        assert folder == tmp_path / "fallback"


def test_rows_that_the_build_file_has_no_room_for_are_told_and_loaded_later(
    parser: Parser, disk: Disk, tmp_path: Path
) -> None:
    desk = Desk(Home(disk.folder / "home"), a_marketplace(tmp_path / "inbox"), parser)
    desk.put("orders-1.csv", HEADER + LINE % 1)
    with desk.loader() as loader:
        found = _found(loader, all_contracts()["orders"], discover(desk.marketplace, "orders"))
        [reading] = list(found.new.values())
        result = parser.parse(_request(loader, reading))
        left = free_bytes(disk.folder) + RESERVE_BYTES
        (disk.folder / "other").write_bytes(bytes(left))
        with pytest.raises(DiskFullError, match="the disk is full"):
            _in_transaction(loader, reading, result)
    (disk.folder / "other").unlink()

    desk.ingest("orders")
    assert desk.current("orders", "order_id") == [("o000000001",)]
