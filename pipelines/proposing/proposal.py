"""A marketplace's file for a folder of exports: what can be told, and what is to be asked."""

import re
from dataclasses import dataclass
from typing import Any

from pipelines.proposing.beside import events_of, keep_rows, returns_of
from pipelines.proposing.entry import (
    Entry,
    found,
    line_score,
    price_of,
    time_source,
    values_of,
    written_as,
)
from pipelines.proposing.samples import Sample
from pipelines.proposing.sellers import name_seller
from pipelines.proposing.values import (
    are_fractions,
    are_percents,
    filled,
    numbers_within,
    states,
)

_MOST_REPEATS = 30
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """The entries of each feed, and what is to be asked of the whole."""

    feeds: dict[str, Entry]
    questions: list[str]


def proposal_of(samples: list[Sample]) -> Proposal:
    """What is proposed for files of these samples; a feed that none fits is asked for."""
    lines = _best(samples, line_score)
    orders = _best(samples, _order_score) if lines else None
    questions = []
    feeds: dict[str, Entry] = {}
    if lines is None or orders is None:
        lacking = "pieces and a price" if lines is None else "the time at which it was placed"
        questions.append(f"No file has columns known for an order's number with {lacking}.")
        questions.append("Name them yourself, as in docs/your-own-data.md. There is:")
        return Proposal(feeds, questions + [_described(sample) for sample in samples])
    feeds["orders"] = _orders(orders, lines)
    feeds["order_lines"] = _lines(lines)
    others = [sample for sample in samples if sample not in (lines, orders)]
    used = {lines.name, orders.name} | name_seller(feeds, lines, orders, others)
    further = {
        "returns": returns_of(lines, feeds["orders"], feeds["order_lines"]),
        "events": events_of(others),
    }
    feeds |= {feed: entry for feed, entry in further.items() if entry is not None}
    used |= {str(entry.settings["files"]) for entry in feeds.values()}
    unused = [_described(sample) for sample in samples if sample.name not in used]
    if unused:
        questions.append("Not used yet; docs/feeds.md lists the feeds that these may be:")
        questions += unused
    return Proposal(feeds, questions)


def _described(sample: Sample) -> str:
    """A file with its columns, on one line, as it stands in a comment."""
    place = f", sheet {sample.sheet}" if sample.sheet else ""
    names = [*sample.columns][:_MOST_NAMES]
    further = len(sample.columns) - len(names)
    told = f"{sample.name}{place}: {', '.join(names)}{f' and {further} more' if further else ''}"
    return "".join(sign if sign.isprintable() else " " for sign in told)


def _best(samples: list[Sample], score: Any) -> Sample | None:
    scored = [(score(sample), sample) for sample in samples]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def _order_score(sample: Sample) -> int:
    if not (found(sample, "order_id") and found(sample, "ordered_at")):
        return 0
    known = [bool(found(sample, name)) for name in ("customer_id", "status")]
    numbers = filled(values_of(sample, str(found(sample, "order_id"))))
    # A file of orders alone comes before one of lines, whose rows repeat them, and that before one
    # which says neither who bought nor each order once, as one of payments.
    is_of_orders = known[0] and len(numbers) == len(set(numbers)) and not line_score(sample)
    return 2 + sum(known) + (2 if is_of_orders else 1 if line_score(sample) else 0)


def _orders(sample: Sample, lines: Sample) -> Entry:
    entry = Entry(written_as(sample))
    order = str(found(sample, "order_id"))
    repeats = sample is lines and len(set(filled(values_of(sample, order)))) < sample.row_count
    entry.columns["order_id"] = order
    if repeats:
        entry.settings["group_by"] = order
    for name in ("customer_id", "status", "ordered_at", "currency_code"):
        _ORDER_COLUMNS[name](entry, sample, found(sample, name))
    if repeats:
        for name, source in entry.columns.items():
            given = {"column": source} if isinstance(source, str) else source
            if name != "order_id" and "constant" not in given:
                entry.columns[name] = {**given, "group": "first_non_empty"}
    keep_rows(entry, sample)
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
    values = values_of(sample, column)
    # An address or a name is no id; what stands for it is the same in each file.
    is_persons = any("@" in value or " " in value for value in values)
    known = f"hashed({{{column}}})" if is_persons else f"{{{column}}}"
    if any(re.fullmatch(r"\d+\.0", value) for value in values):
        # A spreadsheet took the number for one with decimals.
        known = f"match({{{column}}}, '([0-9]+)([.]0)?', 1)"
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
    words = states(values_of(sample, column))
    known = {word: state for word, state in words.items() if state is not None}
    given: dict[str, Any] = {"column": column}
    if cancelled := found(sample, "cancelled_at"):
        # A shop that states when an order was cancelled keeps its other state beside it.
        when = f"'cancelled' if not is_empty({{{cancelled}}}) else {{{column}}}"
        given, known = {"expression": when}, {**known, "cancelled": "cancelled"}
    entry.columns["status"] = {**given, "map": known, "otherwise": "created"}
    unknown = [word for word, state in words.items() if state is None]
    asked = f" What do these mean: {', '.join(unknown)}?" if unknown else ""
    entry.questions["status"] = f"Check each state; see docs/feeds.md for ours.{asked}"


def _ordered_at(entry: Entry, sample: Sample, column: str | None) -> None:
    entry.columns["ordered_at"], question = time_source(sample, str(column))
    if question is not None:
        entry.questions["ordered_at"] = question


def _currency(entry: Entry, sample: Sample, column: str | None) -> None:
    if column is not None and all(
        re.fullmatch("[A-Z]{3}|", text) for text in values_of(sample, column)
    ):
        entry.columns["currency_code"] = column


_ORDER_COLUMNS = {
    "customer_id": _customer,
    "status": _status,
    "ordered_at": _ordered_at,
    "currency_code": _currency,
}


def _lines(sample: Sample) -> Entry:
    entry = Entry(written_as(sample))
    order = str(found(sample, "order_id"))
    quantity, price = str(found(sample, "quantity")), str(price_of(sample))
    is_wide = "<n>" in quantity
    number = found(sample, "order_line_id")
    own = f"{{{number}}}" if number else "<n>" if is_wide else f"{{{order}}}-{{occurrence}}"
    entry.columns["order_line_id"] = number or {"template": f"{{{order}}}-<n>" if is_wide else own}
    entry.columns["order_id"] = order
    if is_wide:
        entry.settings["repeat"] = _MOST_REPEATS
    if product := found(sample, "product_id"):
        entry.columns["product_id"] = product
    entry.columns["quantity"] = quantity
    column = str(found(sample, price))
    entry.columns[price] = _amount(sample, column)
    meant = "one piece" if price == "unit_price" else "the whole line"
    entry.questions[price] = f"Taken for the price of {meant}, without tax. Right?"
    if amount := found(sample, "discount_amount"):
        entry.columns["discount_amount"] = _amount(sample, amount)
        entry.questions["discount_amount"] = "Taken for the discount on the whole line. Right?"
    _discount_rate(entry, sample, found(sample, "discount_rate"))
    keep_rows(entry, sample)
    return entry


def _discount_rate(entry: Entry, sample: Sample, discount: str | None) -> None:
    if discount is not None and are_fractions(values_of(sample, discount)):
        entry.columns["discount_rate"] = {"column": discount, "round": True}
        entry.questions["discount_rate"] = "Taken for a share of the price, 0.15 for 15 %. Right?"
    elif discount is not None and are_percents(values_of(sample, discount)):
        share = f"match({{{discount}}}, '[0-9.,]*[0-9]') / 100"
        entry.columns["discount_rate"] = {"expression": share, "round": True}
        entry.questions["discount_rate"] = (
            f"Is {discount} a percentage? If the file has what a line costs after it, to the cent,"
            " see Discounts in docs/your-own-data.md."
        )


def _amount(sample: Sample, column: str) -> Any:
    values = filled(values_of(sample, column))
    if not numbers_within(values):
        return column
    return {"expression": f"match({{{column}}}, '[-0-9.,]*[0-9]')"}
