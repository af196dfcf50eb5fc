"""The laws that vendors, their carriers and the marketplace's own machinery follow."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

# Rates that belong to the marketplace, not to one vendor; all are shares of orders or of parts.
BUYER_CANCELS = 0.012
PLATFORM_CANCELS = 0.004
CARRIER_LOSES = 0.002
GIVEN_UP_AFTER_DAYS = (10, 20)  # from the promise, when a lost parcel is given up and refunded
LATE_SHIPMENT_ARRIVES_LATE = 0.6  # share of parts handed over late that the promise cannot absorb
RATING_LOST_BY_LATENESS = 1.0
RATING_LOST_BY_DEFECTS = 1.5
ORDER_IS_REVIEWED = 0.55
FOLLOW_UP_REVIEW = 0.03
OF_PRODUCT = 0.6  # share of reviews that speak of a product
ATTEMPTED_FIRST = 0.1  # share of parcels whose first attempt finds nobody
THIRD_PARTY_SHARE = 0.33  # of parcels, packed and handed over by a fulfiller
USES_THIRD_PARTY = 0.8  # share of its parcels that a vendor with a fulfiller gives to it
THIRD_PARTY_CAUSES = 0.4  # share of late handovers through a fulfiller that are the fulfiller's
ASKS_VENDOR = 0.14  # share of parts whose buyer asks the vendor something
ASKS_WHEN_LATE = 0.3  # of those that arrive late, in addition
PATIENCE_HOURS = 72  # after which a question counts as unanswered
THANKS = 0.3  # share of answers that the buyer thanks for


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
    """What one grade of vendor does wrong, how fast it is, and how well it is liked.

    Times follow exponential laws with the mean given. Of the parts that arrive, `defective` come
    back for a fault of the goods and `sent_back` for any other reason.
    """

    grade: str
    share: float
    ships_late: float = 0.05
    cancels: float = 0.010
    unavailable: float = 0.004
    rating_mean: float = 4.25
    sent_back: float = 0.025
    defective: float = 0.012
    untracked: float = 0.03  # share of parcels without a valid number and a scan
    unanswered: float = 0.06  # share of questions that are never answered
    acceptance_hours: float = 2.0
    answer_hours: float = 5.0


# The bad grades are planted: each fails at one thing, "failing" at all, so that a scorecard can be
# judged by whom it finds. The rest are drawn around "ordinary".
GRADES = (
    QualityLaw("good", 0.15, 0.01, 0.003, 0.001, 4.7, 0.02, 0.004, 0.01, 0.01, 1.0, 2.0),
    QualityLaw("ordinary", 0.61),
    QualityLaw("late", 0.05, ships_late=0.22, cancels=0.012, rating_mean=4.1, acceptance_hours=6.0),
    QualityLaw("cancelling", 0.04, cancels=0.080, unavailable=0.020, rating_mean=4.1),
    QualityLaw("disliked", 0.03, ships_late=0.06, rating_mean=3.1),
    QualityLaw("returned", 0.03, rating_mean=3.9, sent_back=0.06, defective=0.09),
    QualityLaw("untracked", 0.03, ships_late=0.06, untracked=0.40),
    QualityLaw("silent", 0.03, rating_mean=4.0, unanswered=0.35, answer_hours=20.0),
    QualityLaw("failing", 0.03, 0.25, 0.070, 0.020, 2.9, 0.05, 0.06, 0.25, 0.30, 6.0, 18.0),
)
GRADE_NAMES = tuple(law.grade for law in GRADES)
GOOD, ORDINARY, LATE, CANCELLING = (
    GRADE_NAMES.index(name) for name in ("good", "ordinary", "late", "cancelling")
)
FAILING = GRADE_NAMES.index("failing")
SHARES = (  # of parts, each a probability
    "ships_late", "cancels", "unavailable", "sent_back", "defective", "untracked", "unanswered",
)  # fmt: skip
TIMES = ("acceptance_hours", "answer_hours")
QUALITY = (*SHARES, *TIMES, "rating_mean")


@dataclass(frozen=True, slots=True)
class Action:
    """What the operator does to a vendor, and what it truly changes."""

    step: str  # as the feed of steps names it
    late_share_factor: float  # of handovers that are late, from the day of the action on


ACTIONS = (Action("warning", 0.5), Action("consultation", 1.0))
ACTED_UPON = 0.08  # share of vendors, for each action


@dataclass(frozen=True, slots=True)
class Outage:
    """A carrier stands still in a country: what it holds in these days arrives late."""

    carrier: int  # place in CARRIERS
    country: int  # place in COUNTRIES, of the buyer
    first_day: int
    day_after: int


@dataclass(frozen=True, slots=True)
class PlatformFault:
    """Orders of these days reach their vendors a day late; some are cancelled by the platform."""

    first_day: int
    day_after: int


OUTAGE_BEGINS, OUTAGE_DAYS = 62, 14  # counted from the end of the world
FAULT_BEGINS, FAULT_DAYS = 131, 1
FAULT_CANCELS = 0.15
RECOVERY_BEGINS, TROUBLE_BEGINS = 75, 40


def outages(days: int) -> tuple[Outage, ...]:
    """The carriers' outages in a world of so many days."""
    first = days - OUTAGE_BEGINS
    return (Outage(1, 0, first, first + OUTAGE_DAYS),) if first > 0 else ()


def platform_faults(days: int) -> tuple[PlatformFault, ...]:
    """The days on which the platform itself failed, in a world of so many days."""
    first = days - FAULT_BEGINS
    return (PlatformFault(first, first + FAULT_DAYS),) if first > 0 else ()


def vendor_parameters() -> dict[str, Any]:
    """The laws of vendors, as the manifest lists them."""
    return {
        "carriers": [asdict(carrier) for carrier in CARRIERS],
        "grades": [asdict(grade) for grade in GRADES],
        "actions": [asdict(action) for action in ACTIONS],
        "buyer_cancels": BUYER_CANCELS,
        "platform_cancels": PLATFORM_CANCELS,
        "platform_cancels_on_a_day_of_fault": FAULT_CANCELS,
        "carrier_loses": CARRIER_LOSES,
        "given_up_after_days": GIVEN_UP_AFTER_DAYS,
        "late_shipment_arrives_late": LATE_SHIPMENT_ARRIVES_LATE,
        "rating_lost_by_lateness": RATING_LOST_BY_LATENESS,
        "rating_lost_by_defects": RATING_LOST_BY_DEFECTS,
        "order_is_reviewed": ORDER_IS_REVIEWED,
        "first_attempt_fails": ATTEMPTED_FIRST,
        "third_party_share": THIRD_PARTY_SHARE,
        "third_party_causes": THIRD_PARTY_CAUSES,
        "asks_vendor": ASKS_VENDOR,
        "asks_when_late": ASKS_WHEN_LATE,
        "patience_hours": PATIENCE_HOURS,
    }
