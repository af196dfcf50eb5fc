"""Data Docs: what the checks at the borders found, for operators and for nobody else.

The pages are Great Expectations' tables without values, made by the pipelines, with a policy of
their own that is stricter than ours: no script, no file from anywhere.
"""

import re
from pathlib import Path

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboards import resources
from dashboards.gate.responses import refusal
from dashboards.viewer import may_operate, named_in_logs
from dashboards.words.messages import message
from operations.sessions import Session  # noqa: TC001 - as in the other routes

_LOG = structlog.get_logger(__name__)

ADDRESS = "/data-docs/"
_INDEX = "index.html"
# A name that cannot leave the folder.
_PAGE = re.compile(r"[a-z0-9_]{1,80}\.html")


def routes() -> list[Route]:
    """Return the routes for the application."""
    return [
        Route(ADDRESS, show, methods=["GET"]),
        Route(f"{ADDRESS}{{page}}", show, methods=["GET"]),
    ]


async def show(request: Request) -> Response:
    """Show a page to an operator; to others there is none."""
    session: Session = request.scope["kontor.session"]
    page = request.path_params.get("page", _INDEX)
    if not may_operate(session):
        _LOG.warning("data docs refused", session=named_in_logs(session), role=session.role)
        return _nothing(request)
    if not is_page(page):
        return _nothing(request)
    html = await run_in_threadpool(_read, resources.current().settings.home / "data_docs" / page)
    return _nothing(request) if html is None else HTMLResponse(html)


def is_page(name: str) -> bool:
    """Return whether a name is that of a page, and leads nowhere else."""
    return _PAGE.fullmatch(name) is not None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _nothing(request: Request) -> Response:
    return refusal(request.scope, 404, message("Not found."))
