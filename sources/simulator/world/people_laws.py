"""The laws of people: how long there have been customers, why they leave, what they answer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

EARLIER = 0.5  # how long the shop sold before the world's first day, in the world's length
DEAL_SEEKERS = 0.18  # share of consumers who buy mostly in promotions
DEAL_FACTOR = 10.0  # how much likelier they buy on a day of a promotion than on another
STAYS, BY_CHANCE, LATE_DELIVERY, UNANSWERED_MESSAGE, PRICE_RISE = range(5)
REASONS = ("", "chance", "late_delivery", "unanswered_message", "price_rise")
# How likely each experience makes a customer leave for good at its very moment; whoever does not
# leave is as likely to buy again as if nothing had been.
LEAVES = {LATE_DELIVERY: 0.12, UNANSWERED_MESSAGE: 0.15, PRICE_RISE: 0.08}
REMEMBERED_DAYS = 60  # how long a buyer remembers what was paid

# Mail: who is a member of a campaign, who of them is held out, and how those reached answer.
HOLDOUT = 0.12  # share of each campaign's members who are not mailed
WINDOW_DAYS = 7  # how long after a mailing begins it causes orders
# One further order within the window per mail delivered, by the kind of campaign.
ORDERS_CAUSED = {"newsletter": 0.02, "promotion": 0.04, "reactivation": 0.03}
REMINDED_AFTER_HOURS = 24  # after a cart was left, to those who may be mailed, once a month
CART_HOLDOUT = 0.25  # share of them who are not reminded
RECOVERED = 0.10  # orders that a reminder causes, of those who would not have come back
CLICKS_FIRST = 0.85  # share of the orders a mail causes that follow a click in it
# What the CRM says brought a customer is the last link before the first order, but for shares:
LINK_LOST = 0.15  # of customers who followed a link: none is named
LINK_MISTAKEN = 0.06  # of all customers since the first day: another campaign of the day is named
ACQUIRED = 0.25  # share of the customers since the first day whom a paid campaign brought
ARRIVES_WITHIN = 4  # days after the click in which they first buy, on days that they buy on anyway
WEEKLY_PUSH = 0.8  # standard deviation of the logarithm of what a week's clicks may cost
ALLOWS_PROFILE = 0.3  # share of those who allow mail that let the shop know them better
TELLS_BIRTHDAY = 0.7  # share of those who tell their birthday and gender
ALLOWS_ADS = 0.2  # share of those who allow mail whom advertising elsewhere may know
SHARES_WITH_VENDOR = 0.08  # share of customers who let a vendor have their data
WITHDRAWS = 0.1  # share of such permissions that are taken back
WAYS = ("email", "phone", "post", "sms", "portal")  # by which a person may be reached
EMAIL, SMS = 0, 3
WAY_SHARES = (0.45, 0.20, 0.10, 0.15, 0.10)  # of people who answer best to it
ANSWERS_OWN_WAY = 1.4  # how much likelier they open what comes by it than people do on average
SAYS_OWN_WAY = 0.8  # share of people who say so when asked
TAKES_SMS = 0.35  # share of those who allow mail that allow text messages too
BY_SMS = 0.5  # share of a campaign's messages to them that are one
HOURS = ((6, 9), (11, 14), (15, 18), (19, 22))  # the bands of local hours in which people read
HOUR_SHARES = (0.25, 0.20, 0.15, 0.40)
READS_IN_OWN_HOURS = 0.7  # share of messages opened in the person's own band


def other_way(way: int) -> float:
    """How likely people open what comes by a way that is not their own, against the average."""
    return (1 - WAY_SHARES[way] * ANSWERS_OWN_WAY) / (1 - WAY_SHARES[way])


def people_parameters() -> dict[str, Any]:
    """The laws of customers, as the manifest lists them."""
    return {
        "deal_seekers": DEAL_SEEKERS,
        "deal_factor": DEAL_FACTOR,
        "leaves": {REASONS[reason]: probability for reason, probability in LEAVES.items()},
        "price_remembered_days": REMEMBERED_DAYS,
        "holdout": HOLDOUT,
        "orders_caused_per_mail": ORDERS_CAUSED,
        "orders_caused_within_days": WINDOW_DAYS,
        "reminded_after_hours": REMINDED_AFTER_HOURS,
        "cart_holdout": CART_HOLDOUT,
        "recovered_per_reminder": RECOVERED,
        "clicks_first": CLICKS_FIRST,
        "acquired": ACQUIRED,
        "link_lost": LINK_LOST,
        "link_mistaken": LINK_MISTAKEN,
        "acquired_within_days": ARRIVES_WITHIN,
        "ways": dict(zip(WAYS, WAY_SHARES, strict=True)),
        "answers_own_way": ANSWERS_OWN_WAY,
        "hours": HOURS,
        "hour_shares": HOUR_SHARES,
        "reads_in_own_hours": READS_IN_OWN_HOURS,
    }
