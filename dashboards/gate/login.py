"""Our own login and logout; Streamlit's would outlive the logout (decision 9)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboards import resources
from dashboards.gate.requests import (
    Surroundings,
    in_language,
    language_asked,
    local_path,
    only_cookie,
    small_form,
    telling_address,
    values_of,
    words_for,
)
from dashboards.gate.responses import page
from dashboards.gate.sockets import LiveSockets
from dashboards.words.messages import Message, message
from operations import accounts, known_browsers, logins, sessions
from operations.accounts import Account
from operations.throttling import BY_ORIGIN, Attempt, LineFull, Throttle

_LOG = structlog.get_logger(__name__)

_WRONG = message("Wrong name or password.")
_LINE_FULL = message("Too many attempts at once. Please wait a few seconds and try again.")
# By then the first of those who wait has had an answer.
_COME_BACK_SECONDS = int(BY_ORIGIN.longest_seconds)

# Each takes 64 MiB and tens of milliseconds on up to four cores; the others wait in order, and hold
# no thread meanwhile. Known browsers do not stand behind strangers.
_STRANGERS_VERIFIED_AT_ONCE = 2
_KNOWN_VERIFIED_AT_ONCE = 1


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time of waiting passes."""

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class LoginPages:
    """The routes of signing in and out."""

    def __init__(
        self, surroundings: Surroundings, sockets: LiveSockets, clock: Clock | None = None
    ) -> None:
        """Take what the cookie depends on, and the sockets that a logout cuts."""
        self._surroundings = surroundings
        self._sockets = sockets
        self._clock = clock or Clock()
        self._throttle = Throttle()
        self._strangers = asyncio.Semaphore(_STRANGERS_VERIFIED_AT_ONCE)
        self._known_ones = asyncio.Semaphore(_KNOWN_VERIFIED_AT_ONCE)

    def routes(self) -> list[Route]:
        """Return the routes for the application."""
        return [
            Route("/login", self.show, methods=["GET"]),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/logout", self.leave, methods=["GET"]),
            Route("/logout", self.sign_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form, or go on when there is a session already."""
        next_path = local_path(request.query_params.get("next", "/"))
        if request.scope.get("kontor.session") is not None:
            return RedirectResponse(next_path, status_code=303)
        return page("login.html", request.scope, next_path=next_path, message="")

    async def sign_in(self, request: Request) -> Response:
        """Open a session when name and password fit, after the wait that earlier failures cost."""
        form = await small_form(request)
        name, password = logins.spelled(form.get("name", "")), form.get("password", "")
        next_path = local_path(form.get("next", "/"))
        attempt = Attempt(name, telling_address(request.scope), await self._known(request, name))
        place = self._strangers if attempt.known_browser is None else self._known_ones
        try:
            with self._throttle.turn(attempt, self._clock.seconds()) as turn:
                await self._clock.sleep(turn.delay)
                store = resources.current().store
                async with place:
                    account = await run_in_threadpool(logins.verified, store, name, password)
                turn.has_succeeded = account is not None
        except LineFull:
            return self._refused(request, _LINE_FULL, next_path, status_code=429)
        if account is None:
            return self._refused(request, _WRONG, next_path, status_code=401)
        return await self._welcome(request, account, next_path)

    async def leave(self, request: Request) -> Response:
        """Sign out at once when one of our pages linked here, else ask."""
        if values_of(request.scope, "sec-fetch-site") == ["same-origin"]:
            return await self.sign_out(request)
        return page("logout.html", request.scope)

    async def sign_out(self, request: Request) -> Response:
        """End the session, its sockets and its cookie."""
        session = request.scope.get("kontor.session")
        if session is not None:
            await run_in_threadpool(_end_session, session)
            self._sockets.cut([session.session_hash])
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(
            self._surroundings.cookie_name,
            httponly=True,
            samesite="lax",
            secure=self._surroundings.is_secure,
        )
        return response

    async def _known(self, request: Request, name: str) -> str | None:
        """Return the id of the browser where this account signed in with it before."""
        cookie = only_cookie(request.scope, self._surroundings.known_browser_cookie(name))
        if cookie is None:
            return None
        account = await run_in_threadpool(accounts.find_account, resources.current().store, name)
        return known_browsers.browser_id(account, cookie, now=resources.now())

    def _refused(
        self, request: Request, why: Message, next_path: str, *, status_code: int
    ) -> Response:
        # Neither the name, which may be a password, nor whose address it was.
        _LOG.warning("login refused", status=status_code)
        answer = page(
            "login.html",
            request.scope,
            status_code=status_code,
            next_path=next_path,
            message=words_for(request.scope).say(why),
        )
        if status_code == 429:
            answer.headers["retry-after"] = str(_COME_BACK_SECONDS)
        return answer

    async def _welcome(self, request: Request, account: Account, next_path: str) -> Response:
        """Answer with fresh cookies; a session that the browser brought along is never kept."""
        earlier = request.scope.get("kontor.session")
        if earlier is not None:
            await run_in_threadpool(_end_session, earlier)
            self._sockets.cut([earlier.session_hash])
        cookie = await run_in_threadpool(_open_session, account, _address(request))
        asked = language_asked(request.scope)  # it was chosen on the form
        response = RedirectResponse(
            in_language(next_path, asked) if asked else next_path, status_code=303
        )
        response.set_cookie(
            self._surroundings.cookie_name,
            cookie,
            max_age=int(sessions.ABSOLUTE_LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._surroundings.is_secure,
            path="/",
        )
        response.set_cookie(
            self._surroundings.known_browser_cookie(account.account_name),
            known_browsers.proof(account, now=resources.now()),
            max_age=int(known_browsers.LIFETIME.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=self._surroundings.is_secure,
            path="/login",
        )
        return response


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _open_session(account: Account, address: str) -> str:
    store, now = resources.current().store, resources.now()
    return sessions.open_session(store, account, kind="local", remote_address=address, now=now)


def _end_session(session: sessions.Session) -> None:
    store, now = resources.current().store, resources.now()
    sessions.revoke_session(store, session.session_hash, reason=sessions.LOGOUT, now=now)
