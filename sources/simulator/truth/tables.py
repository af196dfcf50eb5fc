"""The hidden truth by table: what no feed tells, for tests to judge estimates by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.truth.crm import lead_conversion_truth
from sources.simulator.truth.demand import category_truth, day_truth, promotion_truth
from sources.simulator.truth.goods import affinity_truth, stock_out_truth, vendor_promotion_truth
from sources.simulator.truth.people import customer_truth
from sources.simulator.truth.tracking import bot_rows, identity_rows
from sources.simulator.truth.visits import term_rows
from sources.simulator.world.experiments import CONTROL, LAWS, TREATMENT, VARIANTS
from sources.simulator.world.laws import CARRIER_LOSES, CARRIERS, GRADES, LATE_SHIPMENT_ARRIVES_LATE
from sources.simulator.world.vendors import Vendors, stock_out_probability

if TYPE_CHECKING:
    from sources.simulator.orders.differences import DifferenceBook
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.campaigns import Campaigns
    from sources.simulator.world.world import World


def truth_tables(world: World, book: DifferenceBook) -> dict[str, pl.DataFrame]:
    """The hidden truth by table name."""
    demand, categories, calendar = world.demand, world.categories, world.calendar
    chance = pl.Series("stock_out_probability", stock_out_probability(world.vendors))
    return {
        "customers": customer_truth(world),
        "vendors": vendor_truth(world.vendors).with_columns(chance),
        "categories": category_truth(categories, demand, calendar),
        "days": day_truth(demand, calendar),
        "promotions": promotion_truth(world.promotions, demand, categories, calendar),
        "vendor_promotions": vendor_promotion_truth(world.promotions),
        "stock_outs": stock_out_truth(world),
        "product_affinity": affinity_truth(world),
        "campaigns": campaign_truth(world.campaigns, calendar),
        "experiments": experiment_truth(),
        "lead_conversion": lead_conversion_truth(),
        "bots": bot_rows(world),
        "identities": identity_rows(world.buyers),
        "search_terms": term_rows(world),
        "reconciliation_differences": book.to_frame(calendar),
    }


def vendor_truth(vendors: Vendors) -> pl.DataFrame:
    """True probabilities of every vendor's parts, with the carrier's effect apart."""
    slow = np.array([carrier.late_probability for carrier in CARRIERS])[vendors.carrier]
    own = vendors.ships_late * LATE_SHIPMENT_ARRIVES_LATE
    return pl.DataFrame(
        {
            "vendor_id": vendors.ids,
            "grade": pick(tuple(law.grade for law in GRADES), vendors.grade),
            "size_weight": vendors.weight / vendors.weight.sum(),
            "ship_late_probability": vendors.ships_late,
            "deliver_late_probability_of_vendor": own,
            "carrier": pick(tuple(carrier.name for carrier in CARRIERS), vendors.carrier),
            "deliver_late_probability_of_carrier": slow,
            "lost_probability": np.full(own.size, CARRIER_LOSES),
            "deliver_late_probability": 1 - (1 - own) * (1 - slow) * (1 - CARRIER_LOSES),
            "cancel_probability": vendors.cancels,
            "unavailable_probability": vendors.unavailable,
            "rating_mean": vendors.rating_mean,
            "handling_days": vendors.handling_days,
        }
    )


def campaign_truth(campaigns: Campaigns, calendar: Calendar) -> pl.DataFrame:
    """How many visits each campaign causes per order of a day while it runs."""
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "visits_caused_per_order": campaigns.pull,
            "first_date": calendar.dates_of(campaigns.first_day),
            "last_date": calendar.dates_of(campaigns.last_day),
        }
    )


def experiment_truth() -> pl.DataFrame:
    """The true rate of every variant."""
    return pl.DataFrame(
        [
            {
                "experiment_id": law.experiment_id,
                "variant": VARIANTS[variant],
                "metric": law.metric,
                "metric_sentence": law.metric_sentence,
                "true_rate": law.rate[variant],
            }
            for law in LAWS
            for variant in (CONTROL, TREATMENT)
        ]
    )
