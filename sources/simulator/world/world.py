"""The world before its first order: laws, vendors, customers, campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.errors import PermanentSourceError
from sources.simulator.world.acquisition import bring_customers
from sources.simulator.world.affinity import Affinity, plant_affinity
from sources.simulator.world.agreements import Agreements, make_agreements
from sources.simulator.world.answers import Answers
from sources.simulator.world.buyers import Buyers, make_buyers
from sources.simulator.world.calendar import Calendar, build_calendar
from sources.simulator.world.campaigns import Campaigns, plan_campaigns
from sources.simulator.world.catalogue import Categories, Products, make_categories, make_products
from sources.simulator.world.demand import Demand, build_demand
from sources.simulator.world.experiments import Experiments, plan_experiments
from sources.simulator.world.offers import Offers, make_offers
from sources.simulator.world.profiles import Profiles, make_profiles
from sources.simulator.world.promotions import Promotions, make_promotions
from sources.simulator.world.prospects import Prospects, find_prospects
from sources.simulator.world.purchases import live_before
from sources.simulator.world.sizes import SIZES, WorldSize
from sources.simulator.world.vendors import Vendors, make_vendors

if TYPE_CHECKING:
    from datetime import date


class SimulationRefused(PermanentSourceError):  # noqa: N818 - it is an answer, not a fault
    """The world that was asked for cannot be made, or must not be written there."""


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
    offers: Offers
    promotions: Promotions
    affinity: Affinity
    agreements: Agreements
    buyers: Buyers
    profiles: Profiles
    prospects: Prospects
    campaigns: Campaigns
    answers: Answers
    experiments: Experiments


def size_named(size: str | WorldSize) -> WorldSize:
    """The size of a name, or what was given; SimulationRefused where there is none of the name."""
    if isinstance(size, WorldSize):
        return size
    if size not in SIZES:
        raise SimulationRefused(f"size must be one of {', '.join(SIZES)}, not {size!r}")
    return SIZES[size]


def asked_days(days: int, seed: int, end: date, known_until: date) -> Calendar:
    """The calendar of the days asked for; SimulationRefused where they make no world."""
    if days < 1 or seed < 0:
        raise SimulationRefused(
            f"days must be at least 1 and seed at least 0, not {days} and {seed}"
        )
    calendar = build_calendar(end, days)
    if not 0 <= calendar.day_of(known_until) < days:
        raise SimulationRefused(
            f"known_until must lie between {calendar.first_day} and {end}, not {known_until}"
        )
    return calendar


def build_world(size: WorldSize, days: int, seed: int, end: date, known_until: date) -> World:
    """The laws, the vendors and the customers of a world."""
    calendar = asked_days(days, seed, end, known_until)
    categories = make_categories(size, seed)
    vendors = make_vendors(size, calendar, seed)
    demand = build_demand(calendar, categories.popularity, seed)
    buyers = make_buyers(size, demand, seed)
    campaigns = plan_campaigns(demand, calendar, size, seed)
    acquired_by = bring_customers(buyers, campaigns, demand, seed)
    profiles = make_profiles(buyers, acquired_by, demand, calendar, seed)
    live_before(buyers, demand, calendar, seed)
    products = make_products(size, vendors, categories, calendar, seed)
    offers = make_offers(vendors, products, calendar, seed)
    prospects = find_prospects(size.leads, vendors, (buyers, profiles), calendar, seed)
    return World(
        size=size,
        seed=seed,
        cutoff=int(calendar.midnight[calendar.day_of(known_until) + 1]),
        calendar=calendar,
        demand=demand,
        vendors=vendors,
        categories=categories,
        products=products,
        offers=offers,
        promotions=make_promotions(demand, vendors, calendar, seed),
        affinity=plant_affinity(products, vendors, seed),
        agreements=make_agreements(buyers, prospects, (categories, offers), calendar),
        buyers=buyers,
        profiles=profiles,
        prospects=prospects,
        campaigns=campaigns,
        answers=Answers(campaigns.ids.len()),
        experiments=plan_experiments(calendar),
    )
