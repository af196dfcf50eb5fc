"""The laws of sales and service: what makes a lead convert, how people are answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sources.simulator.arrays import DAY

if TYPE_CHECKING:
    from typing import Any

HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Origin:
    """A channel that brings leads; `odds` of converting against those of organic search."""

    name: str
    share: float  # of the leads that do not convert
    odds: float
    channel: str = ""  # the campaigns' channel behind it
    first_touch: str = "form_submitted"


@dataclass(frozen=True, slots=True)
class Answer:
    """How soon a lead is first contacted; `odds` of converting against those of the slowest."""

    name: str
    share: float
    odds: float
    earliest: int  # seconds after the lead came
    latest: int


ORIGINS = (
    Origin("organic_search", 0.26, 1.0),
    Origin("paid_search", 0.18, 0.7, "paid_search"),
    Origin("trade_fair", 0.10, 2.5, "fair", "fair_visited"),
    Origin("referral", 0.12, 3.0),
    Origin("social", 0.12, 0.4, "paid_social", "content_downloaded"),
    Origin("e-mail", 0.10, 1.0, "email", "webinar_attended"),
    Origin("direct", 0.12, 1.3),
)
ANSWERS = (
    Answer("within_an_hour", 0.30, 3.0, 120, HOUR),
    Answer("within_a_day", 0.45, 1.6, HOUR, DAY),
    Answer("later", 0.25, 1.0, DAY, 5 * DAY),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A place in the sales team; `odds` of its leads' converting against those of the first."""

    number: int  # of the person who holds it first
    team: str
    role: str
    odds: float = 1.0
    successor: int = 0
    passed_on: float = 2.0  # at which part of the world's time; 2 is never


NORTH, SOUTH = "new vendors north", "new vendors south"
SALES, DEVELOPMENT, ACCOUNTS, VENDORS = "sales", "development", "account_manager", "vendor_manager"
DESKS = (
    *(Desk(number, NORTH if number < 5 else SOUTH, SALES) for number in range(1, 8)),
    Desk(8, SOUTH, SALES, successor=9, passed_on=0.5),
    Desk(20, "development", DEVELOPMENT),
    Desk(21, "development", DEVELOPMENT),
    Desk(22, "development", DEVELOPMENT, odds=1.8),
    Desk(23, "development", DEVELOPMENT, odds=0.5),
    Desk(24, "development", DEVELOPMENT),
    Desk(25, "development", DEVELOPMENT, odds=2.5, successor=26, passed_on=0.6),
    *(Desk(number, "companies north", ACCOUNTS) for number in range(40, 43)),
    *(Desk(number, "companies south", ACCOUNTS) for number in range(43, 46)),
    *(Desk(number, "vendors", VENDORS) for number in range(60, 63)),
)
# How long the steps of an application take against each other, on average.
STEP_DAYS = (1.0, 4.0, 2.0, 2.0, 3.0, 5.0, 3.0, 1.0)
NEVER_ANSWERED = 0.05  # share of the leads without any prospect that nobody contacts
HANDOVER_REFUSED = 0.08  # share of hand-overs that are refused, and then made to somebody else
DEAL_CHANGES_HANDS = 0.12  # share of opportunities that a second person brings to the end


@dataclass(frozen=True, slots=True)
class End:
    """How something ends that leads to no order, and how often."""

    name: str
    share: float


QUOTED = 0.08  # share of companies' orders that a quote came before
LOST_QUOTES = 0.9  # quotes per quoted order that led to nothing
QUOTE_ENDS = (End("refused", 0.55), End("expired", 0.30), End("withdrawn", 0.15))
OTHER_OFFERS = 0.35  # chance of each of two further offers for what a company wants quoted
APPROVAL_LIMIT_CENTS = 50_000  # of goods, up to which a company's buyers mostly decide alone
SECOND_STEP_CENTS = 100_000  # above which somebody higher up decides as well
APPROVED_BELOW, APPROVED_ABOVE = 0.10, 0.45  # shares of orders that somebody had to allow
DENIED = 0.18  # requests per approved order that led to none
APPROVAL_ENDS = (End("refused", 0.7), End("expired", 0.3))
APPROVAL_EXPIRES_DAYS = 5


# Share of the lines with a warranty of which a unit is registered, by consumers and by companies.
REGISTERED = (0.15, 0.30)
REGISTERED_WITHIN_DAYS = 40


def desks(role: str) -> tuple[Desk, ...]:
    """The places of one role."""
    return tuple(desk for desk in DESKS if desk.role == role)


def crm_parameters() -> dict[str, Any]:
    """The laws, as the manifest lists them."""
    return {
        "lead_origins": [asdict(origin) for origin in ORIGINS],
        "lead_answers": [asdict(answer) for answer in ANSWERS],
        "development_odds": {f"rep-{desk.number}": desk.odds for desk in desks(DEVELOPMENT)},
        "application_step_days": STEP_DAYS,
        "lead_never_answered": NEVER_ANSWERED,
        "handover_refused": HANDOVER_REFUSED,
        "deal_changes_hands": DEAL_CHANGES_HANDS,
        "quoted": QUOTED,
        "lost_quotes_per_quoted_order": LOST_QUOTES,
        "quote_ends": {end.name: end.share for end in QUOTE_ENDS},
        "approval_limit_cents": APPROVAL_LIMIT_CENTS,
        "approval_second_step_cents": SECOND_STEP_CENTS,
        "approved_below_limit": APPROVED_BELOW,
        "approved_above_limit": APPROVED_ABOVE,
        "denied_per_approved_order": DENIED,
        "registered": {"consumers": REGISTERED[0], "companies": REGISTERED[1]},
        "approval_ends": {end.name: end.share for end in APPROVAL_ENDS},
    }
