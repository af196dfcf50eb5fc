"""An inbox: only regular files are read, on a way without links, and what is not read is told."""

import os
import socket
from pathlib import Path

import pytest

from pipelines.loading.checks import account_of
from pipelines.runs.change import is_loaded
from sources.inbox import FileRefusedError, listing, opened
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

LINES = "vendor_id,name,updated_at\nv1,first,2026-06-01 00:00:00\n"
PRIVATE = LINES.replace("v1,first", "v9,Canary")


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "**/vendors*.csv"}]})
    desk.put("vendors-1.csv", LINES)
    return desk


@pytest.fixture
def private(tmp_path: Path) -> Path:
    folder = tmp_path / "private"
    folder.mkdir()
    (folder / "vendors.csv").write_text(PRIVATE)
    return folder


def unusable(desk: Desk) -> tuple[str, ...]:
    with desk.loader() as loader:
        return tuple(each.english for each in account_of(loader.connection, "vendors").unusable)


def test_what_is_no_file_of_the_inbox_is_told_and_the_others_are_loaded(
    desk: Desk, private: Path
) -> None:
    inbox = desk.inbox
    link, folder = "is a symbolic link, which", "is a symbolic link to a folder, which"
    (inbox / "vendors-outside.csv").symlink_to(private / "vendors.csv")
    (inbox / "vendors-inside.csv").symlink_to("vendors-1.csv")
    (inbox / "vendors-nothing.csv").symlink_to(private / "nothing")
    (inbox / "a" / "b").mkdir(parents=True)
    (inbox / "a" / "b" / "march").symlink_to(private)
    (inbox / "march").symlink_to(private)
    os.mkfifo(inbox / "vendors-pipe.csv")
    (inbox / "vendors\n2.csv").write_text(PRIVATE)
    (inbox / os.fsdecode(b"vendors-\xe4.csv")).write_text(PRIVATE)
    deep = inbox.joinpath(*"d" * 65)
    deep.mkdir(parents=True)
    (deep / "vendors-2.csv").write_text(PRIVATE)
    # The path of a socket is short, so it is made elsewhere and moved.
    with socket.socket(socket.AF_UNIX) as made:
        place = Path(f"/tmp/kontor-{os.getpid()}.sock")  # noqa: S108 - moved at once
        made.bind(str(place))
        place.rename(inbox / "vendors-socket.csv")

    outcome = desk.ingest("vendors")

    told = {
        "vendors-outside.csv": link,
        "vendors-inside.csv": link,
        "vendors-nothing.csv": link,
        "a/b/march": folder,
        "march": folder,
        "vendors-pipe.csv": "is a pipe, a socket or a device; replace it by a file",
        "vendors-socket.csv": "is a pipe, a socket or a device; replace it by a file",
        "vendors\\n2.csv": "the name contains control characters or is not UTF-8; rename it",
        "vendors-\\udce4.csv": "the name contains control characters or is not UTF-8; rename it",
        "/".join("d" * 65): "lies more than 64 folders deep; move it up",
    }
    problems = unusable(desk)
    assert len(problems) == len(told)
    for name, reason in told.items():
        assert [one for one in problems if one.startswith(f"{name}: {reason}")]
    assert set(problems) <= set(outcome.notes)
    assert outcome.file_count == 1
    assert desk.current("vendors", "vendor_id") == [("v1",)]


def test_refused_name_holds_publication_back_until_it_is_a_file(desk: Desk, private: Path) -> None:
    (desk.inbox / "vendors-2.csv").symlink_to(private / "vendors.csv")
    desk.ingest("vendors")
    link = desk.inbox / "vendors-2.csv"
    with desk.loader() as loader:
        assert not is_loaded(loader.connection, desk.marketplace, "vendors")

    link.unlink()

    with desk.loader() as loader:
        assert not is_loaded(loader.connection, desk.marketplace, "vendors")
    desk.ingest("vendors")
    assert unusable(desk) == ()
    with desk.loader() as loader:
        assert is_loaded(loader.connection, desk.marketplace, "vendors")


def test_folder_itself_may_be_a_link(tmp_path: Path, desk: Desk) -> None:
    link = tmp_path / "link"
    link.symlink_to(desk.inbox)

    assert list(listing(link, "vendors*.csv").files) == ["vendors-1.csv"]
    assert opened(link, "vendors-1.csv").read() == LINES.encode()


def test_file_that_becomes_a_link_after_it_was_listed_is_not_read(
    desk: Desk, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("vendors-0.csv", LINES.replace("v1", "v0"))

    def swapped(folder: Path, name: str) -> object:
        path = folder / name
        if name == "vendors-1.csv" and not path.is_symlink():
            path.unlink()
            path.symlink_to(private / "vendors.csv")
        return opened(folder, name)

    # The attacker acts between the look and the opening.
    monkeypatch.setattr("sources.connectors.files.opened", swapped)

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id") == [("v0",)]
    [problem] = unusable(desk)
    assert problem.startswith("vendors-1.csv: is a symbolic link")


@pytest.mark.parametrize("name", ["../private/vendors.csv", "/etc/hosts", "a/../../x", ".."])
def test_name_that_leads_out_is_not_opened(desk: Desk, private: Path, name: str) -> None:
    assert (private / "vendors.csv").exists()

    with pytest.raises(FileRefusedError, match="leads out of the folder"):
        opened(desk.inbox, name)


def test_pipe_is_not_waited_for(desk: Desk) -> None:
    os.mkfifo(desk.inbox / "pipe.csv")

    with pytest.raises(FileRefusedError, match=r"pipe\.csv: is a pipe"):
        opened(desk.inbox, "pipe.csv")


def test_folders_and_what_is_still_written_are_left_alone(desk: Desk, private: Path) -> None:
    (desk.inbox / "vendors-old.csv").mkdir()
    (desk.inbox / "vendors-all.csv").symlink_to(private)
    (desk.inbox / ".vendors-2.csv").symlink_to(private / "vendors.csv")
    (desk.inbox / "vendors-3.csv.part").write_text(LINES)

    found = listing(desk.inbox, "*vendors*")

    assert list(found.files) == ["vendors-1.csv"]
    assert found.refused == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("one.csv", ["one.csv"]),
        ("*.csv", ["one.csv", "two.csv"]),
        ("[ot]*.csv", ["one.csv", "two.csv"]),
        ("t?o.csv", ["two.csv"]),
        ("a/*.csv", ["a/three.csv"]),
        ("*/three.csv", ["a/three.csv"]),
        ("**/*.csv", ["a/b/four.csv", "a/three.csv", "one.csv", "two.csv"]),
        ("**/**/four.csv", ["a/b/four.csv"]),
        ("a/**/four.csv", ["a/b/four.csv"]),
        ("./one.csv", ["one.csv"]),
        ("ONE.csv", []),
        ("../*.csv", []),
        ("**", []),
    ],
)
def test_patterns_match_as_they_always_did(
    tmp_path: Path, pattern: str, expected: list[str]
) -> None:
    folder = tmp_path / "inbox"
    (folder / "a" / "b").mkdir(parents=True)
    (tmp_path / "outside.csv").touch()
    for name in ("one.csv", "two.csv", "a/three.csv", "a/b/four.csv"):
        (folder / name).touch()

    assert sorted(listing(folder, pattern).files) == expected


def test_no_folder_is_no_file(tmp_path: Path) -> None:
    assert listing(tmp_path / "nowhere", "*").files == {}
    assert listing(tmp_path / "nowhere", "*").refused == []


def test_second_name_of_a_file_is_noted(desk: Desk) -> None:
    os.link(desk.inbox / "vendors-1.csv", desk.inbox.parent / "elsewhere.csv")

    outcome = desk.ingest("vendors")

    [note] = outcome.notes
    assert note.startswith("vendors-1.csv has a second name (a hard link)")
    assert unusable(desk) == ()
    assert desk.current("vendors", "vendor_id") == [("v1",)]


def test_listing_keeps_no_descriptor_open(desk: Desk, private: Path) -> None:
    (desk.inbox / "vendors-2.csv").symlink_to(private / "vendors.csv")
    desk.inbox.joinpath(*"d" * 65).mkdir(parents=True)
    before = set(Path("/proc/self/fd").iterdir())

    listing(desk.inbox, "**/*.csv")
    for name in ("vendors-2.csv", "d/nothing/x.csv", "d"):
        with pytest.raises(FileRefusedError):
            opened(desk.inbox, name)

    assert set(Path("/proc/self/fd").iterdir()) == before
