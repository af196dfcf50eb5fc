"""A file arrives whole, by a rename, at the server whose key is pinned, and nowhere else."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from pipelines.exporting.destination import DestinationStoppedError, Row
from tests.exports.ssh_servers import Server, listening

ROWS = [
    Row("a", "upsert", {"email": "a@example.com"}),
    Row("b", "upsert", {"email": "b@example.com"}),
    Row("c", "remove", {"email": None}),
]


@pytest.fixture(params=["asyncssh", "openssh"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A real SSH server that lets one key into one folder."""
    with listening(request.param, tmp_path) as opened:
        yield opened


def test_the_file_and_its_manifest_replace_the_old_ones(server: Server) -> None:
    (server.folder / "mailing.csv").write_text("old")

    outcomes = server.opened().send(ROWS, "run-1")

    content = (server.folder / "mailing.csv").read_bytes()
    manifest = json.loads((server.folder / "mailing.csv.manifest.json").read_text())
    assert [outcome.state for outcome in outcomes] == ["confirmed"] * 3
    assert content == b'"email"\r\n"a@example.com"\r\n"b@example.com"\r\n'
    assert (manifest["rows"], manifest["removed"]) == (2, 1)
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
    assert sorted(path.name for path in server.folder.iterdir()) == [
        "mailing.csv",
        "mailing.csv.manifest.json",
    ]


def test_a_server_with_another_key_gets_nothing(server: Server) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()

    with pytest.raises(DestinationStoppedError, match="another host key than its file pins"):
        server.opened(host_key=other).send(ROWS, "run-1")

    assert list(server.folder.iterdir()) == []


def test_who_is_not_let_in_is_told_so(server: Server) -> None:
    server.private_key = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()

    with pytest.raises(DestinationStoppedError, match=f"does not let {server.user} in"):
        server.opened().send(ROWS, "run-1")


def test_a_folder_that_is_not_there_stops_the_run(server: Server) -> None:
    with pytest.raises(DestinationStoppedError, match="check that the folder is there"):
        server.opened(folder="outbox").send(ROWS, "run-1")


def test_what_is_no_key_is_told_without_showing_it(server: Server) -> None:
    server.private_key = "hunter2"

    with pytest.raises(DestinationStoppedError) as stopped:
        server.opened().send(ROWS, "run-1")

    assert "hunter2" not in str(stopped.value)


def test_nobody_knows_what_arrived_where_nothing_answers(server: Server) -> None:
    outcomes = server.opened(port=1).send(ROWS, "run-1")

    assert {outcome.state for outcome in outcomes} == {"unknown"}
