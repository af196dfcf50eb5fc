"""What a clickstream dialect is: which parts of its documents become which columns of `events`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The columns of `events` that each product of an event's list has for itself.
ITEM_COLUMNS = (
    "item_number",
    "vendor_id",
    "product_id",
    "category_id",
    "quantity",
    "unit_price",
)
# What a list's products lack they take from the event; no other column is passed down.
INHERITED = ("vendor_id", "category_id")
# What is the event's as a whole and stands on its own row alone, so that it counts once.
EVENT_AMOUNTS = ("value_amount", "search_term", "result_count", "engagement_seconds")
# Where a line does not have the document's structure: `code:path` of each such place.
MISFITS = "_misfits_of_line"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Documents of one kind and the SQL that makes rows of them.

    `document` is the structure that is read, `needed` its members without which a typed file is
    refused. `prepared` are values over `document` that the others use, `judged` values over those.
    `texts` gives each column of an event, `item_texts` the columns of one `item` of the list
    `items`. Paths that a marketplace's mapping names are found in `paths` and, of an item,
    `item_paths`. `notes` are conditions to be counted, by `code:column`. Where the condition
    `is_numbered` holds, different events may have one id and are told apart by numbers; elsewhere
    the same id is the same event.
    """

    name: str
    document: dict[str, Any]
    needed: tuple[str, ...]
    prepared: Mapping[str, str]
    judged: Mapping[str, str]
    texts: Mapping[str, str]
    items: str
    item_texts: Mapping[str, str]
    paths: Mapping[str, str]
    item_paths: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    is_numbered: str = "false"
