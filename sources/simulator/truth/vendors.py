"""What is true of vendors, their carriers and the platform, and no feed tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick, taken
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.quality import FAR
from sources.simulator.world.vendor_courses import ACTED, COURSES
from sources.simulator.world.vendor_laws import (
    ACTIONS,
    CARRIER_LOSES,
    CARRIERS,
    GRADE_NAMES,
    LATE_SHIPMENT_ARRIVES_LATE,
    Outage,
    PlatformFault,
    outages,
    platform_faults,
)
from sources.simulator.world.vendors import Vendors, stock_out_probability

if TYPE_CHECKING:
    from datetime import date

    from sources.simulator.world.calendar import Calendar

LATE_BY_CARRIER = np.array([carrier.late_probability for carrier in CARRIERS])


def vendor_truth(vendors: Vendors) -> pl.DataFrame:
    """What stays true of a vendor as long as there is one."""
    return pl.DataFrame(
        {
            "vendor_id": vendors.ids,
            "size_weight": vendors.weight / vendors.weight.sum(),
            "course": pick(COURSES, vendors.course),
            "carrier": pick(tuple(carrier.name for carrier in CARRIERS), vendors.carrier),
            "deliver_late_probability_of_carrier": LATE_BY_CARRIER[vendors.carrier],
            "lost_probability": np.full(vendors.weight.size, CARRIER_LOSES),
            "stock_out_probability": stock_out_probability(vendors),
            "handling_days": vendors.handling_days,
            "has_third_party": vendors.has_third_party,
        }
    )


def quality_truth(vendors: Vendors, calendar: Calendar) -> pl.DataFrame:
    """The probabilities, times and grade of every vendor in each of its periods.

    They hold for parts ordered on its days; what a carrier or the platform does comes on top.
    """
    quality = vendors.quality
    vendor, period = np.nonzero(quality.begins < FAR)
    begins = quality.begins[vendor, period]
    follows = np.append(vendor[1:] == vendor[:-1], [False])
    ends = np.where(follows, np.append(begins[1:], 0) - 1, FAR)
    own = quality.laws["ships_late"][vendor, period] * LATE_SHIPMENT_ARRIVES_LATE
    slow = LATE_BY_CARRIER[vendors.carrier[vendor]]
    dates = calendar.dates_of(np.where(begins < 0, 0, begins))
    return pl.DataFrame(
        {
            "vendor_id": taken(vendors.ids, vendor),
            "period": period + 1,
            "first_date": dates,
            "last_date": calendar.dates_of(np.minimum(ends, calendar.day_count - 1)),
            "grade": pick(GRADE_NAMES, quality.grade[vendor, period]),
            **{name: values[vendor, period] for name, values in quality.laws.items()},
            "delivers_late_by_itself": own,
            "delivers_late": 1 - (1 - own) * (1 - slow) * (1 - CARRIER_LOSES),
        }
    )


def action_truth(vendors: Vendors, calendar: Calendar) -> pl.DataFrame:
    """What the operator did to whom, and what it truly does to late handovers from then on."""
    acted = np.flatnonzero(vendors.course == ACTED)
    action = vendors.action[acted]
    factor = np.array([action.late_share_factor for action in ACTIONS])
    return pl.DataFrame(
        {
            "vendor_id": taken(vendors.ids, acted),
            "action": pick(tuple(action.step for action in ACTIONS), action),
            "acted_on": calendar.dates_of(vendors.acted_day[acted]),
            "late_share_factor": factor[action],
        }
    )


def incident_truth(calendar: Calendar) -> pl.DataFrame:
    """Outages of carriers and faults of the platform, with the days they lasted."""
    days = calendar.day_count

    def lasted(event: Outage | PlatformFault) -> tuple[date, date]:
        return calendar.date_of(event.first_day), calendar.date_of(event.day_after - 1)

    held = [
        ("carrier_outage", CARRIERS[e.carrier].name, COUNTRIES[e.country].code, *lasted(e))
        for e in outages(days)
    ]
    failed = [("platform_fault", None, None, *lasted(e)) for e in platform_faults(days)]
    schema = {
        "kind": pl.String,
        "carrier": pl.String,
        "country_code": pl.String,
        "first_date": pl.Date,
        "last_date": pl.Date,
    }
    return pl.DataFrame([*held, *failed], schema=schema, orient="row")
