"""Which feeds a run may pass over: those of which nothing came and of which nothing is wrong."""

import os
import time
from pathlib import Path

import pytest

from pipelines.runs.change import settled_feeds
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

_OLD = 1_700_000_000  # seconds; a file that just changed may change again unseen
_GOOD = "vendor_id,name\nv1,First\n"


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    desk = a_desk(tmp_path, parser)
    _put(desk, "vendors.csv", _GOOD)
    desk.ingest("vendors")
    return desk


def _put(desk: Desk, name: str, text: str) -> None:
    desk.put(name, text)
    os.utime(desk.inbox / name, (_OLD, _OLD))
    time.sleep(0.15)


def _settled(desk: Desk) -> frozenset[str]:
    return settled_feeds(desk.home, desk.marketplace)


def test_a_feed_whose_files_are_as_they_were_is_settled(desk: Desk) -> None:
    assert _settled(desk) == {"vendors"}


def test_a_feed_without_any_file_is_not(desk: Desk) -> None:
    assert "orders" not in _settled(desk)


def test_a_new_file_and_one_that_changed_are_something_to_do(desk: Desk) -> None:
    _put(desk, "vendors-2.csv", _GOOD.replace("v1", "v2"))
    assert _settled(desk) == frozenset()
    desk.ingest("vendors")
    assert _settled(desk) == {"vendors"}

    _put(desk, "vendors-2.csv", _GOOD.replace("v1", "v3"))
    assert _settled(desk) == frozenset()


def test_a_file_that_left_is_something_to_do(desk: Desk) -> None:
    _put(desk, "vendors-2.csv", _GOOD.replace("v1", "v2"))
    desk.ingest("vendors")

    (desk.inbox / "vendors-2.csv").unlink()

    assert _settled(desk) == frozenset()


def test_a_file_that_cannot_be_used_keeps_its_feed_in_every_run(desk: Desk) -> None:
    """What it says holds publication back, in this run as in the one that found it."""
    _put(desk, "vendors-2.csv", "some,other,file\n1,2,3\n")

    desk.ingest("vendors")

    assert _settled(desk) == frozenset()


def test_other_rules_are_something_to_do(desk: Desk) -> None:
    entry = {"files": "vendors*.csv", "columns": {"name": "vendor_name"}}
    changed = a_desk(desk.inbox.parent, desk.parser, {"vendors": [entry]})

    assert _settled(changed) == frozenset()
