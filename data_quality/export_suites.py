"""The suite of what leaves: exactly the promised columns, no person, nobody else's rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from data_quality import expectations as expect
from data_quality.rules import Rule, Suite

# Sums that pipelines ask of the whole table.
MAIL_LIKE = "mail_like_count"
PHONE_LIKE = "phone_like_count"
FOREIGN_VENDORS = "foreign_vendor_count"
IMPOSSIBLE_RATES = "impossible_rate_count"

_PERSONAL = re.compile(
    r"(^|_)(e?mail|phone|mobile|first_name|last_name|legal_name|customer_name|buyer_name|address|"
    r"street|postal_code|zip|birth_date|iban|customer_id|contact_id|visitor_id|ip)($|_)"
)
_PEOPLE = re.compile(r"^(customer|buyer|visitor|contact)_count$")
# Decision 9: a group of fewer people than this is not shown to a vendor.
SMALLEST_GROUP = 10


def export_suite(name: str, columns: Mapping[str, str], key: Sequence[str]) -> Suite:
    """The suite of an export, from its contract's columns with their types, and its key."""
    allowed = [column for column in columns if not is_personal(column)]
    rules: list[Rule] = [expect.exact_columns(allowed)]
    if key:
        rules.append(expect.unique(list(key)))
    if "vendor_id" in columns:
        rules.append(expect.never_empty("vendor_id"))
        rules.append(_nothing(FOREIGN_VENDORS, "no value is the id of another vendor"))
    rules.append(_nothing(MAIL_LIKE, "no value looks like an e-mail address"))
    rules.append(_nothing(PHONE_LIKE, "no value looks like a phone number"))
    if any(is_rate(column) for column in columns):
        rules.append(_nothing(IMPOSSIBLE_RATES, "every rate and share lies between 0 and 1"))
    rules += [_large_enough(column) for column in columns if _PEOPLE.search(column)]
    return Suite(name=name, title=f"Export {name}", rules=tuple(rules))


def is_personal(column: str) -> bool:
    """Whether a column's name says that its values speak of a person."""
    return _PERSONAL.search(column) is not None


def is_rate(column: str) -> bool:
    """Whether a column's values are shares of one."""
    return column.endswith(("_rate", "_share")) or column in {"rate", "rate_lower", "rate_upper"}


def _nothing(column: str, sentence: str) -> Rule:
    return expect.fact(column, 0, sentence, blocks=True)


def _large_enough(column: str) -> Rule:
    return Rule(
        name=f"{column}_is_no_small_group",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": column, "min_value": SMALLEST_GROUP},
        sentence=f"{column} counts nobody or at least {SMALLEST_GROUP} people",
        blocks_below=1.0,
    )


def checked_texts(columns: Mapping[str, Any]) -> list[str]:
    """The columns in which text is looked for that must not leave."""
    return [name for name, kind in columns.items() if kind in {"string", "varchar", "text"}]
