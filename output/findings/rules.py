"""What the suites of feeds and exports demand: one sentence per kind of rule."""

from typing import Final

from output.messages import message

RULES: Final = {
    "no_repeated_value": message("no two rows have the same {columns}"),
    "is_filled": message("{column} is never empty"),
    "is_in_list": message("{column} is one of the allowed values"),
    "is_currency": message("{column} is an ISO 4217 currency code"),
    "is_mail_address": message("{column} is a valid e-mail address"),
    "no_hidden_characters": message("{column} contains no control or direction characters"),
    "is_at_least": message("{column} is at least {low}"),
    "is_at_most": message("{column} is at most {high}"),
    "is_between": message("{column} is between {low} and {high}"),
    "is_not_before": message("{later} is not before {earlier}"),
    "is_known": message("{column} refers to a row of {feed} ({key})"),
    "no_contradiction": message(
        "rows received in the last 7 days with the same key and version are identical"
    ),
    "none_too_old": message(
        "no row arrives with {column} older than 400 days and older than the history"
    ),
    "commission_within_price": message(
        "a line's commission does not exceed its price including shipping"
    ),
    "currency_of_order": message("the currency is that of the order"),
    "unsubscribed_refuse": message(
        "whoever unsubscribed through a message has refused consent in consents"
    ),
    "orders_have_lines": message(
        "at most {limit} percent of the valid orders of the last 7 days have no lines"
    ),
    "event_ids_unique": message("no event id of the last 7 days stands for two different events"),
    "visitors_named": message(
        "at most {limit} percent of the events of the last 28 days lack the visitor although"
        " consent was not refused"
    ),
    "few_bots": message("at most {limit} percent of the events of the last 28 days come from bots"),
    "few_late_events": message(
        "at most {limit} percent of the events received in the last 7 days were two or more days"
        " late"
    ),
    "few_skewed_events": message(
        "at most {limit} percent of the events of the last 28 days are dated after their receipt"
    ),
    "no_mail_address": message("no value looks like an e-mail address"),
    "no_phone_number": message("no value looks like a phone number"),
    "no_mail_address_masked": message(
        "no value looks like an e-mail address (such values are masked in exports; check the"
        " source)"
    ),
    "no_phone_number_masked": message(
        "no value looks like a phone number (such values are masked in exports; check the source)"
    ),
    "no_other_vendor": message("no column refers to another vendor"),
    "rates_are_shares": message("every rate and share is between 0 and 1"),
    "no_small_group": message("{column} is 0 or at least {least} people"),
    "export_row_permitted": message("everybody who is sent may be sent"),
    "export_row_has_consent": message("each row has the version of the consent it rests on"),
    "export_row_is_plain": message("nothing is hashed before it is sent"),
    "export_column_reaches": message("at least half of {column} is an address or a number"),
    "contract_columns": message(
        "the columns are exactly those that the contract and the destination allow"
    ),
}
