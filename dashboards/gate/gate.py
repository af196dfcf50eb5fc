"""The gate: nothing reaches Streamlit or Dagster without a live server-side session.

Pure ASGI, because it must stand in front of HTTP and WebSocket alike. What it guards against is
listed in decision 9, and attacked in tests/security.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.gate import dagster_pages
from dashboards.gate.requests import (
    IDENTITY_HEADER,
    Surroundings,
    has_allowed_host,
    has_own_origin,
    only_cookie,
    values_of,
    without_identity,
)
from dashboards.gate.responses import refusal, to_login, with_security_headers
from dashboards.gate.sockets import LiveSockets
from dashboards.words.messages import message
from operations.sessions import Session, hash_of

FindSession = Callable[[str], Session | None]

_OPEN_PATHS = frozenset({"/login", "/logout", "/health"})
_SAFE_METHODS = frozenset({"GET", "HEAD"})

# Streamlit's own doors that this product does not use: metrics, the agent, its login, uploads.
_CLOSED_PREFIXES = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/_stcore/upload_file",
    "/auth",
    "/oauth2callback",
    "/app/static",
)
# Fetched by the page rather than visited by a person: a redirect to a form would be no answer.
_FETCHED_PREFIXES = ("/_stcore", "/media", "/static", "/component", "/download", "/favicon")

# Streamlit's, and that of Dagster's pages; who may use the second is said there.
_SOCKET_PATHS = frozenset({"/_stcore/stream", dagster_pages.GRAPHQL})


class Gate:
    """Lets a request through with the hash of its live session, or answers it here."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        surroundings: Surroundings,
        find_session: FindSession,
        sockets: LiveSockets,
    ) -> None:
        """Stand in front of an application."""
        self._app = app
        self._surroundings = surroundings
        self._find_session = find_session
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        send = with_security_headers(send, scope, is_secure=self._surroundings.is_secure)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        session = await self._session(scope)
        path = scope["path"]
        if session is None and path not in _OPEN_PATHS:
            await _turned_away(scope, path)(scope, receive, send)
            return
        await self._app(_identified(scope, session), receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = (
            scope["path"] in _SOCKET_PATHS
            and has_allowed_host(scope, self._surroundings)
            and has_own_origin(scope, self._surroundings)
        )
        session = await self._session(scope) if is_ours else None
        if session is None:
            # Closing before accepting is answered with 403.
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._sockets.serve(
            self._app, session.session_hash, _identified(scope, session), receive, send
        )

    def _refused(self, scope: Scope) -> Response | None:
        """Return the answer to a request that nobody may make, signed in or not."""
        if not has_allowed_host(scope, self._surroundings):
            return refusal(scope, 421, message("This address is not served here."))
        if scope["path"].startswith(_CLOSED_PREFIXES):
            return refusal(scope, 404, message("Not found."))
        if scope["method"] not in _SAFE_METHODS | {"POST"}:
            return refusal(scope, 405, message("Method not allowed."))
        if scope["method"] == "POST" and not has_own_origin(scope, self._surroundings):
            return refusal(scope, 403, message("This form was not sent from one of our pages."))
        return None

    async def _session(self, scope: Scope) -> Session | None:
        cookie = only_cookie(scope, self._surroundings.cookie_name)
        if cookie is None:
            return None
        return await run_in_threadpool(self._find_session, hash_of(cookie))


def _identified(scope: Scope, session: Session | None) -> Scope:
    """Return the scope with our identity in it, and nobody else's."""
    headers = without_identity(scope["headers"])
    if session is not None:
        headers.append((IDENTITY_HEADER.encode(), session.session_hash.encode()))
    return {**scope, "headers": headers, "kontor.session": session}


def _turned_away(scope: Scope, path: str) -> Response:
    """Return the answer to somebody without a session."""
    is_navigation = values_of(scope, "sec-fetch-mode") in ([], ["navigate"])
    if (
        scope["method"] not in _SAFE_METHODS
        or path.startswith(_FETCHED_PREFIXES)
        or not is_navigation
    ):
        return refusal(scope, 401, message("Please sign in."))
    query = scope["query_string"].decode("latin-1")
    return to_login(f"{path}?{query}" if query else path, scope)
