"""The suite of what leaves: exactly the promised columns, and nobody whom they do not name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_quality import expectations as expect
from data_quality.destinations import destination_of
from data_quality.rules import Rule, Suite
from output.findings.finding import Finding

# Sums that pipelines ask of the whole table.
MAIL_LIKE = "mail_like_count"
PHONE_LIKE = "phone_like_count"
FOREIGN_VENDORS = "foreign_vendor_count"
IMPOSSIBLE_RATES = "impossible_rate_count"

_PERSONAL = re.compile(
    r"(^|_)(e?mail|phone|mobile|first_name|last_name|legal_name|customer_name|buyer_name|address|"
    r"street|postal_code|zip|birth_date|iban|customer_id|contact_id|visitor_id|ip)($|_)"
)
_PEOPLE = re.compile(r"^((customer|buyer|visitor|contact)_count|people_in_tens|converted_in_tens)$")
# Decision 9: a group of fewer people than this is not shown to a vendor.
SMALLEST_GROUP = 10


@dataclass(frozen=True, slots=True)
class ExportContract:
    """What is promised of a table that leaves, and to which destination."""

    name: str
    destination: str
    columns: Mapping[str, str]  # their types, in small letters
    key: Sequence[str]
    personal: frozenset[str] = frozenset()  # the columns that are marked as such
    vendor_references: frozenset[str] = frozenset()  # those that are declared to name a vendor
    is_shared: bool = False  # the same for every vendor


def export_suite(contract: ExportContract) -> Suite:
    """The suite of an export, as its destination's rules want it.

    Raises:
        UnknownDestination: there are no rules for it.
    """
    destination = destination_of(contract.destination)
    blocks, masked = (False, "_masked") if destination.masks_contact_details else (True, "")
    rules = [
        expect.exact_columns(_allowed(contract)),
        *([expect.unique(list(contract.key))] if contract.key else []),
        expect.fact(MAIL_LIKE, 0, Finding.of(f"no_mail_address{masked}"), blocks=blocks),
        expect.fact(PHONE_LIKE, 0, Finding.of(f"no_phone_number{masked}"), blocks=blocks),
    ]
    if destination.is_one_vendors:
        rules += _vendors_own(contract)
    if destination.has_shares_of_one and any(is_rate(column) for column in contract.columns):
        rules.append(_nothing(IMPOSSIBLE_RATES, "rates_are_shares"))
    return Suite(name=contract.name, title=f"Export {contract.name}", rules=tuple(rules))


def _vendors_own(contract: ExportContract) -> list[Rule]:
    rules = [_large_enough(column) for column in contract.columns if _PEOPLE.search(column)]
    if "vendor_id" in contract.columns:
        rules.append(expect.never_empty("vendor_id"))
        if foreign_references(contract):
            rules.append(_nothing(FOREIGN_VENDORS, "no_other_vendor"))
    return rules


def foreign_references(contract: ExportContract) -> list[str]:
    """The columns beside `vendor_id` that name a vendor: by declaration, or by their name.

    Equal values say nothing: where everything is numbered from 1, order 7 is not vendor 7.
    """
    return [
        name
        for name in contract.columns
        if name != "vendor_id"
        and (name in contract.vendor_references or name.endswith("_vendor_id"))
    ]


def _allowed(contract: ExportContract) -> list[str]:
    """The columns that may leave and those that must; what else is there, or not, is found."""
    destination, marked = destination_of(contract.destination), contract.personal
    kept = marked if destination.allows_personal_data else frozenset()
    refused = {name for name in contract.columns if name in marked or is_personal(name)} - kept
    allowed = [name for name in contract.columns if name not in refused]
    needs_vendor = destination.is_one_vendors and not contract.is_shared
    return allowed + (["vendor_id"] if needs_vendor and "vendor_id" not in allowed else [])


def is_personal(column: str) -> bool:
    """Whether a column's name says that its values speak of a person."""
    return _PERSONAL.search(column) is not None


def is_rate(column: str) -> bool:
    """Whether a column's values are shares of one; an exchange rate is a price."""
    names = {"rate", "rate_estimate", "rate_lower", "rate_upper"}
    return column in names or (column.endswith(("_rate", "_share")) and column != "exchange_rate")


def _nothing(column: str, demand: str) -> Rule:
    return expect.fact(column, 0, Finding.of(demand), blocks=True)


def _large_enough(column: str) -> Rule:
    return Rule(
        name=f"{column}_is_no_small_group",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": column, "min_value": SMALLEST_GROUP},
        demand=Finding.of("no_small_group", column=column, least=SMALLEST_GROUP),
        blocks_below=1.0,
    )


def checked_texts(contract: ExportContract) -> list[str]:
    """The columns in which text is looked for that must not leave; a vendor's own id may."""
    destination = destination_of(contract.destination)
    allowed = contract.personal if destination.allows_personal_data else frozenset()
    own = {"vendor_id"} if destination.is_one_vendors else set()
    return [
        name
        for name, kind in contract.columns.items()
        if kind in {"string", "varchar", "text"} and name not in allowed | own
    ]
