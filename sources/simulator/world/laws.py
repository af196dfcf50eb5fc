"""The laws that the people of a simulated marketplace follow."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sources.simulator.world.crm_laws import crm_parameters
from sources.simulator.world.goods_laws import goods_parameters
from sources.simulator.world.money_laws import money_parameters
from sources.simulator.world.people_laws import people_parameters
from sources.simulator.world.service_laws import service_parameters
from sources.simulator.world.vendor_laws import vendor_parameters
from sources.simulator.world.visit_laws import visit_parameters

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


def parameters() -> dict[str, Any]:
    """The laws of the world, as the manifest lists them."""
    return {
        "consumer": asdict(CONSUMER),
        "business": asdict(BUSINESS),
        "crm": crm_parameters(),
        "service": service_parameters(),
        "vendors": vendor_parameters(),
        "goods": goods_parameters(),
        "money": money_parameters(),
        "people": people_parameters(),
        "visits": visit_parameters(),
    }
