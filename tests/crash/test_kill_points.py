"""The loader is killed at each of its kill points; the next run ends where one run would have."""

import shutil
from pathlib import Path

import pytest

from tests.crash.crashing import Doomed, everything

pytestmark = pytest.mark.warehouse

PAYMENTS = "payment_id,order_id,status,amount,paid_at,updated_at,is_deleted\n"
EVENTS = "order_event_id,order_id,event_type,occurred_at\n"
FIRST_DAY, SECOND_DAY = "2026-06-01 12:00:00", "2026-06-02 12:00:00"


def first_delivery(folder: Path) -> None:
    (folder / "inbox").mkdir(parents=True)
    put(folder, "payments-1.csv", PAYMENTS + line(1, "pending", 1) + line(2, "pending", 1))
    put(folder, "order_events-1.csv", EVENTS + "e1,o1,placed,2026-05-30 10:00:00\n")


def second_delivery(folder: Path) -> None:
    """New, newer, older, deleted, bad and repeated rows; a file that is none; events again."""
    rows = [line(1, "paid", 2), line(2, "pending", 1, "true"), line(3, "pending", 1)]
    rows += [line(3, "pending", 1), line(4, "no such status", 1), line(1, "failed", 1)]
    put(folder, "payments-2.csv", PAYMENTS + "".join(rows))
    put(folder, "payments-3.csv", "nothing,that,fits\n1,2,3\n")
    put(folder, "order_events-2.csv", EVENTS + "e1,o1,approved,2026-05-30 10:00:00\n")


def line(number: int, status: str, version: int, deleted: str = "") -> str:
    paid, updated = f"2026-05-{number:02d} 10:00:00", f"2026-05-{20 + version} 10:00:00"
    return f"p{number},o1,{status},12.50,{paid},{updated},{deleted}\n"


def put(folder: Path, name: str, text: str) -> None:
    (folder / "inbox" / name).write_text(text)


def prepared(doomed: Doomed, folder: Path) -> Path:
    first_delivery(folder)
    assert not doomed("ingest", folder, FIRST_DAY).was_killed
    second_delivery(folder)
    return folder


def test_killed_at_any_kill_point_the_next_run_ends_as_if_nothing_had_happened(
    doomed: Doomed, tmp_path: Path
) -> None:
    start = prepared(doomed, tmp_path / "start")
    calm = tmp_path / "calm"
    shutil.copytree(start, calm)
    ending = doomed("ingest", calm, SECOND_DAY)
    expected = everything(calm)

    killed_at = []
    for number in range(1, len(ending.places) + 1):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(start, folder)
        broken = doomed("ingest", folder, SECOND_DAY, kill_at=number)
        again = doomed("ingest", folder, SECOND_DAY)

        assert broken.was_killed, f"kill point {number} was not reached"
        assert not again.was_killed
        assert everything(folder) == expected, f"killed at {number}: {broken.places[-1]}"
        assert not list((folder / "home" / "landing").glob(".*.tmp"))
        killed_at.append(broken.places[-1])

    # Three files came, each landed, read and applied, so each kind of place was met.
    assert set(killed_at) == {
        "landing: copied",
        "landing: named",
        "loading: begun",
        "loading: applied",
        "loading: recorded",
        "loading: committed",
        "ingest: noted what is present",
    }


def test_a_rebuild_killed_anywhere_leaves_the_build_file_as_it_was_or_whole(
    doomed: Doomed, tmp_path: Path
) -> None:
    start = prepared(doomed, tmp_path / "start")
    assert not doomed("ingest", start, SECOND_DAY).was_killed
    # What is no longer in the inbox is known to the ledger alone.
    shutil.rmtree(start / "inbox")
    expected = everything(start)
    calm = tmp_path / "calm"
    shutil.copytree(start, calm)
    ending = doomed("rebuild", calm, SECOND_DAY)
    assert everything(calm) == expected

    for number in range(1, len(ending.places) + 1):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(start, folder)
        assert doomed("rebuild", folder, SECOND_DAY, kill_at=number).was_killed

        assert everything(folder) == expected, f"killed at {number}"
    # The next one begins anew, whatever the last left half done.
    assert not doomed("rebuild", folder, SECOND_DAY).was_killed
    assert everything(folder) == expected
