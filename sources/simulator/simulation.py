"""A whole marketplace on disk: its feeds in the canonical contracts, its truth beside them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.errors import PermanentSourceError
from sources.simulator.aftermath import payment_rows, review_rows
from sources.simulator.baskets import Placed, fill_baskets, stock_shelf
from sources.simulator.buyers import (
    Buyers,
    buy_until,
    customer_pieces,
    customer_truth,
    make_buyers,
    order_values,
)
from sources.simulator.calendar import Calendar, build_calendar
from sources.simulator.catalogue import (
    Categories,
    Products,
    Vendors,
    category_rows,
    make_categories,
    make_products,
    make_vendors,
    product_rows,
    vendor_rows,
)
from sources.simulator.chronicle import event_rows
from sources.simulator.demand import Demand, build_demand
from sources.simulator.fulfilment import decide_fate
from sources.simulator.knowledge import judge, line_rows, order_rows, shipment_rows
from sources.simulator.recruiting import recruiting_rows
from sources.simulator.truth import (
    category_truth,
    day_truth,
    parameters,
    promotion_truth,
    vendor_truth,
)
from sources.simulator.world import (
    BUSINESS_TIME_ZONE,
    CURRENCY_CODE,
    DEFAULT_DAYS,
    DEFAULT_END,
    SIZES,
    WorldSize,
    stream,
)
from sources.simulator.writing import ENTITIES, MONTHLY_SUFFIX, FeedFile, write_entity, write_truth

if TYPE_CHECKING:
    from datetime import date

Progress = Callable[[str, float], None]


class SimulationRefused(PermanentSourceError):  # noqa: N818 - it is an answer, not a fault
    """The world that was asked for cannot be made, or must not be written there."""


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was written where."""

    out: Path
    seed: int
    days: int
    end: date
    known_until: date
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is decided before the first order."""

    size: WorldSize
    seed: int
    cutoff: int
    calendar: Calendar
    demand: Demand
    vendors: Vendors
    categories: Categories
    products: Products
    buyers: Buyers


def simulate(
    size: str | WorldSize,
    days: int = DEFAULT_DAYS,
    seed: int = 1,
    out: Path = Path("marketplace"),
    end: date = DEFAULT_END,
    progress: Progress | None = None,
    *,
    known_until: date | None = None,
) -> SimulationSummary:
    """A marketplace of the days that end with `end`, written to `out`, and how many rows it has.

    The same arguments write the same bytes. Nothing after `known_until` (by default `end`) is
    known: an earlier one gives the same marketplace as its feeds looked on that evening.
    """
    world = build_world(size, days, seed, end, known_until or end)
    report = progress or (lambda _message, _done: None)
    # A run that stops half-way leaves nothing under the name asked for.
    draft = out.with_name(f"{out.name}.draft")
    check_target(out)
    shutil.rmtree(draft, ignore_errors=True)
    rows = write_orders(world, draft / "feeds", report)
    report("customers, vendors and products", 0.95)
    rows |= write_entities(world, draft / "feeds")
    write_truth(draft / "truth", truth_tables(world))
    summary = SimulationSummary(out, seed, days, end, known_until or end, rows)
    write_manifest(summary, world.size, draft / "truth" / "manifest.json")
    if out.exists():
        shutil.rmtree(out)
    draft.rename(out)
    report("done", 1.0)
    return summary


def build_world(size: str | WorldSize, days: int, seed: int, end: date, known_until: date) -> World:
    """The laws, the vendors and the customers of a world."""
    if isinstance(size, str):
        if size not in SIZES:
            raise SimulationRefused(f"size must be one of {', '.join(SIZES)}, not {size!r}")
        size = SIZES[size]
    if days < 1 or seed < 0:
        raise SimulationRefused(
            f"days must be at least 1 and seed at least 0, not {days} and {seed}"
        )
    calendar = build_calendar(end, days)
    if not 0 <= calendar.day_of(known_until) < days:
        raise SimulationRefused(
            f"known_until must lie between {calendar.first_day} and {end}, not {known_until}"
        )
    categories = make_categories(size, seed)
    vendors = make_vendors(size, calendar, seed)
    demand = build_demand(calendar, categories.popularity, seed)
    return World(
        size=size,
        seed=seed,
        cutoff=int(calendar.midnight[calendar.day_of(known_until) + 1]),
        calendar=calendar,
        demand=demand,
        vendors=vendors,
        categories=categories,
        products=make_products(size, vendors, categories, calendar, seed),
        buyers=make_buyers(size, demand, seed),
    )


def check_target(out: Path) -> None:
    """Refuses to replace anything that is not an earlier simulation."""
    if out.exists() and not (out / "truth" / "manifest.json").exists() and any(out.iterdir()):
        raise SimulationRefused(f"{out} holds something that is not a simulated marketplace")


def write_orders(world: World, feeds: Path, report: Progress) -> dict[str, int]:
    """Writes the monthly feeds; a row is in the file of the local month its order was placed in."""
    rows = dict.fromkeys(MONTHLY_SUFFIX, 0)
    placed_before = 0
    months = world.calendar.month_names
    for month, name in enumerate(months):
        report(f"orders of {name}", 0.95 * month / len(months))
        with ExitStack() as stack:
            written: dict[str, FeedFile] = {}
            for placed, piece in month_pieces(world, month, placed_before):
                placed_before += placed.who.size
                if int(placed.ordered_at[0]) >= world.cutoff:
                    continue
                for feed, frame in piece_rows(world, placed, month, piece).items():
                    if feed not in written:
                        folder, suffix = feeds / feed, MONTHLY_SUFFIX[feed]
                        file = FeedFile(folder, feed, suffix, f"{feed}-{name}")
                        written[feed] = stack.enter_context(file)
                    written[feed].append(frame)
                    rows[feed] += frame.height
    return rows


def month_pieces(world: World, month: int, number: int) -> Iterator[tuple[Placed, int]]:
    """The orders of a month in order of time, in pieces that fit into memory."""
    rng = stream(world.seed, 40, month)
    calendar, buyers = world.calendar, world.buyers
    who, moment = buy_until(buyers, world.demand, calendar.month_days(month)[1], rng)
    day, second = world.demand.local_time(buyers.clock[who], moment)
    at = calendar.at(day, second)
    in_time = np.lexsort((who, at))
    for piece, start in enumerate(range(0, who.size, world.size.orders_per_piece)):
        mine = in_time[start : start + world.size.orders_per_piece]
        yield (
            Placed(
                number=np.arange(number + start, number + start + mine.size),
                who=who[mine],
                clock=buyers.clock[who[mine]],
                is_test=buyers.is_test[who[mine]],
                value=order_values(buyers, who[mine], rng),
                day=day[mine],
                ordered_at=at[mine],
            ),
            piece,
        )


def piece_rows(world: World, placed: Placed, month: int, piece: int) -> dict[str, pl.DataFrame]:
    """The rows of every monthly feed for some orders, as far as known before the cutoff."""
    vendors, products, cutoff = world.vendors, world.products, world.cutoff

    def dice(purpose: int) -> np.random.Generator:
        return stream(world.seed, purpose, month, piece)

    shelf = stock_shelf(world.calendar, vendors, products, month)
    everything = (vendors, world.categories, products)
    lines = fill_baskets(placed, shelf, world.demand, everything, dice(41))
    fate = decide_fate(placed, lines, vendors, world.calendar, dice(42))
    known = judge(placed, lines, fate, cutoff)
    is_placed = pl.Series(placed.ordered_at < cutoff)
    payments = payment_rows(known, dice(44))
    lines_placed = is_placed.gather(pl.Series(lines.order))
    return {
        "orders": order_rows(known, dice(43)).filter(is_placed),
        "order_lines": line_rows(known, vendors, products).filter(lines_placed),
        "order_events": event_rows(known, vendors),
        "payments": payments.filter(pl.col("updated_at") > 0),
        "shipments": shipment_rows(known, vendors),
        "reviews": review_rows(known, vendors, dice(45)),
    }


def write_entities(world: World, feeds: Path) -> dict[str, int]:
    """Writes the feeds of things, one file each."""
    vendors, categories, calendar = world.vendors, world.categories, world.calendar
    cutoff, seed = world.cutoff, world.seed
    sellers = (vendors, categories)
    leads, applications = recruiting_rows(world.size.leads, sellers, calendar, cutoff, seed)
    pieces: dict[str, Iterator[pl.DataFrame] | list[pl.DataFrame]] = {
        "vendors": [vendor_rows(vendors, calendar, cutoff, seed)],
        "products": [product_rows(world.products, vendors, categories, calendar, cutoff)],
        "categories": [category_rows(categories, calendar)],
        "customers": customer_pieces(world.buyers, world.demand, calendar, cutoff, seed),
        "leads": [leads],
        "vendor_applications": [applications],
    }
    return {feed: write_entity(feeds, feed, pieces[feed]) for feed in ENTITIES}


def truth_tables(world: World) -> dict[str, pl.DataFrame]:
    """The hidden truth by table name."""
    demand, categories, calendar = world.demand, world.categories, world.calendar
    return {
        "customers": customer_truth(world.buyers, demand, calendar),
        "vendors": vendor_truth(world.vendors),
        "categories": category_truth(categories, demand, calendar),
        "days": day_truth(demand, calendar),
        "promotions": promotion_truth(demand, categories, calendar),
    }


def write_manifest(summary: SimulationSummary, size: WorldSize, path: Path) -> None:
    """Writes what made the world; it comes last, so that a folder that has it is whole."""
    manifest = {
        "seed": summary.seed,
        "days": summary.days,
        "end": summary.end.isoformat(),
        "known_until": summary.known_until.isoformat(),
        "size": asdict(size),
        "business_time_zone": BUSINESS_TIME_ZONE,
        "currency_code": CURRENCY_CODE,
        "parameters": parameters(),
        "rows": summary.rows,
    }
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")
