"""Our own login and logout; Streamlit's would outlive the logout (decision 9)."""

from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards import resources
from dashboards.gate.requests import Surroundings, values_of, words_for
from dashboards.gate.sockets import LiveSockets
from dashboards.words.messages import counted, message
from dashboards.words.words import Words
from operations import logins, sessions
from operations.accounts import Account

_LOG = structlog.get_logger(__name__)
_TEMPLATES = Path(__file__).parent.parent / "templates"
_LONGEST_FORM = 4096

_OUTCOMES = {
    "rejected": message("Wrong name or password."),
    "limited": counted(
        "Too many attempts. Please wait {n} minute and try again.",
        "Too many attempts. Please wait {n} minutes and try again.",
    ),
}


class LoginPages:
    """The routes of signing in and out."""

    def __init__(self, surroundings: Surroundings, sockets: LiveSockets) -> None:
        """Take what the cookie depends on, and the sockets that a logout cuts."""
        self._surroundings = surroundings
        self._sockets = sockets

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
        return _page("login.html", words_for(request.scope), next_path=next_path, message="")

    async def sign_in(self, request: Request) -> Response:
        """Open a session when name and password fit."""
        form = await _form(request)
        name, password = form.get("name", ""), form.get("password", "")
        next_path = local_path(form.get("next", "/"))
        address = request.client.host if request.client else "unknown"
        login = await run_in_threadpool(
            logins.verify_password,
            resources.current().store,
            name=name,
            password=password,
            remote_address=address,
            now=resources.now(),
        )
        if login.account is None:
            _LOG.warning("login refused", outcome=login.outcome)
            return _refused(request, login.outcome, next_path)
        return await self._welcome(request, login.account, address, next_path)

    async def leave(self, request: Request) -> Response:
        """Sign out at once when one of our pages linked here, else ask."""
        if values_of(request.scope, "sec-fetch-site") == ["same-origin"]:
            return await self.sign_out(request)
        return _page("logout.html", words_for(request.scope))

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

    async def _welcome(
        self, request: Request, account: Account, address: str, next_path: str
    ) -> Response:
        """Answer with a fresh cookie; one that the browser brought along is never kept."""
        earlier = request.scope.get("kontor.session")
        if earlier is not None:
            await run_in_threadpool(_end_session, earlier)
            self._sockets.cut([earlier.session_hash])
        cookie = await run_in_threadpool(_open_session, account, address)
        response = RedirectResponse(next_path, status_code=303)
        response.set_cookie(
            self._surroundings.cookie_name,
            cookie,
            max_age=int(sessions.ABSOLUTE_LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._surroundings.is_secure,
            path="/",
        )
        return response


def local_path(wanted: str) -> str:
    r"""Return a path on this site; anything that a browser could read as another site is "/"."""
    parts = urlsplit(wanted)
    is_plain = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable()
    if not is_plain or "\\" in wanted or parts.scheme or parts.netloc:
        return "/"
    return "/" if parts.path in {"/login", "/logout"} else wanted


def _open_session(account: Account, address: str) -> str:
    store, now = resources.current().store, resources.now()
    return sessions.open_session(store, account, kind="local", remote_address=address, now=now)


def _end_session(session: sessions.Session) -> None:
    store, now = resources.current().store, resources.now()
    sessions.revoke_session(store, session.session_hash, reason=sessions.LOGOUT, now=now)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; a large body is not one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _refused(request: Request, outcome: str, next_path: str) -> Response:
    words = words_for(request.scope)
    wait_minutes = int(logins.WINDOW.total_seconds() // 60)
    why = words.code(_OUTCOMES, outcome, n=wait_minutes)
    page = _page("login.html", words, next_path=next_path, message=why)
    page.status_code = 429 if outcome == "limited" else 401
    return page


def _page(template: str, words: Words, **data: str) -> Response:
    """Return a page in the reader's language; its template says `text` and `text_in`."""
    said = {"language": words.language, "text": words.text, "text_in": words.text_in}
    return HTMLResponse(_templates().get_template(template).render(**said, **data))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
