"""Dagster's pages, for those who may operate the marketplace and for nobody else.

They have no lock of their own: who reaches them starts runs and reads every log. So they listen on
a Unix socket that only this process is told of (decision 9). What travels there and back is named
here; a cookie, an identity and what a client says of proxies are not among it.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from string import punctuation
from urllib.parse import quote

import httpcore
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from dashboards.gate.responses import refusal
from dashboards.viewer import may_operate, named_in_logs
from dashboards.words.messages import message

_LOG = structlog.get_logger(__name__)

ADDRESS = "/dagster"
GRAPHQL = f"{ADDRESS}/graphql"
_SUBPROTOCOL = Subprotocol("graphql-ws")
# RFC 6455: refused; gone away, and the page asks again.
_POLICY_VIOLATION, _GOING_AWAY = 1008, 1001

# A run's configuration is some kilobytes.
_LARGEST_BODY = 4 * 1024 * 1024
_TIMEOUTS = {"connect": 5.0, "read": 120.0, "write": 30.0}
_ASKED = frozenset({b"accept", b"content-type", b"if-none-match", b"if-modified-since", b"range"})
_ANSWERED = frozenset(
    {
        b"accept-ranges",
        b"content-disposition",
        b"content-length",
        b"content-range",
        b"content-security-policy",  # the gate takes the scripts' nonce from it
        b"content-type",
        b"etag",
        b"last-modified",
    }
)


class DagsterPages:
    """The way from the gate to the socket that Dagster's pages listen on."""

    def __init__(self, socket: Path | None) -> None:
        """Take the socket; where there is none, there are no pages."""
        self._socket = str(socket) if socket else None

    def routes(self) -> list[BaseRoute]:
        """Return the routes for the application."""
        return [Route(ADDRESS, _to_first_page, methods=["GET"]), Mount(ADDRESS, app=self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a socket on, or refuse it."""
        session = scope["kontor.session"]
        is_allowed = may_operate(session)
        if not is_allowed:
            _LOG.warning("dagster refused", session=named_in_logs(session), role=session.role)
        socket = self._socket if is_allowed else None
        if scope["type"] == "websocket":
            await _socket(socket, scope, receive, send)
        else:
            await _request(socket, scope, receive, send)


async def _to_first_page(_request: Request) -> Response:
    return RedirectResponse(f"{ADDRESS}/")


async def _request(socket: str | None, scope: Scope, receive: Receive, send: Send) -> None:
    if socket is None:
        await refusal(scope, 404, message("Not found."))(scope, receive, send)
        return
    # A question that is sent as an address would also run what it asks for.
    if (scope["method"] == "POST") != (scope["path"] == GRAPHQL):
        await refusal(scope, 405, message("Method not allowed."))(scope, receive, send)
        return
    with suppress(ClientDisconnect):
        body = await _body(Request(scope, receive))
        if body is None:
            await refusal(scope, 413, message("This is too large."))(scope, receive, send)
            return
        await _forwarded(socket, scope, body, receive, send)


async def _forwarded(socket: str, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    asked = [(name, value) for name, value in scope["headers"] if name in _ASKED]
    is_answered = False
    try:
        async with (
            httpcore.AsyncConnectionPool(uds=socket) as pool,
            pool.stream(
                scope["method"],
                httpcore.URL(scheme="http", host="localhost", target=_target(scope)),
                headers=asked,
                content=body or None,
                extensions={"timeout": _TIMEOUTS},
            ) as answer,
        ):
            is_answered = True
            response = StreamingResponse(answer.aiter_stream(), answer.status)
            response.raw_headers = _answered(answer)
            await response(scope, receive, send)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        if is_answered:
            raise
        _LOG.warning("dagster does not answer", why=type(error).__name__)
        why = message("Dagster does not answer. Please try again in a few seconds.")
        await refusal(scope, 503, why)(scope, receive, send)


def _target(scope: Scope) -> bytes:
    """Return the address as it was judged: quoted again, so that nobody reads another in it."""
    query = quote(scope["query_string"], safe=punctuation)
    return f"{quote(scope['path'])}{'?' if query else ''}{query}".encode()


def _answered(answer: httpcore.Response) -> list[tuple[bytes, bytes]]:
    named = [(name.lower(), value) for name, value in answer.headers]
    return [(name, value) for name, value in named if name in _ANSWERED]


async def _body(request: Request) -> bytes | None:
    """Return the body, or nothing when it is larger than any that Dagster's pages send."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


async def _socket(socket: str | None, scope: Scope, receive: Receive, send: Send) -> None:
    if socket is None or _SUBPROTOCOL not in scope["subprotocols"]:
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    connecting = unix_connect(
        socket,
        f"ws://localhost{GRAPHQL}",
        subprotocols=[_SUBPROTOCOL],
        compression=None,
        max_size=None,  # a run's log, from a process of ours
    )
    try:
        async with connecting as dagster:
            await receive()  # the browser's wish to connect
            await send({"type": "websocket.accept", "subprotocol": _SUBPROTOCOL})
            await _first_of(_to_dagster(dagster, receive), _to_browser(dagster, send))
    except (OSError, WebSocketException) as error:
        _LOG.warning("dagster does not answer", why=type(error).__name__)
        await send({"type": "websocket.close", "code": _GOING_AWAY})


async def _to_dagster(dagster: ClientConnection, receive: Receive) -> None:
    with suppress(ConnectionClosed):
        while (said := await receive())["type"] == "websocket.receive":
            await dagster.send(said.get("text") or said.get("bytes") or "")


async def _to_browser(dagster: ClientConnection, send: Send) -> None:
    with suppress(OSError):  # the browser has gone
        with suppress(ConnectionClosed):
            async for said in dagster:
                kind = "text" if isinstance(said, str) else "bytes"
                await send({"type": "websocket.send", kind: said})
        await send({"type": "websocket.close", "code": _GOING_AWAY})


async def _first_of(*ways: Coroutine[None, None, None]) -> None:
    """Return when one way has come to its end; the others are given up."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
