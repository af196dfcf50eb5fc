"""A bucket of S3-compatible storage: an object that is replaced at once, and only if it is ours.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html: If-None-Match makes
an object only where there is none, If-Match replaces only the one that was looked at. So nobody's
object is overwritten by a wrong folder, and of two writers one is told.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipelines.exporting.destination import Destination, DestinationStoppedError, Kind, Opening
from pipelines.exporting.destinations.whole_file import PlaceUnavailableError, WholeFile
from pipelines.exporting.file_formats import Format
from pipelines.exporting.wire.http import (
    Answer,
    LostError,
    NotSentError,
    RefusedConnectionError,
    Wire,
)

if TYPE_CHECKING:
    from botocore.auth import S3SigV4Auth

# A file of a million rows is some 100 MB.
_SECONDS: Final = 120.0
_OWNER: Final = "x-amz-meta-kontor-export"
_LATER: Final = frozenset({429, 500, 502, 503, 504})
# The object is another one than we looked at: somebody writes at the same moment.
_CHANGED: Final = frozenset({409, 412})
_REFUSED: Final[Mapping[int, str]] = {
    301: "the bucket is in another region; correct region in its file",
    307: "the bucket is in another region; correct region in its file",
    400: "it does not take the request; correct region and address in its file",
    403: "the key may not list the bucket, or not read or write in the folder; let it",
    404: "there is no such bucket; correct bucket and address in its file",
    413: "the file is larger than it takes",
}
_FOLDER: Final = re.compile(r"[A-Za-z0-9_.=-]+(/[A-Za-z0-9_.=-]+)*", re.ASCII)


def _plain_folder(value: str) -> str:
    trimmed = value.strip("/")
    if trimmed and (not _FOLDER.fullmatch(trimmed) or {".", ".."} & set(trimmed.split("/"))):
        raise ValueError("name a folder in letters, digits, _ . = - and /, without ..")
    return trimmed


class Settings(BaseModel):
    """What the file of a bucket says of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    region: str = Field(default="us-east-1", pattern=r"^[a-z0-9-]{2,40}$")
    folder: Annotated[str, AfterValidator(_plain_folder)] = ""
    address: str | None = Field(default=None, description="Of storage that is not Amazon's; https.")
    loopback_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that may be this machine, for trying it out."
    )
    format: Format = "csv"

    @property
    def url(self) -> str:
        """The address of the bucket; its name in the path is what every storage takes."""
        address = self.address or f"https://s3.{self.region}.amazonaws.com"
        return f"{address.rstrip('/')}/{self.bucket}"


@dataclass(frozen=True)
class Bucket:
    """A folder of a bucket, entered by an access key; `owner` is the export that writes there."""

    settings: Settings
    secrets: Mapping[str, str]
    owner: str
    wire: Wire

    def put(self, name: str, content: bytes) -> None:
        """Replaces an object that this export wrote, or makes one where there is none."""
        key = "/".join(part for part in (self.settings.folder, name) if part)
        found = self._asked("HEAD", key, b"", {})
        if found.status == 404:
            condition = {"if-none-match": "*"}
        elif found.headers.get(_OWNER) == self.owner:
            condition = {"if-match": found.headers.get("etag", "")}
        else:
            raise DestinationStoppedError(
                f"{self.settings.bucket}/{key} is there, and {self.owner} did not write it; name "
                "another folder, or remove it"
            )
        answer = self._asked("PUT", key, content, {_OWNER: self.owner, **condition})
        if answer.status in _CHANGED:
            raise PlaceUnavailableError("written_by_another")
        if answer.status == 404:
            raise DestinationStoppedError(f"{self.settings.bucket}: {_REFUSED[404]}")

    def _asked(self, method: str, key: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        url = f"{self.settings.url}/{quote(key)}"
        try:
            answer = self.wire.request(method, url, body, self._signed(method, url, body, headers))
        except (NotSentError, LostError) as error:
            raise PlaceUnavailableError(f"no_connection_{type(error).__name__}") from None
        except RefusedConnectionError as error:
            raise DestinationStoppedError(f"{self.settings.bucket}: its address {error}") from None
        if answer.status in _LATER:
            raise PlaceUnavailableError(f"status_{answer.status}")
        if answer.status >= 300 and answer.status not in {404, *_CHANGED}:
            why = _REFUSED.get(answer.status, "it refuses")
            raise DestinationStoppedError(f"{self.settings.bucket}: {why} (status {answer.status})")
        return answer

    def _signed(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> dict[str, str]:
        """The headers with their signature (AWS Signature Version 4), which covers the body."""
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - takes a tenth of a second

        digest = hashlib.sha256(body).hexdigest()
        given = {**headers, "x-amz-content-sha256": digest}
        request = AWSRequest(method=method, url=url, data=body, headers=given)
        self._signer.add_auth(request)
        return dict(request.headers.items())

    @cached_property
    def _signer(self) -> "S3SigV4Auth":
        from botocore.auth import S3SigV4Auth  # noqa: PLC0415
        from botocore.credentials import Credentials  # noqa: PLC0415

        key = Credentials(self.secrets["access_key_id"], self.secrets["secret_access_key"])
        return S3SigV4Auth(key, "s3", self.settings.region)


def _open(settings: Settings, opening: Opening) -> Destination:
    # The export of a test has a file, and an owner, of its own.
    owner = f"{opening.marketplace}/{opening.export}"
    wire = Wire(settings.loopback_hosts, seconds=_SECONDS)
    return WholeFile(opening, settings.format, Bucket(settings, opening.secrets, owner, wire))


KIND = Kind(settings=Settings, open=_open, secrets=("access_key_id", "secret_access_key"))
