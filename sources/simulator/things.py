"""The feeds of things, one file each, and the truth about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.buyers import customer_truth
from sources.simulator.campaigning import campaign_rows, cost_rows
from sources.simulator.catalogue import category_rows, product_rows, vendor_rows
from sources.simulator.dealing import agreement_rows, credit_rows
from sources.simulator.experimenting import experiment_rows, experiment_truth
from sources.simulator.offering import offer_rows, price_rows, stock_out_probability
from sources.simulator.onboarding import contract_rows, document_rows, step_rows
from sources.simulator.people import people_pieces
from sources.simulator.recruiting import recruiting_rows
from sources.simulator.reference import calendar_rows, content_rows, rate_rows
from sources.simulator.selling import (
    activity_rows,
    lead_event_rows,
    opportunity_event_rows,
    opportunity_rows,
    rep_rows,
)
from sources.simulator.tracking_truth import bot_rows, identity_rows
from sources.simulator.truth import (
    campaign_truth,
    category_truth,
    day_truth,
    promotion_truth,
    vendor_truth,
)
from sources.simulator.writing import FeedFile, write_entity

if TYPE_CHECKING:
    from pathlib import Path

    from sources.simulator.building import World
    from sources.simulator.differences import DifferenceBook
    from sources.simulator.settlement import Settlement

PEOPLE = ("customers", "accounts", "contacts", "consents")


def write_things(
    world: World, settlement: Settlement, book: DifferenceBook, feeds: Path
) -> dict[str, int]:
    """Writes the feeds of things and says how many rows each has."""
    rows = write_people(world, feeds)
    frames = {**partners(world), **dealings(world), **surroundings(world)}
    frames["payouts"] = settlement.rows(book)
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
    sellers = (vendors, categories)
    leads, applications = recruiting_rows(world.size.leads, sellers, calendar, cutoff, seed)
    return {
        "vendors": vendor_rows(vendors, calendar, cutoff, seed),
        "products": product_rows(world.products, vendors, categories, calendar, cutoff),
        "categories": category_rows(categories, calendar),
        "offers": offer_rows(world),
        "price_history": price_rows(world),
        "leads": leads,
        "vendor_applications": applications,
        "vendor_steps": step_rows(world),
        "vendor_contracts": contract_rows(world),
        "vendor_documents": document_rows(world),
    }


def dealings(world: World) -> dict[str, pl.DataFrame]:
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


def truth_tables(world: World, book: DifferenceBook) -> dict[str, pl.DataFrame]:
    """The hidden truth by table name."""
    demand, categories, calendar = world.demand, world.categories, world.calendar
    chance = pl.Series("stock_out_probability", stock_out_probability(world))
    return {
        "customers": customer_truth(world.buyers, demand, calendar),
        "vendors": vendor_truth(world.vendors).with_columns(chance),
        "categories": category_truth(categories, demand, calendar),
        "days": day_truth(demand, calendar),
        "promotions": promotion_truth(demand, categories, calendar),
        "campaigns": campaign_truth(world.campaigns, calendar),
        "experiments": experiment_truth(),
        "bots": bot_rows(world),
        "identities": identity_rows(np.arange(world.buyers.rate.size)),
        "reconciliation_differences": book.to_frame(calendar),
    }
