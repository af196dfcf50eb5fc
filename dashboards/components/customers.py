"""Customers and companies, as an operator sees them: by name for those who may, else by id."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from dashboards.components import vendors
from dashboards.components.tables import Column
from dashboards.components.touchpoints import CHANNELS
from dashboards.context import Context
from dashboards.listings.filters import looks_personal
from dashboards.queries.reader import Row
from dashboards.viewer import may_see_people
from dashboards.words.messages import message, message_in
from dashboards.words.words import NOTHING

_TYPES = {"consumer": message("Person"), "business": message("Company")}
STATES = {
    "granted": message("Allowed"),
    "refused": message("Refused"),
    "suppressed": message("Objected"),
    "never_asked": message("Never asked"),
}
_PURPOSES = {
    "marketing": message("Marketing"),
    "analytics": message("Analysis"),
    "personalisation": message("Personal offers"),
    "profiling": message("Profiling"),
    "third_party_ads": message("Advertising of others"),
    "vendor_sharing": message("Sharing with vendors"),
}
_SOURCES = {
    "both": message("Shop and CRM agree"),
    "shop": message("Shop"),
    "crm": message("CRM"),
    "shop_over_crm": message("Shop; the CRM says something else"),
}
_ROLES = {
    "buyer": message_in("role", "Buyer"),
    "approver": message_in("role", "Approver"),
    "accountant": message_in("role", "Accountant"),
    "technician": message_in("role", "Technician"),
    "manager": message_in("role", "Manager"),
    "other": message_in("role", "Other"),
}
_PLACES = {
    "top": message("At the top"),
    "below": message("Below another company"),
    "orphan": message("Its parent company is unknown"),
    "circle": message("Belongs to itself in a circle"),
    "too_deep": message("Too many levels"),
}
_REASONS = {
    "email": message("Same e-mail address: likely the same"),
    "legal_name": message("Same legal name and country: possibly the same"),
}
_AGES = {
    "under_1_year": message("Under 1 year"),
    "1_to_2_years": message("1 to 2 years"),
    "2_to_3_years": message("2 to 3 years"),
    "over_3_years": message("Over 3 years"),
}
_WARRANTIES = {
    "running": message_in("warranty", "Running"),
    "ending": message_in("warranty", "Ends within 90 days"),
    "ended": message_in("warranty", "Ended"),
    "unknown": message_in("warranty", "Unknown"),
}


def name(context: Context, row: Row) -> str:
    """Return a customer's name for those who may see it, or else its id."""
    said = row["customer_name"] if may_see_people(context.viewer) else None
    return str(said or row["customer_id"])


def link(row: Row) -> str:
    """Return where a customer's page is; nowhere for one whose id says who it is."""
    customer_id = str(row["customer_id"] or "")
    if not customer_id or looks_personal(customer_id):
        return ""
    return f"/customer?customer={quote(customer_id, safe='')}"


def kind(context: Context, row: Row) -> str:
    """Return whether a customer is a person or a company."""
    code = row["customer_type"]
    return context.words.code(_TYPES, code) if code else NOTHING


def reason(context: Context, row: Row) -> str:
    """Return why a customer and a vendor are taken for one, and how sure that is."""
    return context.words.code(_REASONS, row["match_reason"])


def found_columns(context: Context) -> list[Column]:
    """Return the columns of customers that were found."""
    words = context.words
    return [
        Column(words.text("Customer"), lambda row: name(context, row), "strong", _link(context)),
        Column(words.text("ID"), lambda row: row["customer_id"]),
        Column(words.text("Type"), lambda row: kind(context, row)),
        Column(words.text("Country"), lambda row: row["country_code"] or NOTHING),
        Column(words.text("Orders"), lambda row: words.number(row["order_count"]), "number"),
        Column(words.text("Last order"), lambda row: words.day(row["last_order_date"])),
    ]


def found_company_columns(context: Context) -> list[Column]:
    """Return the columns of companies that were found, with all companies below them."""
    words = context.words
    return [
        Column(words.text("Company"), lambda row: _company(context, row), "strong", _link(context)),
        Column(words.text("ID"), lambda row: row["account_id"]),
        Column(
            words.text("Orders of the group"),
            lambda row: words.number(row["tree_order_count"]),
            "number",
        ),
        Column(
            words.text("Net sales of the group"),
            lambda row: words.money(row["tree_gmv_net"], row["currency_code"] or ""),
            "number",
        ),
    ]


def party_columns(context: Context) -> list[Column]:
    """Return the columns of those who buy and sell."""
    words = context.words
    to_vendor = vendors.link if context.has_page("operator_vendors") else None
    return [
        Column(words.text("Buys as"), lambda row: name(context, row), "strong", _link(context)),
        Column(words.text("Sells as"), vendors.name, "text", to_vendor),
        Column(words.text("Why"), lambda row: reason(context, row)),
    ]


def facts(context: Context, profile: Row) -> list[tuple[str, str]]:
    """Return what is known of a customer, and which system says it."""
    words = context.words

    def sourced(column: str, source: str) -> str:
        said = words.code(_SOURCES, profile[source]) if profile[source] else ""
        return f"{profile[column] or NOTHING} ({said})" if said else str(profile[column] or NOTHING)

    named = [("customer_name", "name_source")] if may_see_people(context.viewer) else []
    return [
        *((words.text("Name"), sourced(*each)) for each in named),
        (words.text("Country"), sourced("country_code", "country_source")),
        (words.text("Language"), sourced("language_code", "language_source")),
        (words.text("Contacts"), words.number(profile["contact_count"])),
        (words.text("First order"), words.day(profile["first_order_date"])),
        (words.text("Wishes to be reached by"), _channel(context, profile["stated_channel"])),
        (words.text("Most often answers by"), _habit(context, profile)),
        (words.text("Most often active"), _hour(context, profile)),
    ]


def consent_columns(context: Context) -> list[Column]:
    """Return the columns of what a customer allowed."""
    words = context.words
    return [
        Column(words.text("Purpose"), lambda row: words.code(_PURPOSES, row["purpose"]), "strong"),
        Column(words.text("Channel"), lambda row: words.code(CHANNELS, row["channel"])),
        Column(words.text("Consent"), lambda row: words.code(STATES, row["consent_state"])),
        Column(words.text("Since"), lambda row: words.day(row["stated_date"])),
        Column(words.text("Text version"), lambda row: row["text_version"] or NOTHING),
        Column(words.text("Address"), lambda row: _address(context, row)),
        Column(
            words.text("May be reached"),
            lambda row: words.text("yes") if row["is_contactable"] else words.text("no"),
        ),
    ]


def contact_columns(context: Context) -> list[Column]:
    """Return the columns of the people who act for a customer."""
    words, is_named = context.words, may_see_people(context.viewer)

    def called(row: Row) -> str:
        return str((row["contact_name"] if is_named else None) or row["contact_id"])

    return [
        Column(words.text("Contact"), called, "strong"),
        Column(
            words.text("Role"),
            lambda row: words.code(_ROLES, row["contact_role"]) if row["contact_role"] else NOTHING,
        ),
        Column(words.text("Language"), lambda row: row["language_code"] or NOTHING),
        Column(
            words.text("Wishes to be reached by"),
            lambda row: _channel(context, row["preferred_channel"]),
        ),
    ]


def company_columns(context: Context, rows: Sequence[Row]) -> list[Column]:
    """Return the columns of a corporate tree; each company says whom it belongs to."""
    words = context.words
    names = {row["account_id"]: _company(context, row) for row in rows}
    return [
        Column(words.text("Company"), lambda row: _company(context, row), "strong", _link(context)),
        Column(
            words.text("Belongs to"),
            lambda row: (
                names.get(row["parent_account_id"], str(row["parent_account_id"]))
                if row["parent_account_id"]
                else words.code(_PLACES, row["tree_state"])
            ),
        ),
        Column(words.text("Net sales"), lambda row: context.money(row["gmv_net"]), "number"),
        Column(
            words.text("With all below"), lambda row: context.money(row["tree_gmv_net"]), "number"
        ),
        Column(
            words.text("Share of the group"),
            lambda row: words.percent(row["share_of_group"]),
            "number",
        ),
        Column(
            words.text("Share of known demand"),
            lambda row: words.percent(row["share_of_wallet"]),
            "number",
        ),
    ]


def age(context: Context, row: Row) -> str:
    """Return how old a product in use is."""
    return context.words.code(_AGES, row["age_band"])


def warranty(context: Context, row: Row) -> str:
    """Return whether a product in use is under warranty."""
    return context.words.code(_WARRANTIES, row["warranty_state"])


def _link(context: Context) -> Callable[[Row], str] | None:
    return link if context.has_page("operator_customer") else None


def _company(context: Context, row: Row) -> str:
    said = row["account_name"] if may_see_people(context.viewer) else None
    return str(said or row["account_id"])


def _channel(context: Context, code: str | None) -> str:
    return context.words.code(CHANNELS, code) if code else NOTHING


def _habit(context: Context, profile: Row) -> str:
    words, sample = context.words, int(profile["channel_sample_count"])
    if profile["preferred_channel"] is None:
        return words.count("not known: only {n} case", "not known: only {n} cases", sample)
    channel = _channel(context, profile["preferred_channel"])
    return words.count("{channel}, of {n} case", "{channel}, of {n} cases", sample, channel=channel)


def _hour(context: Context, profile: Row) -> str:
    words, sample = context.words, int(profile["hour_sample_count"])
    hour = profile["preferred_hour"]
    if hour is None:
        return words.count("not known: only {n} case", "not known: only {n} cases", sample)
    span = words.text("{first} to {last}", first=f"{hour:02}:00", last=f"{(hour + 1) % 24:02}:00")
    return words.count("{hour}, of {n} case", "{hour}, of {n} cases", sample, hour=span)


def _address(context: Context, row: Row) -> str:
    words = context.words
    if row["channel"] == "any":
        return NOTHING
    if row["is_bounced"]:
        return words.text("the last message came back")
    return words.text("known") if row["has_address"] else words.text("none")
