"""Whether the dashboards answer, for machines; says nothing about the marketplace."""

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboards import resources
from dashboards.published import NothingPublished, current_version


def routes() -> list[Route]:
    """Return the route for the application."""
    return [Route("/health", health, methods=["GET"])]


async def health(_request: Request) -> Response:
    """Say whether the store answers and whether something is published."""
    state = await run_in_threadpool(_state)
    return JSONResponse(state, status_code=200 if state["store"] == "ok" else 503)


def _state() -> dict[str, str]:
    return {"store": _store_state(), "published": _published_state()}


def _store_state() -> str:
    try:
        with resources.current().store.connect() as connection:
            connection.execute(sa.select(1))
    except sa.exc.SQLAlchemyError:
        return "unavailable"
    return "ok"


def _published_state() -> str:
    try:
        current_version(resources.current().settings.published)
    except NothingPublished:
        return "nothing yet"
    return "ok"
