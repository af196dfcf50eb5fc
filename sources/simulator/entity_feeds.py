"""The feeds of entities, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.chance import stream
from sources.simulator.feed_files import FeedFile, write_entity
from sources.simulator.feeds.accounts import account_rows, prospect_rows
from sources.simulator.feeds.activities import activity_rows
from sources.simulator.feeds.benchmark_prices import benchmark_rows
from sources.simulator.feeds.calendar import calendar_rows
from sources.simulator.feeds.campaigns import campaign_rows, cost_rows
from sources.simulator.feeds.categories import category_rows
from sources.simulator.feeds.consents import consent_rows
from sources.simulator.feeds.contacts import contact_rows
from sources.simulator.feeds.content import content_rows
from sources.simulator.feeds.credit_limits import credit_rows
from sources.simulator.feeds.customers import customer_pieces
from sources.simulator.feeds.exchange_rates import rate_rows
from sources.simulator.feeds.experiments import experiment_rows
from sources.simulator.feeds.lead_events import lead_event_rows
from sources.simulator.feeds.leads import lead_rows
from sources.simulator.feeds.offers import offer_rows
from sources.simulator.feeds.opportunities import opportunity_event_rows, opportunity_rows
from sources.simulator.feeds.price_agreements import agreement_rows
from sources.simulator.feeds.price_history import price_rows
from sources.simulator.feeds.products import product_rows
from sources.simulator.feeds.promotions import promotion_rows
from sources.simulator.feeds.sales_reps import rep_rows
from sources.simulator.feeds.vendor_applications import application_rows
from sources.simulator.feeds.vendor_contracts import contract_rows
from sources.simulator.feeds.vendor_documents import document_rows
from sources.simulator.feeds.vendor_steps import step_rows
from sources.simulator.feeds.vendors import vendor_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources.simulator.feeds.payouts import Payouts
    from sources.simulator.orders.differences import DifferenceBook
    from sources.simulator.world.world import World

PEOPLE = ("customers", "accounts", "contacts", "consents")


def people_pieces(world: World) -> Iterator[dict[str, pl.DataFrame]]:
    """Rows of customers, accounts, contacts and consents, some customers at a time."""
    people = (world.buyers, world.profiles, world.campaigns, world.calendar)
    pieces = customer_pieces(people, world.seed)
    for number, (who, customers) in enumerate(pieces):
        rng = stream(world.seed, 22, number)
        yield {
            "customers": customers.drop("place", "person").filter(
                pl.col("created_at") < world.cutoff
            ),
            "accounts": account_rows(world, who, customers),
            "contacts": contact_rows(world, who, customers, rng),
            "consents": consent_rows(world, who, rng),
        }
    yield {"accounts": prospect_rows(world)}


def write_entities(
    world: World, payouts: Payouts, book: DifferenceBook, feeds: Path
) -> dict[str, int]:
    """Writes the feeds of things and says how many rows each has."""
    rows = write_people(world, feeds)
    frames = {**partners(world), **sales(world), **surroundings(world)}
    frames["payouts"] = payouts.rows(book)
    return rows | {feed: write_entity(feeds, feed, [frame]) for feed, frame in frames.items()}


def write_people(world: World, feeds: Path) -> dict[str, int]:
    """Writes customers and what belongs to them, some customers at a time."""
    files = {feed: FeedFile(feeds, feed) for feed in PEOPLE}
    for piece in people_pieces(world):
        for feed, frame in piece.items():
            files[feed].append(frame)
    for file in files.values():
        file.close()
    return {feed: file.rows for feed, file in files.items()}


def partners(world: World) -> dict[str, pl.DataFrame]:
    """Vendors, what they sell, and how they were won."""
    vendors, categories, calendar = world.vendors, world.categories, world.calendar
    cutoff, seed = world.cutoff, world.seed
    return {
        "vendors": vendor_rows(vendors, calendar, cutoff, seed),
        "products": product_rows(world),
        "categories": category_rows(categories, calendar),
        "offers": offer_rows(world),
        "price_history": price_rows(world),
        "promotions": promotion_rows(world),
        "benchmark_prices": benchmark_rows(world),
        "leads": lead_rows(world),
        "vendor_applications": application_rows(world),
        "vendor_steps": step_rows(world),
        "vendor_contracts": contract_rows(world),
        "vendor_documents": document_rows(world),
    }


def sales(world: World) -> dict[str, pl.DataFrame]:
    """What the sales team and the ERP hold about companies."""
    return {
        "sales_reps": rep_rows(world),
        "lead_events": lead_event_rows(world),
        "opportunities": opportunity_rows(world),
        "opportunity_events": opportunity_event_rows(world),
        "activities": activity_rows(world),
        "credit_limits": credit_rows(world),
        "price_agreements": agreement_rows(world),
    }


def surroundings(world: World) -> dict[str, pl.DataFrame]:
    """Marketing, pages, and what is given."""
    return {
        "campaigns": campaign_rows(world.campaigns, world.calendar, world.cutoff),
        "campaign_costs": cost_rows(world.campaigns, world.calendar, world.cutoff, world.seed),
        "content": content_rows(world),
        "experiments": experiment_rows(world.experiments, world.cutoff),
        "calendar": calendar_rows(world),
        "exchange_rates": rate_rows(world),
    }
