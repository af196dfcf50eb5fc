"""The feeds that follow from orders, month by month, in pieces that fit into memory."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY
from sources.simulator.cells import at_places
from sources.simulator.chance import stream
from sources.simulator.feed_files import DATED_SUFFIX, GATHERED_SUFFIX, FeedFile, TruthFile
from sources.simulator.feeds.approvals import approval_rows
from sources.simulator.feeds.campaign_members import member_rows
from sources.simulator.feeds.events import event_rows
from sources.simulator.feeds.experiments import customer_assignments, visit_assignments
from sources.simulator.feeds.inventory import inventory_rows
from sources.simulator.feeds.invoices import invoice_rows
from sources.simulator.feeds.messages import message_rows
from sources.simulator.feeds.order_events import order_event_rows
from sources.simulator.feeds.orders import line_rows, order_rows
from sources.simulator.feeds.payments import payment_rows
from sources.simulator.feeds.payouts import Payouts
from sources.simulator.feeds.product_registrations import registration_rows
from sources.simulator.feeds.quotes import quote_rows
from sources.simulator.feeds.returns import return_rows
from sources.simulator.feeds.reviews import review_rows
from sources.simulator.feeds.shipment_events import shipment_event_rows
from sources.simulator.feeds.shipments import shipment_rows
from sources.simulator.feeds.survey_responses import survey_rows
from sources.simulator.feeds.tickets import open_tickets, ticket_event_rows, ticket_rows
from sources.simulator.feeds.vendor_messages import vendor_message_rows
from sources.simulator.orders.baskets import fill_baskets
from sources.simulator.orders.candidates import candidates_of
from sources.simulator.orders.conversations import hold_conversations
from sources.simulator.orders.differences import plant_in_invoices
from sources.simulator.orders.documents import make_documents
from sources.simulator.orders.experiences import (
    meet_lateness,
    meet_price_rises,
    meet_silence,
)
from sources.simulator.orders.fulfilment import decide_fate
from sources.simulator.orders.mailings import mailings, send
from sources.simulator.orders.payment_plans import PaymentPlan, plan_payments
from sources.simulator.orders.requests import LOOK_AHEAD_DAYS, Requests, make_requests
from sources.simulator.orders.returns import send_lines_back
from sources.simulator.orders.shelves import stock_shelf
from sources.simulator.orders.states import Known, judge
from sources.simulator.orders.thinning import keep_orders, note_orders
from sources.simulator.tracking.clicks import make_clicks
from sources.simulator.tracking.last_click import credited_campaigns, note_first_links
from sources.simulator.tracking.reminders import remind, reminder_rows
from sources.simulator.tracking.visits import make_visits
from sources.simulator.truth.goods import misbilled_rows, unmet_rows
from sources.simulator.truth.people import cause_rows
from sources.simulator.truth.tracking import path_rows
from sources.simulator.truth.visits import CartBook, VisitTotals, cart_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sources.simulator.orders.differences import DifferenceBook
    from sources.simulator.orders.placed import Placed
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.answers import Mailing, Sent
    from sources.simulator.world.world import World

ONLY = -1  # in place of a month, where a feed has one file
MONTHS_PER_FILE = 3  # fewer files load faster


class MonthlyFeeds:
    """The files that are being written, each of a quarter, or of all days where a feed has one.

    An order's visits may lie in the month before, so a file stays open for a month after its last.
    """

    def __init__(self, world: World, out: Path) -> None:
        self.rows = dict.fromkeys([*DATED_SUFFIX, *GATHERED_SUFFIX], 0)
        self._world = world
        self._out = out
        self._open: dict[tuple[str, int], FeedFile] = {}
        self._truth: dict[str, TruthFile] = {}

    def append(self, feed: str, frame: pl.DataFrame, month: int) -> None:
        """Writes rows into the feed's file that holds a month, named for its first."""
        self.rows[feed] += frame.height
        is_dated = feed in DATED_SUFFIX
        if is_dated and not frame.height:
            return
        first = month - month % MONTHS_PER_FILE if is_dated else ONLY
        if (feed, first) not in self._open:
            tag = self._world.calendar.month_names[first] if is_dated else ""
            self._open[feed, first] = FeedFile(self._out / "feeds", feed, tag)
        self._open[feed, first].append(frame)

    def append_by_month(self, feed: str, frame: pl.DataFrame, instant: str) -> None:
        """Writes rows into the files of the months that they happened in."""
        calendar = self._world.calendar
        day = np.maximum(calendar.days_of(frame[instant].to_numpy()), 0)
        months = calendar.month[day]
        first = months - months % MONTHS_PER_FILE
        for month in np.unique(first):
            mine = frame if (first == month).all() else frame.filter(pl.Series(first == month))
            self.append(feed, mine, int(month))

    def append_mailing(self, mailing: Mailing, sent: Sent, month: int) -> None:
        """Writes whom a mailing means, and its messages."""
        self.append("campaign_members", member_rows(self._world, mailing, sent), month)
        self.append("messages", message_rows(self._world, mailing, sent), month)

    def note(self, table: str, frame: pl.DataFrame) -> None:
        """Writes rows of the hidden truth."""
        if table not in self._truth:
            self._truth[table] = TruthFile(self._out / "truth", table)
        self._truth[table].append(frame)

    def close(self, before_month: int) -> None:
        """Closes the files whose last month is before one."""
        for feed, first in list(self._open):
            if first > ONLY and first + MONTHS_PER_FILE <= before_month:
                self._open.pop((feed, first)).close()

    def __enter__(self) -> MonthlyFeeds:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            for file in self._open.values():
                stack.callback(file.close)
            for table in self._truth.values():
                stack.callback(table.close)


def write_orders(
    world: World, out: Path, book: DifferenceBook, report: Callable[[str, float], None]
) -> tuple[dict[str, int], Payouts]:
    """Writes what follows from orders; says how many rows, and what is owed to vendors."""
    books = Books(Payouts(world), book, VisitTotals(world), CartBook())
    placed_before = 0
    months = world.calendar.month_names
    # Quotes and visits come before their order; nothing comes earlier than that.
    horizon = world.cutoff + LOOK_AHEAD_DAYS * DAY
    with MonthlyFeeds(world, out) as feeds:
        feeds.append("experiment_assignments", customer_assignments(world), ONLY)
        for month, name in enumerate(months):
            if int(world.calendar.midnight[world.calendar.month_days(month)[0]]) >= horizon:
                break
            report(f"orders of {name}", 0.95 * month / len(months))
            for mailing in mailings(world, month):
                feeds.append_mailing(mailing, send(world, mailing), month)
            feeds.append("inventory", inventory_rows(world, month), month)
            for number, (candidates, is_late) in enumerate(candidates_of(world, month)):
                piece = OrderPiece(world, candidates, (month, number), placed_before, late=is_late)
                if piece.order_count:
                    piece.write(feeds, books)
                placed_before += piece.order_count
            feeds.close(before_month=month)
        feeds.note("visits", books.totals.rows())
        feeds.note("carts", books.carts.rows())
    return feeds.rows, books.payouts


@dataclass(frozen=True, slots=True)
class Books:
    """What is gathered over all pieces of all months."""

    payouts: Payouts
    differences: DifferenceBook
    totals: VisitTotals
    carts: CartBook


class OrderPiece:
    """Some orders of a month and everything that follows from them."""

    def __init__(
        self,
        world: World,
        candidates: Placed,
        place: tuple[int, int],
        placed_before: int,
        *,
        late: bool,
    ) -> None:
        self._world = world
        self._month, self._piece = month, _ = place
        self._is_late = late
        shelf = stock_shelf(world, month)
        candidates, lines, self._unmet = fill_baskets(candidates, shelf, world, self._dice(41))
        fate = decide_fate(world, candidates, lines, self._dice(42))
        talks = hold_conversations(candidates, lines, fate, world.vendors, self._dice(164))
        if not late:  # what came of a late order would undo orders that are written already
            meet_lateness(world.buyers, candidates, lines, fate, self._dice(143))
            meet_silence(world.buyers, candidates, talks, self._dice(145))
            meet_price_rises(world.buyers, candidates, lines, world.offers)
        stays = candidates.ordered_at <= world.buyers.gone_at[candidates.who]
        placed, lines, fate, self._talks = keep_orders(stays, candidates, lines, fate, talks)
        self.order_count = placed.who.size
        placed = replace(placed, number=placed_before + np.arange(self.order_count))
        note_orders(world.buyers, placed, world.cutoff)
        self._known: Known = judge(placed, lines, fate, world.cutoff)

    def _dice(self, purpose: int) -> np.random.Generator:
        return stream(self._world.seed, purpose, self._month, self._piece)

    def write(self, feeds: MonthlyFeeds, books: Books) -> None:
        """Writes the rows known before the cutoff; asked only where an order stands."""
        disputes = self._world.size.differences_per_thousand > 0
        self._plan: PaymentPlan = plan_payments(self._known, self._dice(44), disputes=disputes)
        self._requests: Requests = make_requests(self._world, self._known, self._dice(70))
        orders = order_rows(self._world, self._known, self._requests, self._dice(43))
        is_web = (orders["channel"] == "web").to_numpy()
        visits = make_visits(self._world, self._known, is_web, self._requests, self._dice(71))
        credit = credited_campaigns(visits, self.order_count)
        note_first_links(self._world.profiles, self._known.placed, credit)
        credited = at_places(self._world.campaigns.ids, credit).alias("campaign_id")
        for feed, frame in self._commerce(orders.with_columns(credited)).items():
            feeds.append(feed, frame, self._month)
        feeds.note("order_causes", cause_rows(self._world, self._known.placed))
        feeds.note("stock_out_lines", unmet_rows(self._world, self._unmet))
        feeds.note("agreements_ignored", misbilled_rows(self._world, self._known))
        self._after_sales(feeds, books.payouts, books.differences)
        self._visits(feeds, visits, books)

    def _commerce(self, orders: pl.DataFrame) -> dict[str, pl.DataFrame]:
        world, known = self._world, self._known
        is_placed = pl.Series(known.placed.ordered_at < world.cutoff)
        lines_placed = is_placed.gather(pl.Series(known.lines.order))
        return {
            "orders": orders.filter(is_placed),
            "order_lines": line_rows(world, known).filter(lines_placed),
            "order_events": order_event_rows(known, world.vendors),
            "shipments": shipment_rows(known, world.vendors),
            "reviews": review_rows(world, known, self._dice(45)),
        }

    def _after_sales(self, feeds: MonthlyFeeds, payouts: Payouts, book: DifferenceBook) -> None:
        world, known = self._world, self._known
        returned = send_lines_back(known, self._dice(46))
        payouts.add(known, returned)
        documents = plant_in_invoices(
            make_documents(world, known, self._plan, returned, self._dice(47)),
            world.size.differences_per_thousand,
            self._dice(120),
        )
        invoices = invoice_rows(world, known, documents, book)
        payments = payment_rows(known, self._plan, documents, returned, self._dice(121))
        book.note_chargebacks(payments)
        tickets = open_tickets(known, self._dice(48))
        feeds.append("invoices", invoices, self._month)
        feeds.append("payments", payments, self._month)
        feeds.append("returns", return_rows(world, known, returned), self._month)
        feeds.append("tickets", ticket_rows(world, known, tickets), self._month)
        feeds.append("ticket_events", ticket_event_rows(known, tickets), self._month)
        surveys = survey_rows(world, known, tickets, self._dice(49))
        feeds.append("survey_responses", surveys, self._month)
        scans = shipment_event_rows(known, world.vendors)
        feeds.append("shipment_events", scans, self._month)
        registrations = registration_rows(world, known, self._dice(208))
        feeds.append("product_registrations", registrations, self._month)
        messages = vendor_message_rows(known, self._talks, world.vendors)
        feeds.append("vendor_messages", messages, self._month)

    def _visits(self, feeds: MonthlyFeeds, visits: Visits, books: Books) -> None:
        world, known, requests = self._world, self._known, self._requests
        feeds.append("quotes", quote_rows(world, known, requests), self._month)
        feeds.append("approvals", approval_rows(world, known, requests), self._month)
        books.totals.add(visits)
        clicks = make_clicks(world, known, visits, self._dice(72))
        rows = event_rows(world, known, visits, clicks, requests)
        feeds.append_by_month("events", rows, "occurred_at")
        feeds.note("attribution_paths", path_rows(world, known, visits))
        if not self._is_late:
            for mailing, sent, left in remind(world, known.placed, visits, self._piece):
                feeds.append_mailing(mailing, sent, self._month)
                reminded = reminder_rows(world, mailing, visits, left)
                feeds.note("cart_reminders", reminded)
                books.carts.watch(reminded["cart_id"])
        feeds.note("carts", books.carts.settled(cart_rows(world, known, visits), known.placed))
        for frame in visit_assignments(world, visits):
            feeds.append("experiment_assignments", frame, self._month)
