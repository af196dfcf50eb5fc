"""Lists as files, through a route that knows who asks.

Not `st.download_button`: its address works for anybody and its ids collide (decision 9).
"""

from collections.abc import Callable, Iterable
from datetime import date

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards import resources
from dashboards.context import Context
from dashboards.gate.requests import words_for
from dashboards.gate.responses import refusal
from dashboards.published import NothingPublished
from dashboards.queries import operator, vendor
from dashboards.queries.connections import FileHeld
from dashboards.queries.paging import EVERYTHING, Part
from dashboards.queries.reader import OlderVersion, QueryTimeout, Row, Rows
from dashboards.viewer import NotAllowed, named_in_logs, viewer_of
from dashboards.words.messages import message
from dashboards.words.words import Words
from operations import audit
from operations.sessions import Session
from operations.store import writing
from output.csv_text import csv_text
from output.logs import place_of

_LOG = structlog.get_logger(__name__)

_LINE_COLUMNS = (
    "order_id",
    "unit_kind",
    "unit_id",
    "metric_id",
    "membership_date",
    "in_numerator",
    "numerator_value",
    "denominator_value",
    "order_date",
    "status",
    "gmv",
    "currency_code",
    "ship_by_at",
    "shipped_at",
    "promised_at",
    "delivered_at",
)
_ORDER_COLUMNS = (
    "order_id",
    "ordered_at",
    "order_date",
    "status",
    "channel",
    "line_count",
    "unit_count",
    "gmv",
    "gmv_net",
    "shipping_amount",
    "commission_amount",
    "currency_code",
    "ship_by_at",
    "promised_at",
    "shipped_at",
    "delivered_at",
    "is_cancelled",
    "is_late",
    "review_rating",
)

Ask = Callable[[Context, QueryParams], Rows]


def routes() -> list[Route]:
    """Return the routes for the application."""
    return [
        Route("/download/orders-behind-rate.csv", _endpoint(_rate_lines, _LINE_COLUMNS)),
        Route("/download/orders.csv", _endpoint(_orders, _ORDER_COLUMNS)),
    ]


def as_csv(rows: Iterable[Row], columns: tuple[str, ...]) -> bytes:
    """Return rows as CSV that a spreadsheet opens as data, in UTF-8 with its mark."""
    return csv_text(columns, ([row[column] for column in columns] for row in rows)).encode(
        "utf-8-sig"
    )


def _endpoint(ask: Ask, columns: tuple[str, ...]) -> Callable[[Request], object]:
    async def download(request: Request) -> Response:
        session: Session = request.scope["kontor.session"]
        return await run_in_threadpool(_answer, session, request, ask, columns)

    return download


def _answer(session: Session, request: Request, ask: Ask, columns: tuple[str, ...]) -> Response:
    try:
        context = _context(session, words_for(request.scope))
        body = as_csv(ask(context, request.query_params), columns)
    except (NotAllowed, NothingPublished, ValueError) as error:
        # What could not be read came from the address, so it is not repeated.
        why = place_of(error) if isinstance(error, ValueError) else str(error)
        _LOG.warning("download refused", session=named_in_logs(session), why=why)
        return refusal(request.scope, 404, message("Not found."))
    except FileHeld as held:
        _LOG.warning("file held", session=named_in_logs(session), why=str(held))
        return refusal(request.scope, 503, message("Another program keeps the data open."))
    except OlderVersion as older:
        _LOG.warning("older version", session=named_in_logs(session), why=str(older))
        return refusal(request.scope, 503, message("This is not in the published data yet."))
    except QueryTimeout:
        return refusal(request.scope, 503, message("This took too long."))
    name = request.url.path.rsplit("/", 1)[-1]
    with writing(resources.current().store) as connection:
        audit.record(
            connection,
            actor=session.account_name,
            action="download",
            subject=name,
            now=resources.now(),
            version=context.viewer.version,
            query=request.url.query[:1000],
        )
    as_of = context.manifest.as_of_date.isoformat()
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{as_of}-{name}"'},
    )


def _context(session: Session, words: Words) -> Context:
    opened = resources.current()
    version = opened.version()
    manifest = opened.manifest(version)
    viewer = viewer_of(session, version, manifest.marketplace)
    return Context(viewer, manifest, None, words, resources.now())


def _rate_lines(context: Context, wanted: QueryParams) -> Rows:
    viewer, metric_id = context.viewer, wanted.get("metric", "")
    everything = Part(EVERYTHING)
    if viewer.audience == "vendor":
        _refuse_vendor_parameter(wanted)
        return vendor.metric_lines(
            viewer, metric_id, context.window_end, in_numerator=None, part=everything
        )
    rate = {
        "vendor_id": wanted.get("vendor", ""),
        "metric_id": metric_id,
        "window_end": context.window_end,
    }
    return operator.metric_lines(viewer, rate, in_numerator=None, part=everything)


def _orders(context: Context, wanted: QueryParams) -> Rows:
    _refuse_vendor_parameter(wanted)
    which = vendor.OrderFilter(
        from_date=date.fromisoformat(wanted.get("from", date.min.isoformat())),
        status=wanted.get("status"),
        late_only=wanted.get("late") == "1",
        search=wanted.get("search"),
    )
    return vendor.orders(context.viewer, which, Part(EVERYTHING))


def _refuse_vendor_parameter(wanted: QueryParams) -> None:
    """Refuse an address that names a vendor, rather than ignore what somebody tried."""
    if "vendor" in wanted:
        raise NotAllowed("a vendor's download named a vendor")
