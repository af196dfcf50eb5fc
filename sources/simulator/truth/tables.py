"""The hidden truth by table: what no feed tells, for tests to judge estimates by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.truth.crm import lead_conversion_truth
from sources.simulator.truth.demand import category_truth, day_truth, promotion_truth
from sources.simulator.truth.goods import affinity_truth, stock_out_truth, vendor_promotion_truth
from sources.simulator.truth.people import campaign_day_truth, campaign_truth, customer_truth
from sources.simulator.truth.tracking import bot_rows, identity_rows
from sources.simulator.truth.vendors import (
    action_truth,
    incident_truth,
    quality_truth,
    vendor_truth,
)
from sources.simulator.truth.visits import term_rows
from sources.simulator.world.experiments import CONTROL, LAWS, TREATMENT

if TYPE_CHECKING:
    from sources.simulator.orders.differences import DifferenceBook
    from sources.simulator.world.world import World


def truth_tables(world: World, book: DifferenceBook) -> dict[str, pl.DataFrame]:
    """The hidden truth by table name."""
    demand, categories, calendar = world.demand, world.categories, world.calendar
    return {
        "customers": customer_truth(world),
        "vendors": vendor_truth(world.vendors),
        "vendor_quality": quality_truth(world.vendors, calendar),
        "vendor_actions": action_truth(world.vendors, calendar),
        "incidents": incident_truth(calendar),
        "categories": category_truth(categories, demand, calendar),
        "days": day_truth(demand, calendar),
        "promotions": promotion_truth(world.promotions, demand, categories, calendar),
        "vendor_promotions": vendor_promotion_truth(world.promotions),
        "stock_outs": stock_out_truth(world),
        "product_affinity": affinity_truth(world),
        "campaigns": campaign_truth(world),
        "campaign_days": campaign_day_truth(world),
        "experiments": experiment_truth(),
        "lead_conversion": lead_conversion_truth(),
        "bots": bot_rows(world),
        "identities": identity_rows(world.buyers),
        "search_terms": term_rows(world),
        "reconciliation_differences": book.to_frame(calendar),
    }


def experiment_truth() -> pl.DataFrame:
    """The true rate of every variant."""
    return pl.DataFrame(
        [
            {
                "experiment_id": law.experiment_id,
                "variant": law.variants[variant],
                "metric": law.metric,
                "metric_sentence": law.metric_sentence,
                "true_rate": law.rate[variant],
            }
            for law in LAWS
            for variant in (CONTROL, TREATMENT)
        ]
    ).fill_nan(None)
