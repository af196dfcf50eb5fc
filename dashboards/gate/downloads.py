"""Lists as files, through a route that knows who asks.

Not `st.download_button`: its address works for anybody and its ids collide (decision 9).
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards import resources
from dashboards.components import (
    assortment,
    category_supply,
    contact_effects,
    customer_segments,
    deliveries,
    demand,
    forecasts,
    lines,
    order_problems,
    orders,
    owned_products,
    payouts,
    peaks,
    promotions,
    reconciliation,
    requests,
    sales_classes,
    scorecards,
    todo,
    touchpoints,
    vendors,
    win_back,
)
from dashboards.context import Context
from dashboards.exploring import files as explore
from dashboards.gate.requests import words_for
from dashboards.gate.responses import refusal
from dashboards.listings.asked import names_of, read
from dashboards.listings.files import Table, TooLong, as_csv, as_xlsx, table_of
from dashboards.listings.listing import Listing
from dashboards.listings.unreadable import Unreadable
from dashboards.published import NothingPublished
from dashboards.queries.connections import FileHeld
from dashboards.queries.reader import OlderVersion, QueryTimeout
from dashboards.viewer import NotAllowed, named_in_logs, require_download, viewer_of
from dashboards.words.messages import message
from dashboards.words.words import Words
from operations import audit
from operations.sessions import Session
from operations.store import writing

_LOG = structlog.get_logger(__name__)

# Every list that can be had as a file; roles are granted them by name, and the head of a list's
# query says whose data it may be.
LISTINGS: Final = (
    orders.ORDERS,
    lines.LINES,
    order_problems.OPEN,
    requests.QUOTES,
    todo.ROWS,
    vendors.VENDORS,
    category_supply.CATEGORIES,
    category_supply.SEARCHES,
    scorecards.SCORECARDS,
    deliveries.CHECKS,
    deliveries.LOADS,
    deliveries.QUARANTINE,
    reconciliation.DAYS,
    reconciliation.ROWS,
    sales_classes.CLASSES,
    promotions.PROMOTIONS,
    promotions.OWN,
    assortment.ASSORTMENT,
    payouts.PAYOUTS,
    payouts.LINES,
    contact_effects.EFFECTS,
    forecasts.FORECASTS,
    forecasts.ACCURACY,
    peaks.CHANGE,
    peaks.READINESS,
    peaks.CALENDAR,
    demand.DEMAND,
    customer_segments.CUSTOMERS,
    win_back.LISTED,
    touchpoints.TIMELINE,
    owned_products.PRODUCTS,
)

_NOT_OFFERED: Final = message(
    "The address asks for something that this list does not offer. Open the list and download it"
    " from there."
)
_TOO_LONG: Final = message("The list has too many rows for a file. Narrow it down and try again.")

Ask = Callable[[Context, dict[str, str]], Table]

_KINDS: Final[dict[str, tuple[Callable[[Table], bytes], str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def routes() -> list[Route]:
    """Return the routes for the application."""
    asking: dict[str, Ask] = {listing.name: partial(_listed, listing) for listing in LISTINGS}
    asking[explore.NAME] = explore.table_of
    return [
        Route(f"/download/{name}.{kind}", _endpoint(ask, name, kind))
        for name, ask in asking.items()
        for kind in _KINDS
    ]


def _endpoint(ask: Ask, name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        session: Session = request.scope["kontor.session"]
        return await run_in_threadpool(_answer, session, request, ask, f"{name}.{kind}")

    return download


def _answer(session: Session, request: Request, ask: Ask, name: str) -> Response:
    write, media_type = _KINDS[name.rpartition(".")[2]]
    try:
        context = _context(session, words_for(request.scope))
        require_download(context.viewer, name.rpartition(".")[0])
        body = write(ask(context, dict(request.query_params)))
    except (NotAllowed, NothingPublished) as error:
        _LOG.warning("download refused", session=named_in_logs(session), why=str(error))
        return refusal(request.scope, 404, message("Not found."))
    except Unreadable as error:
        # What could not be read came from the address, so it is not repeated.
        _LOG.warning("download refused", session=named_in_logs(session), why=f"unreadable {error}")
        return refusal(request.scope, 400, _NOT_OFFERED)
    except TooLong as error:
        _LOG.warning("download refused", session=named_in_logs(session), why=str(error))
        return refusal(request.scope, 413, _TOO_LONG)
    except FileHeld as held:
        _LOG.warning("file held", session=named_in_logs(session), why=str(held))
        return refusal(request.scope, 503, message("Another program keeps the data open."))
    except OlderVersion as older:
        _LOG.warning("older version", session=named_in_logs(session), why=str(older))
        return refusal(request.scope, 503, message("This is not in the published data yet."))
    except QueryTimeout:
        return refusal(request.scope, 503, message("This took too long."))
    _record(session, context, name, request.url.query)
    as_of = context.manifest.as_of_date.isoformat()
    return Response(
        body,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{as_of}-{name}"'},
    )


def _record(session: Session, context: Context, name: str, query: str) -> None:
    """Note in the audit log who took which list away, and how it was narrowed down."""
    with writing(resources.current().store) as connection:
        audit.record(
            connection,
            actor=session.account_name,
            action="download",
            subject=name,
            now=resources.now(),
            version=context.viewer.version,
            query=query[:1000],
        )


def _context(session: Session, words: Words) -> Context:
    opened = resources.current()
    version = opened.version()
    manifest = opened.manifest(version)
    viewer = viewer_of(session, version, manifest.marketplace)
    return Context(viewer, manifest, None, words, resources.now())


def _listed(listing: Listing, context: Context, texts: dict[str, str]) -> Table:
    """Return what the address asks for, all of which has to make sense: a file tells nobody.

    Raises:
        NotAllowed: it names what the list does not take from this viewer, such as a vendor.
        Unreadable: it asks for what is not offered.
    """
    if not texts.keys() <= names_of(context, listing):
        raise NotAllowed("the address of a download named what its list does not take")
    asked = read(context, listing, texts)
    if asked.unreadable:
        raise Unreadable(*asked.unreadable)
    return table_of(context, asked)
