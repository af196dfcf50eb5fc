"""A marketplace's file for a folder of exports: what can be told, and what is to be asked."""

import re
from dataclasses import dataclass, field
from typing import Any

from pipelines.proposing.names import named_like
from pipelines.proposing.samples import Sample
from pipelines.proposing.values import (
    filled,
    has_decimal_comma,
    is_number,
    numbers_within,
    states,
    time_format,
)

_NUMBERED = re.compile(r"^(.*?)(\d+)(.*)$")
_WORDS_OF_ITEMS = re.compile(r"\b(?:product|line ?item|line|item)\b|<n>", re.IGNORECASE)
_MOST_REPEATS = 30
_OF_TEXTS = ("csv", "tsv", "xlsx")


@dataclass(slots=True)
class Entry:
    """One file for one feed: its settings and columns, and what is to be asked of either."""

    settings: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The entries of each feed, and what is to be asked of the whole."""

    feeds: dict[str, Entry]
    questions: list[str]


def proposal_of(samples: list[Sample]) -> Proposal:
    """What is proposed for files of these samples; a feed that none fits is asked for."""
    lines = _best(samples, _line_score)
    orders = _best(samples, _order_score) if lines else None
    questions = []
    feeds: dict[str, Entry] = {}
    if lines is None or orders is None:
        questions.append("No file has an order's number, pieces and a price; map orders and lines.")
        return Proposal(feeds, questions)
    feeds["orders"] = _orders(orders, lines)
    feeds["order_lines"] = _lines(lines)
    feeds["vendors"] = _vendors(feeds["order_lines"])
    used = {lines.name, orders.name}
    unused = [sample.name for sample in samples if sample.name not in used]
    if unused:
        questions.append(f"Not used yet: {', '.join(unused)}; docs/feeds.md lists what there is.")
    return Proposal(feeds, questions)


def _best(samples: list[Sample], score: Any) -> Sample | None:
    scored = [(score(sample), sample) for sample in samples]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def _line_score(sample: Sample) -> int:
    if not (_found(sample, "order_id") and _found(sample, "quantity") and _price(sample)):
        return 0
    return 2 + bool(_found(sample, "product_id")) + bool(_found(sample, "vendor_id"))


def _order_score(sample: Sample) -> int:
    if not (_found(sample, "order_id") and _found(sample, "ordered_at")):
        return 0
    known = [bool(_found(sample, name)) for name in ("customer_id", "status")]
    # A file of orders alone comes before one of lines, whose rows repeat them.
    return 2 + sum(known) + (0 if _line_score(sample) else 2)


def _price(sample: Sample) -> str | None:
    is_priced = _found(sample, "unit_price")
    return "unit_price" if is_priced else "line_amount" if _found(sample, "line_amount") else None


def _slots(sample: Sample) -> dict[str, int]:
    """Columns of items beside each other: their names with `<n>`, and the greatest number."""
    greatest: dict[str, int] = {}
    for name in sample.columns:
        if found := _NUMBERED.match(name):
            slot = f"{found[1]}<n>{found[3]}"
            greatest[slot] = max(greatest.get(slot, 0), int(found[2]))
    return {slot: number for slot, number in greatest.items() if number > 1}


def _found(sample: Sample, column: str) -> str | None:
    """The file's column for one of ours; that of an item beside others with `<n>`."""
    if (found := named_like(column, sample.columns)) is not None:
        return found
    bare = {_WORDS_OF_ITEMS.sub(" ", slot).strip(): slot for slot in reversed(_slots(sample))}
    name = named_like(column, bare)
    return None if name is None else bare[name]


def _values(sample: Sample, column: str) -> list[str]:
    return sample.columns.get(column.replace("<n>", "1"), [])


def _written(sample: Sample) -> dict[str, Any]:
    """How the file is written, where that must be said."""
    found: dict[str, Any] = {"files": sample.name}
    if sample.format == "tsv" and not sample.name.endswith((".tsv", ".tab")):
        found["format"] = "tsv"
    if sample.delimiter is not None and sample.format == "csv":
        found["delimiter"] = sample.delimiter
    if sample.encoding != "utf-8":
        found["encoding"] = sample.encoding
    if sample.header_line > 1:
        found["header_line"] = sample.header_line
    numbers = [name for name in ("unit_price", "line_amount") if _found(sample, name)]
    texts = [text for name in numbers for text in _values(sample, str(_found(sample, name)))]
    if sample.format in _OF_TEXTS and has_decimal_comma(texts):
        found["decimal_separator"] = ","
    return found


def _orders(sample: Sample, lines: Sample) -> Entry:
    entry = Entry(_written(sample))
    order = str(_found(sample, "order_id"))
    repeats = sample is lines and len(set(filled(_values(sample, order)))) < sample.row_count
    entry.columns["order_id"] = order
    if repeats:
        entry.settings["group_by"] = order
    for name in ("customer_id", "status", "ordered_at", "currency_code"):
        _ORDER_COLUMNS[name](entry, sample, _found(sample, name))
    if repeats:
        for name, source in entry.columns.items():
            given = {"column": source} if isinstance(source, str) else source
            if name != "order_id" and "constant" not in given:
                entry.columns[name] = {**given, "group": "first_non_empty"}
    _keep_rows(entry, sample)
    return entry


def _customer(entry: Entry, sample: Sample, column: str | None) -> None:
    order = entry.columns["order_id"]
    guest = f"join('guest-', {{{order}}})"
    if column is None:
        entry.columns["customer_id"] = {"expression": guest}
        entry.questions["customer_id"] = (
            "Which column tells who bought? Without one each order has a customer of its own."
        )
        return
    values = _values(sample, column)
    # An address or a name is no id; what stands for it is the same in each file.
    is_persons = any("@" in value or " " in value for value in values)
    known = f"hashed({{{column}}})" if is_persons else f"{{{column}}}"
    if not {"", "0"} & {*values}:
        entry.columns["customer_id"] = column if known.startswith("{") else {"expression": known}
        return
    given = f"{guest} if {{{column}}} in ('', '0') else {known}"
    entry.columns["customer_id"] = {"expression": given}
    entry.questions["customer_id"] = (
        "Orders without a customer are taken for guests, each a customer of one order. Right?"
    )


def _status(entry: Entry, sample: Sample, column: str | None) -> None:
    if column is None:
        entry.columns["status"] = {"constant": "delivered"}
        entry.questions["status"] = (
            "No column tells an order's state, so all count as delivered. Right?"
        )
        return
    words = states(_values(sample, column))
    known = {word: state for word, state in words.items() if state is not None}
    entry.columns["status"] = {"column": column, "map": known, "otherwise": "created"}
    unknown = [word for word, state in words.items() if state is None]
    asked = f" What do these mean: {', '.join(unknown)}?" if unknown else ""
    entry.questions["status"] = f"Check each state; see docs/feeds.md for ours.{asked}"


def _ordered_at(entry: Entry, sample: Sample, column: str | None) -> None:
    name = str(column)
    found = time_format(_values(sample, name))
    if found is None:
        entry.columns["ordered_at"] = name
        entry.questions["ordered_at"] = "In which format are these times?"
        return
    fmt, language, is_open = found
    given: dict[str, Any] = {"column": name, "format": fmt} if fmt else {"column": name}
    if language:
        given["language"] = language
    entry.columns["ordered_at"] = given if len(given) > 1 else name
    if is_open:
        entry.questions["ordered_at"] = (
            "Both day before month and month before day fit. Which is it?"
        )


def _currency(entry: Entry, sample: Sample, column: str | None) -> None:
    if column is not None and all(
        re.fullmatch("[A-Z]{3}|", text) for text in _values(sample, column)
    ):
        entry.columns["currency_code"] = column


_ORDER_COLUMNS = {
    "customer_id": _customer,
    "status": _status,
    "ordered_at": _ordered_at,
    "currency_code": _currency,
}


def _lines(sample: Sample) -> Entry:
    entry = Entry(_written(sample))
    order = str(_found(sample, "order_id"))
    quantity, price = str(_found(sample, "quantity")), str(_price(sample))
    is_wide = "<n>" in quantity
    number = _found(sample, "order_line_id")
    own = f"{{{number}}}" if number else "<n>" if is_wide else f"{{{order}}}-{{occurrence}}"
    entry.columns["order_line_id"] = number or {"template": f"{{{order}}}-<n>" if is_wide else own}
    entry.columns["order_id"] = order
    if is_wide:
        entry.settings["repeat"] = _MOST_REPEATS
    vendor = _found(sample, "vendor_id")
    entry.columns["vendor_id"] = vendor or {"constant": "shop"}
    if vendor is None:
        entry.questions["vendor_id"] = "No column names who sells, so one vendor sells all. Right?"
    if product := _found(sample, "product_id"):
        entry.columns["product_id"] = product
    entry.columns["quantity"] = quantity
    column = str(_found(sample, price))
    entry.columns[price] = _amount(sample, column)
    meant = "one piece" if price == "unit_price" else "the whole line"
    entry.questions[price] = f"Taken for the price of {meant}, without tax. Right?"
    _keep_rows(entry, sample)
    return entry


def _amount(sample: Sample, column: str) -> Any:
    values = filled(_values(sample, column))
    if not numbers_within(values):
        return column
    return {"expression": f"match({{{column}}}, '[-0-9.,]*[0-9]')"}


def _keep_rows(entry: Entry, sample: Sample) -> None:
    """Leaves out rows without a number of pieces, as a line that describes the columns."""
    quantity = _found(sample, "quantity")
    if quantity is None or "<n>" in quantity or sample.format not in _OF_TEXTS:
        return
    values = _values(sample, quantity)
    if any(value and not is_number(value) for value in values):
        entry.settings["where"] = f"matches({{{quantity}}}, '[-0-9.,]*')"
        entry.questions["where"] = "Some rows have no number of pieces; they are left out. Right?"
    elif any(value.startswith("-") for value in values):
        entry.settings["where"] = f"{{{quantity}}} > 0"
        entry.questions["where"] = (
            "Rows with negative pieces are left out. Are they returns or cancellations?"
        )


def _vendors(lines: Entry) -> Entry:
    vendor = lines.columns["vendor_id"]
    entry = Entry({name: value for name, value in lines.settings.items() if name != "repeat"})
    entry.columns["vendor_id"] = vendor
    entry.columns["name"] = vendor if isinstance(vendor, str) else {"constant": "Own shop"}
    return entry
