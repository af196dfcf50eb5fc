"""SSH servers that let one key into one folder: asyncssh's, and OpenSSH where it is installed."""

import asyncio
import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from pipelines.exporting.destination import Destination, Opening
from pipelines.exporting.destinations import sftp

# Beside the programs that everybody may start.
SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
# Where sshd, started by root, leaves the rights that it does not need; Debian's own unit makes it.
_PRIVILEGES = Path("/run/sshd")
_CONFIGURATION = """
ListenAddress 127.0.0.1:{port}
HostKey {root}/host_key
AuthorizedKeysFile {root}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp -d {root}/root
"""


@dataclass
class Server:
    """A server that listens; `folder` is what the destination calls inbox."""

    port: int
    user: str
    host_key: str
    private_key: str
    folder: Path

    def opened(self, **settings: object) -> Destination:
        """A destination that sends there."""
        given = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": self.user,
            "folder": "inbox",
            "host_key": self.host_key,
        }
        opening = Opening("shop", "mailing", ("email",), {"private_key": self.private_key}, Path())
        return sftp.KIND.open(sftp.Settings.model_validate(given | settings), opening)


@contextmanager
def listening(kind: str, root: Path) -> Iterator[Server]:
    """Yields a server of a kind, asyncssh or openssh; skips where OpenSSH is not installed."""
    if kind == "openssh" and SSHD is None:
        pytest.skip("OpenSSH's server is not installed; `make system-packages` does")
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    (root / "root" / "inbox").mkdir(parents=True)
    (root / "authorized_keys").write_bytes(client.export_public_key())
    host.write_private_key(root / "host_key")
    (root / "host_key").chmod(0o600)
    with _openssh(root) if kind == "openssh" else _asyncssh(root, host) as (port, user):
        yield Server(
            port,
            user,
            host.export_public_key().decode().strip(),
            client.export_private_key().decode(),
            root / "root" / "inbox",
        )


@contextmanager
def _asyncssh(root: Path, host: asyncssh.SSHKey) -> Iterator[tuple[int, str]]:
    loop = asyncio.new_event_loop()

    def chrooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=bytes(root / "root"))

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host],
            authorized_client_keys=str(root / "authorized_keys"),
            sftp_factory=chrooted,
        )

    # A thread of its own: tests with a browser leave a loop running in this one.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    yield server.get_port(), "kontor"
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@contextmanager
def _openssh(root: Path) -> Iterator[tuple[int, str]]:
    assert SSHD is not None
    if os.getuid() == 0:
        _PRIVILEGES.mkdir(mode=0o755, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = root / "sshd_config"
    configuration.write_text(_CONFIGURATION.format(port=port, root=root))
    with (root / "sshd.log").open("wb") as log:
        # Not a daemon, so that it ends with the test.
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(configuration)], stderr=log)
    try:
        _wait_for(port, server, root / "sshd.log")
        yield port, getpass.getuser()
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"sshd does not listen: {log.read_text()}")
