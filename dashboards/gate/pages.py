"""The pages' own addresses: the document that Streamlit fills, for pages of the reader's role.

Streamlit answers every address with the same document and then shows its first page. Here an
address that is none of the role's pages is not found, whether another role has it or nobody.
"""

from functools import cache
from pathlib import Path
from string import Template

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from dashboards.gate.requests import words_for
from dashboards.gate.responses import refusal
from dashboards.pages import pages_of
from dashboards.viewer import named_in_logs
from dashboards.words.messages import message
from operations.sessions import Session  # noqa: TC001 - as in the other routes

_ASSETS = Path(__file__).parent.parent / "assets"
_DOCUMENT = Path(streamlit.__file__).parent / "static" / "index.html"

# Streamlit's own files and routes, below which no page is.
_STREAMLITS = ("/_stcore/", "/media/", "/static/", "/component/", "/favicon.png", "/manifest.json")

_ITS_HEAD = '<html lang="en">\n  <head>'
# The script comes first: it sets the theme that Streamlit's scripts read when they start.
_OUR_HEAD = """<html lang="$language" data-theme="$theme" data-session="$session">
  <head>
    <script src="/shell.js"></script>"""
_ITS_END = "</body>"
# At the end, for what Streamlit styles stands in the head; and not sent by a page, whose parts
# would move when it arrives.
_OUR_END = '<link rel="stylesheet" href="/style.css">\n  </body>'


def routes() -> list[BaseRoute]:
    """Return the routes for the application; they take what no other route takes."""
    return [
        Route("/shell.js", _script, methods=["GET"]),
        Route("/style.css", _style, methods=["GET"]),
        Route("/session", _session, methods=["GET"]),
        _Pages("/{path:path}", _page, methods=["GET"]),
    ]


class _Pages(Route):
    """Every address that is not Streamlit's own; it takes the slash from the end of one."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope.get("path", "/")
        if path.startswith(_STREAMLITS) or (path != "/" and path.endswith("/")):
            return Match.NONE, {}
        return super().matches(scope)


async def _script(_request: Request) -> Response:
    return FileResponse(_ASSETS / "shell.js", media_type="text/javascript")


async def _style(_request: Request) -> Response:
    return FileResponse(_ASSETS / "style.css", media_type="text/css")


async def _session(request: Request) -> Response:
    """Say which session this is, to a tab that was cut off and asks whether it is still its own."""
    return PlainTextResponse(named_in_logs(request.scope["kontor.session"]))


async def _page(request: Request) -> Response:
    session: Session = request.scope["kontor.session"]
    if request.path_params["path"] not in {page.path for page in pages_of(session.role)}:
        return refusal(request.scope, 404, message("There is no such page."))
    document = _document().substitute(
        language=words_for(request.scope).language,
        theme=(session.preferences.theme or "system").capitalize(),
        session=named_in_logs(session),
    )
    return HTMLResponse(document)


@cache
def _document() -> Template:
    """Return Streamlit's document with places for what the reader chose."""
    document = _DOCUMENT.read_text(encoding="utf-8")
    if document.count(_ITS_HEAD) != 1 or document.count(_ITS_END) != 1:
        raise RuntimeError(f"{_DOCUMENT} is not as it was; look at what it is now")
    document = document.replace("$", "$$").replace(_ITS_END, _OUR_END)
    return Template(document.replace(_ITS_HEAD, _OUR_HEAD))
