"""A folder of an SFTP server: a hidden file, and then a rename that replaces the old one at once.

The server is known by the key that the destination's file pins, and by nothing else.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipelines.exporting.destination import Destination, DestinationStoppedError, Kind, Opening
from pipelines.exporting.destinations.whole_file import PlaceUnavailableError, WholeFile
from pipelines.exporting.file_formats import Format

_SECONDS: Final = 20.0


def _plain_folder(value: str) -> str:
    if ".." in value.split("/") or not value.isprintable():
        raise ValueError("name a folder without ..")
    return value.rstrip("/") or "."


class Settings(BaseModel):
    """What an SFTP destination's file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    user: str
    folder: Annotated[str, AfterValidator(_plain_folder)] = "."
    # As in known_hosts, without the host: `ssh-ed25519 AAAA...`.
    host_key: str
    format: Format = "csv"


@dataclass(frozen=True, slots=True)
class Sftp:
    """A folder of a server, entered by key."""

    settings: Settings
    private_key: str

    def put(self, name: str, content: bytes) -> None:
        """Replaces a file."""
        import asyncssh  # noqa: PLC0415 - takes a quarter of a second

        where = f"{self.settings.host}:{self.settings.port}"
        try:
            # A thread of its own: the caller may be within an event loop.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, self._put(name, content)).result()
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            raise DestinationStoppedError(
                f"{where}: its private key or host_key is none; give OpenSSH's form, without a "
                "passphrase"
            ) from None
        except asyncssh.HostKeyNotVerifiable:
            raise DestinationStoppedError(
                f"{where} shows another host key than its file pins; ask its operator before you "
                "change host_key"
            ) from None
        except asyncssh.PermissionDenied:
            raise DestinationStoppedError(
                f"{where} does not let {self.settings.user} in; check user and private key"
            ) from None
        except asyncssh.SFTPError as error:
            raise DestinationStoppedError(
                f"{where} refuses {self.settings.folder}/{name} ({type(error).__name__}); check "
                "that the folder is there and may be written"
            ) from None
        except (OSError, asyncssh.Error) as error:
            raise PlaceUnavailableError(f"no_connection_{type(error).__name__}") from None

    async def _put(self, name: str, content: bytes) -> None:
        import asyncssh  # noqa: PLC0415

        settings = self.settings
        draft = f"{settings.folder}/.{name}.tmp"
        async with (
            asyncssh.connect(
                settings.host,
                settings.port,
                username=settings.user,
                client_keys=[asyncssh.import_private_key(self.private_key)],
                known_hosts=([asyncssh.import_public_key(settings.host_key)], [], []),
                connect_timeout=_SECONDS,
                # Nothing of this account's own: neither its configuration nor its agent.
                config=None,
                agent_path=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            async with sftp.open(draft, "wb") as file:
                await file.write(content)
            await sftp.posix_rename(draft, f"{settings.folder}/{name}")


def _open(settings: Settings, opening: Opening) -> Destination:
    place = Sftp(settings, opening.secrets["private_key"])
    return WholeFile(opening, settings.format, place)


KIND = Kind(settings=Settings, open=_open, secrets=("private_key",))
