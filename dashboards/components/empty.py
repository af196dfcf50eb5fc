"""What pages say where there is nothing to show: all of it, in one place."""

from dashboards.components import states
from dashboards.listings.listing import Empty
from dashboards.words.messages import message
from dashboards.words.words import Words

NO_FIGURES = Empty(
    message("No orders in this period"), message("Choose a longer period to see figures.")
)
NO_SESSIONS = Empty(
    message("No sessions in this period"),
    message("Choose a longer period; if there are never any, connect the shop's clickstream."),
)
NO_MEASURES = Empty(message("No measures yet"), message("They begin with your first order."))
NO_SCORECARD = Empty(
    message("No scorecard yet"), message("It begins with the vendor's first order.")
)
NO_ATTENTION = Empty(
    message("No vendors need attention"), message("No vendor is likely to be beyond a limit.")
)
NO_LOOKS = Empty(
    message("Nothing to compare yet"),
    message(
        "It begins when, of one size, ten vendors have opened their pages within 28 days and ten"
        " have not."
    ),
)
UNKNOWN_VENDOR = Empty(
    message("Unknown vendor"),
    message("There is no vendor with this ID."),
    "/vendors",
    message("All vendors"),
)
UNKNOWN_ORDER = Empty(
    message("Order not found"),
    message("You have no order with this ID."),
    "/orders",
    message("All orders"),
)
UNKNOWN_CUSTOMER = Empty(
    message("Customer not found"), message("There is no customer with this ID.")
)
NO_CONSENTS = Empty(
    message("No consents"),
    message(
        "Nothing is on record of what this customer allowed. Without consent nobody may be written"
        " to."
    ),
)
NO_MEMBERSHIPS = Empty(
    message("In no segment"), message("No order stands, and no segment with a rule holds it.")
)
NO_LIMITS = Empty(
    message("No limits set"), message("Every vendor is judged by the limits for all vendors.")
)
NO_BROWSERS = Empty(
    message("No browsers"),
    message("No browser is linked to this customer: nobody signed in as the customer."),
)
NO_CONTACTS = Empty(message("No contacts"), message("The CRM knows no contact of this customer."))
NO_PEERS = Empty(
    message("No comparison yet"), message("It begins with your first orders in a month.")
)
NO_COMPLAINTS = Empty(
    message("No complaints"), message("Nobody complained or sent anything back in 90 days.")
)
COUNTS_NOWHERE = Empty(
    message("Counts in no current measure"), message("The order is outside the current periods.")
)
NO_PRODUCTS = Empty(
    message("No products yet"), message("You offer nothing here, and sold nothing in a year.")
)
NO_VISITS = Empty(
    message("No visits to show"),
    message("No whole month had ten visitors, or no system delivers visits of the shop."),
)
TOO_FEW_BUYERS = Empty(
    message("Too few buyers to show"),
    message("Groups of buyers are shown from ten people on, so that nobody can be told apart."),
)
NO_SALES_YET = Empty(
    message("No sales yet"), message("Payouts begin with your first delivered order.")
)
NO_PAYOUTS = Empty(
    message("No payouts"),
    message("Nothing was settled in this currency in a year, or no system delivers payouts here."),
)
UNKNOWN_PAYOUT = Empty(
    message("Payout not found"),
    message("You have no payout with this ID."),
    "/money",
    message("All payouts"),
)
NO_FEEDS = Empty(message("No feeds"), message("The pipeline has not described any feed yet."))
ALL_SYSTEMS_WELL = Empty(
    message("Every system is well"),
    message("No feed, check or comparison of a system that delivers has a problem."),
)
NOTHING_TO_COMPARE = Empty(message("Nothing to compare"), message("No order has been loaded yet."))


def show(words: Words, empty: Empty) -> None:
    """Say that there is nothing here, why, and where to go instead."""
    states.empty(
        words,
        words.say(empty.title),
        words.say(empty.explanation),
        link=empty.link,
        link_text=words.say(empty.link_text) if empty.link_text else "",
    )
