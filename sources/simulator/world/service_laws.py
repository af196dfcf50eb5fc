"""The laws of customer service: why people write, how soon a team answers, what they say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

KINDS = ("question", "complaint", "claim", "chargeback")
PRIORITIES = ("low", "normal", "high", "urgent")
RESOLUTIONS = ("answered", "refunded", "replaced", "denied", "withdrawn", "other")
DENIED = 3


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the service and how long it takes to answer first, on average."""

    name: str
    answer_hours: float


TEAMS = (Team("first line", 3.0), Team("orders", 7.0), Team("billing", 12.0), Team("vendors", 20.0))


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people write: the topic, the team, and the shares of KINDS and of RESOLUTIONS."""

    name: str
    topic: str
    team: int  # place in TEAMS
    kinds: tuple[float, ...]
    resolutions: tuple[float, ...]


CAUSES = (
    Cause("late", "delivery", 1, (0.40, 0.50, 0.09, 0.01), (0.74, 0.12, 0.06, 0.03, 0.03, 0.02)),
    Cause("return", "return", 1, (0.60, 0.25, 0.15, 0.0), (0.52, 0.25, 0.10, 0.08, 0.03, 0.02)),
    Cause("refund", "refund", 2, (0.35, 0.45, 0.14, 0.06), (0.30, 0.60, 0.0, 0.06, 0.02, 0.02)),
    Cause("cancelled", "refund", 2, (0.50, 0.40, 0.06, 0.04), (0.45, 0.50, 0.0, 0.02, 0.01, 0.02)),
    Cause("product", "product", 3, (0.55, 0.25, 0.20, 0.0), (0.50, 0.12, 0.20, 0.12, 0.03, 0.03)),
    Cause("payment", "payment", 2, (0.65, 0.20, 0.08, 0.07), (0.70, 0.15, 0.0, 0.08, 0.03, 0.04)),
    Cause("invoice", "invoice", 2, (0.80, 0.15, 0.05, 0.0), (0.85, 0.05, 0.0, 0.04, 0.02, 0.04)),
    Cause("vendor", "vendor", 3, (0.40, 0.50, 0.10, 0.0), (0.70, 0.10, 0.05, 0.08, 0.04, 0.03)),
    Cause("account", "account", 0, (0.95, 0.05, 0.0, 0.0), (0.92, 0.0, 0.0, 0.02, 0.02, 0.04)),
    Cause("price", "price", 0, (0.85, 0.15, 0.0, 0.0), (0.80, 0.06, 0.0, 0.08, 0.03, 0.03)),
    Cause("other", "other", 0, (0.90, 0.10, 0.0, 0.0), (0.85, 0.0, 0.0, 0.04, 0.04, 0.07)),
)
LATE, RETURN, REFUND, CANCELLED, FIRST_OTHER = range(5)  # places in CAUSES
NOT_OF_AN_ORDER = (8, 9, 10)
# Shares that write of the parts to which it happened; of all parts in the end, about anything.
WRITES_OF_LATE, WRITES_OF_RETURN, WRITES_OF_REFUND = 0.22, 0.18, 0.08
WRITES_OF_CANCELLATION, WRITES_OF_ANYTHING = 0.10, 0.025
OTHERS = (0.26, 0.12, 0.10, 0.12, 0.20, 0.10, 0.10)  # shares of the causes from FIRST_OTHER on
PRIORITY_OF_KIND = (
    (0.3, 0.65, 0.05, 0.0),
    (0.05, 0.6, 0.3, 0.05),
    (0.0, 0.3, 0.6, 0.1),
    (0, 0, 0.2, 0.8),
)
ANSWER_SHAPE = 1.5  # of the gamma law of the time until a team's first answer
HANDED_OVER = 0.12  # share of tickets that the first team gives to another one
ESCALATED = 0.15  # share of complaints, claims and chargebacks
REPLIES = 0.45  # chance that a person answers the answer, and once more
REOPENED, REOPENED_WHEN_DENIED = 0.07, 0.30
NPS_LOST_BY_LATENESS, CSAT_LOST_BY_LATENESS = 3.0, 1.2  # points of the expected answer
PROMPT_HOURS = 12  # until the first answer, up to which it counts as prompt
CSAT_LOST_BY_SLOWNESS = 1.2
CES_LOST_BY_REPLY, CES_LOST_BY_HANDOVER = 0.9, 1.2


def service_parameters() -> dict[str, Any]:
    """The laws, as the manifest lists them."""
    return {
        "teams": [asdict(team) for team in TEAMS],
        "causes": [asdict(cause) for cause in CAUSES],
        "writes_of_late": WRITES_OF_LATE,
        "writes_of_return": WRITES_OF_RETURN,
        "writes_of_refund": WRITES_OF_REFUND,
        "writes_of_cancellation": WRITES_OF_CANCELLATION,
        "writes_of_anything": WRITES_OF_ANYTHING,
        "handed_over": HANDED_OVER,
        "escalated": ESCALATED,
        "replies": REPLIES,
        "reopened": REOPENED,
        "reopened_when_denied": REOPENED_WHEN_DENIED,
        "nps_lost_by_lateness": NPS_LOST_BY_LATENESS,
        "csat_lost_by_lateness": CSAT_LOST_BY_LATENESS,
        "csat_lost_by_slowness": CSAT_LOST_BY_SLOWNESS,
        "ces_lost_by_reply": CES_LOST_BY_REPLY,
        "ces_lost_by_handover": CES_LOST_BY_HANDOVER,
    }
