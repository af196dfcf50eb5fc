"""Requests to destinations: one pinned public address, no redirects, ten seconds, a megabyte."""

import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpcore
import orjson

from pipelines.exporting.wire.addresses import AddressRefusedError, check_url, resolved

_SECONDS: Final = 10.0
_LARGEST_ANSWER: Final = 1 << 20
_USER_AGENT: Final = b"kontor"


class NotSentError(Exception):
    """A request did not arrive, certainly: nobody was connected to."""


class LostError(Exception):
    """A request may have arrived; its answer was lost, too slow or too large."""


class RefusedConnectionError(Exception):
    """A request may not be sent, or never can be: the address, or its certificate."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Names of `headers` are in lower case; `body` is JSON, else None."""

    status: int
    headers: Mapping[str, str]
    body: Any

    def retry_after_seconds(self, now: float) -> float | None:
        """The seconds that the server asks to wait (RFC 9110, 10.2.3), from `now` in Unix time."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit():
            return float(value)
        try:
            return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
        except (TypeError, ValueError):
            return None


@dataclass(slots=True)
class Wire:
    """Requests to one server, over one connection that stays open between them."""

    loopback_hosts: Collection[str] = ()
    seconds: float = _SECONDS
    largest_answer: int = _LARGEST_ANSWER
    _backend: "_PinnedBackend" = field(init=False)
    _pool: httpcore.ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        """Makes the pool; nothing is connected yet."""
        self._backend = _PinnedBackend(self.loopback_hosts)
        self._pool = httpcore.ConnectionPool(
            max_connections=1, keepalive_expiry=5.0, network_backend=self._backend
        )

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to one request, whatever its status; a redirect is an answer, too.

        Raises:
            NotSentError: it did not arrive.
            LostError: it may have arrived.
            RefusedConnectionError: it may not be sent to this address.
        """
        try:
            check_url(url, self.loopback_hosts)
        except AddressRefusedError as error:
            raise RefusedConnectionError(str(error)) from None
        self._backend.deadline = time.monotonic() + self.seconds
        sent = [(b"User-Agent", _USER_AGENT), (b"Accept", b"application/json")]
        sent += [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        try:
            with self._pool.stream(
                method,
                url,
                headers=sent,
                content=body,
                extensions={"timeout": dict.fromkeys(("connect", "read", "write"), self.seconds)},
            ) as response:
                return Answer(
                    response.status,
                    {
                        name.decode().lower(): value.decode("latin-1")
                        for name, value in response.headers
                    },
                    _json(self._read(response.iter_stream())),
                )
        except AddressRefusedError as error:
            raise RefusedConnectionError(str(error)) from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise _unconnected(error) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise LostError(type(error).__name__) from None

    def _read(self, parts: Iterable[bytes]) -> bytes:
        found = bytearray()
        for part in parts:
            found += part
            if len(found) > self.largest_answer:
                raise LostError("the answer is too large")
        return bytes(found)


@dataclass(slots=True)
class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were checked; host and server name stay those of the request."""

    loopback_hosts: Collection[str]
    deadline: float = 0.0
    _plain: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that takes one."""
        try:
            addresses = resolved(host, port, self.loopback_hosts)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                return _TimedStream(
                    self._plain.connect_tcp(
                        address, port, self.left(timeout), local_address, socket_options
                    ),
                    self,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("no address")

    def left(self, timeout: float | None) -> float:
        """The seconds that are left of the whole request."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


@dataclass(slots=True)
class _TimedStream(httpcore.NetworkStream):
    """A stream whose single reads and writes share the seconds of the whole request."""

    stream: httpcore.NetworkStream
    backend: _PinnedBackend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes."""
        return self.stream.read(max_bytes, self.backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of the bytes."""
        self.stream.write(buffer, self.backend.left(timeout))

    def close(self) -> None:
        """Closes the stream."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The stream encrypted; the certificate must be that of `server_hostname`."""
        encrypted = self.stream.start_tls(ssl_context, server_hostname, self.backend.left(timeout))
        return _TimedStream(encrypted, self.backend)

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows of itself."""
        return self.stream.get_extra_info(info)


def _unconnected(error: Exception) -> Exception:
    certificate = error.__cause__ or error.__context__
    if isinstance(certificate, ssl.SSLCertVerificationError):
        return RefusedConnectionError(f"its certificate is refused: {certificate.verify_message}")
    return NotSentError(str(error) or type(error).__name__)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
