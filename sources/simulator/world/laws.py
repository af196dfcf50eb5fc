"""The laws that the people of a simulated marketplace follow."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sources.simulator.world.crm_laws import crm_parameters
from sources.simulator.world.goods_laws import goods_parameters
from sources.simulator.world.people_laws import people_parameters
from sources.simulator.world.service_laws import service_parameters

if TYPE_CHECKING:
    from typing import Any

BUSINESS_TIME_ZONE = "Europe/Berlin"
CURRENCY_CODE = "EUR"


@dataclass(frozen=True, slots=True)
class BuyerLaw:
    """How one kind of buyer comes back and spends.

    Purchases follow BG/NBD (Fader, Hardie & Lee 2005): rate ~ Gamma(rate_shape, 1/rate_days),
    and after every repeat purchase the buyer leaves with a probability ~ Beta(leave_a, leave_b).
    Order values follow Gamma-Gamma (Fader & Hardie 2013) with shapes value_p, value_q and scale
    value_gamma, in euros; the mean over buyers is value_p * value_gamma / (value_q - 1).
    """

    share: float
    rate_shape: float
    rate_days: float
    leave_a: float
    leave_b: float
    value_p: float
    value_q: float
    value_gamma: float


CONSUMER = BuyerLaw(0.88, 0.7, 50.0, 0.9, 3.2, 6.0, 4.5, 35.0)
BUSINESS = BuyerLaw(0.12, 1.6, 26.0, 0.7, 11.0, 5.0, 4.0, 230.0)
# Rates that belong to the marketplace, not to one vendor; all are shares of orders or of parts.
BUYER_CANCELS = 0.012
PLATFORM_CANCELS = 0.004
CARRIER_LOSES = 0.002
LATE_SHIPMENT_ARRIVES_LATE = 0.6  # share of parts handed over late that the promise cannot absorb
RATING_LOST_BY_LATENESS = 1.0
ORDER_IS_REVIEWED = 0.55
FOLLOW_UP_REVIEW = 0.03
RETURNED = 0.035


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier and how often it alone makes a delivery late."""

    name: str
    late_probability: float
    share: float


CARRIERS = (
    Carrier("Pelikan Parcel", 0.02, 0.5),
    Carrier("Nordlicht Freight", 0.035, 0.3),
    Carrier("Tramontane Express", 0.06, 0.2),
)


@dataclass(frozen=True, slots=True)
class QualityLaw:
    """What one grade of vendor does wrong, and how well it is liked."""

    grade: str
    share: float
    ships_late: float
    cancels: float
    unavailable: float
    rating_mean: float


# The bad grades are planted: each fails at one thing, "failing" at all, so that a scorecard can be
# judged by whom it finds. The rest are drawn around "ordinary".
GRADES = (
    QualityLaw("good", 0.15, 0.01, 0.003, 0.001, 4.7),
    QualityLaw("ordinary", 0.67, 0.05, 0.010, 0.004, 4.25),
    QualityLaw("late", 0.06, 0.22, 0.012, 0.004, 4.1),
    QualityLaw("cancelling", 0.05, 0.05, 0.080, 0.020, 4.1),
    QualityLaw("disliked", 0.04, 0.06, 0.010, 0.004, 3.1),
    QualityLaw("failing", 0.03, 0.25, 0.070, 0.020, 2.9),
)


def parameters() -> dict[str, Any]:
    """The laws of the world, as the manifest lists them."""
    return {
        "consumer": asdict(CONSUMER),
        "business": asdict(BUSINESS),
        "carriers": [asdict(carrier) for carrier in CARRIERS],
        "grades": [asdict(grade) for grade in GRADES],
        "buyer_cancels": BUYER_CANCELS,
        "platform_cancels": PLATFORM_CANCELS,
        "late_shipment_arrives_late": LATE_SHIPMENT_ARRIVES_LATE,
        "rating_lost_by_lateness": RATING_LOST_BY_LATENESS,
        "order_is_reviewed": ORDER_IS_REVIEWED,
        "returned": RETURNED,
        "crm": crm_parameters(),
        "service": service_parameters(),
        "goods": goods_parameters(),
        "people": people_parameters(),
    }
