"""A file arrives whole, by a rename, at the server whose key is pinned, and nowhere else."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from pipelines.exporting.destination import Destination, DestinationStoppedError, Opening, Row
from pipelines.exporting.destinations import sftp

ROWS = [
    Row("a", "upsert", {"email": "a@example.com"}),
    Row("b", "upsert", {"email": "b@example.com"}),
    Row("c", "remove", {"email": None}),
]


@dataclass
class Server:
    port: int
    host_key: str
    private_key: str
    folder: Path

    def opened(self, **settings: object) -> Destination:
        given = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": "kontor",
            "folder": "inbox",
            "host_key": self.host_key,
        }
        opening = Opening("shop", "mailing", ("email",), {"private_key": self.private_key}, Path())
        return sftp.KIND.open(sftp.Settings.model_validate(given | settings), opening)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A real SSH server that lets one key into one folder."""
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    allowed = tmp_path / "authorized_keys"
    allowed.write_bytes(client.export_public_key())
    (tmp_path / "root" / "inbox").mkdir(parents=True)
    loop = asyncio.new_event_loop()

    def chrooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=bytes(tmp_path / "root"))

    listening = loop.run_until_complete(
        asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host],
            authorized_client_keys=str(allowed),
            sftp_factory=chrooted,
        )
    )
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield Server(
        listening.get_port(),
        host.export_public_key().decode().strip(),
        client.export_private_key().decode(),
        tmp_path / "root" / "inbox",
    )
    loop.call_soon_threadsafe(listening.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


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

    with pytest.raises(DestinationStoppedError, match="does not let kontor in"):
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
