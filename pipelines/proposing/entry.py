"""An entry that is proposed, and what a file's columns and first values tell of it."""

import re
from dataclasses import dataclass, field
from typing import Any

from pipelines.proposing.names import named_like
from pipelines.proposing.samples import Sample
from pipelines.proposing.values import has_decimal_comma, has_thousands_points, time_format

_NUMBERED = re.compile(r"^(.*?)(\d+)(.*)$")
_WORDS_OF_ITEMS = re.compile(r"\b(?:product|line ?item|line|item)\b|<n>", re.IGNORECASE)
OF_TEXTS = ("csv", "tsv", "xlsx")


@dataclass(slots=True)
class Entry:
    """One file for one feed: its settings and columns, and what is to be asked of either."""

    settings: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)


def line_score(sample: Sample) -> int:
    """How well a file fits order lines; 0 where it cannot hold them."""
    if not (found(sample, "order_id") and found(sample, "quantity") and price_of(sample)):
        return 0
    return 2 + bool(found(sample, "product_id")) + bool(found(sample, "vendor_id"))


def price_of(sample: Sample) -> str | None:
    """Which price the file has: that of a piece, unless it is stated for several at once."""
    has_unit, has_line = found(sample, "unit_price"), found(sample, "line_amount")
    if has_line and (found(sample, "price_unit") or not has_unit):
        return "line_amount"
    return "unit_price" if has_unit else None


def _slots(sample: Sample) -> dict[str, int]:
    """Columns of items beside each other: their names with `<n>`, and the greatest number."""
    greatest: dict[str, int] = {}
    for name in sample.columns:
        if found := _NUMBERED.match(name):
            slot = f"{found[1]}<n>{found[3]}"
            greatest[slot] = max(greatest.get(slot, 0), int(found[2]))
    return {slot: number for slot, number in greatest.items() if number > 1}


def found(sample: Sample, column: str) -> str | None:
    """The file's column for one of ours; that of an item beside others with `<n>`."""
    if (alone := named_like(column, sample.columns)) is not None:
        return alone
    bare = {_WORDS_OF_ITEMS.sub(" ", slot).strip(): slot for slot in reversed(_slots(sample))}
    name = named_like(column, bare)
    return None if name is None else bare[name]


def values_of(sample: Sample, column: str) -> list[str]:
    """The first values of one of the file's columns; of items beside each other the first's."""
    return sample.columns.get(column.replace("<n>", "1"), [])


def time_source(sample: Sample, column: str) -> tuple[Any, str | None]:
    """The source of a time from one of the file's columns, and what is to be asked of it."""
    told = time_format(values_of(sample, column))
    if told is None:
        return column, "In which format are these times?"
    fmt, language, is_open = told
    given: dict[str, Any] = {"column": column, "format": fmt} if fmt else {"column": column}
    if language:
        given["language"] = language
    question = "Both day before month and month before day fit. Which is it?" if is_open else None
    return given if len(given) > 1 else column, question


def written_as(sample: Sample) -> dict[str, Any]:
    """How the file is written, where that must be said."""
    settings: dict[str, Any] = {"files": sample.name}
    if sample.format == "tsv" and not sample.name.endswith((".tsv", ".tab")):
        settings["format"] = "tsv"
    if sample.delimiter is not None and sample.format == "csv":
        settings["delimiter"] = sample.delimiter
    if sample.encoding != "utf-8":
        settings["encoding"] = sample.encoding
    if sample.sheet is not None:
        settings["sheet"] = sample.sheet
    if sample.header_line > 1:
        settings["header_line"] = sample.header_line
    if sample.format in OF_TEXTS:
        settings |= _separators(sample)
    return settings


def _separators(sample: Sample) -> dict[str, Any]:
    numbers = [name for name in ("unit_price", "line_amount", "quantity") if found(sample, name)]
    texts = [text for name in numbers for text in values_of(sample, str(found(sample, name)))]
    if not has_decimal_comma(texts):
        return {}
    return {
        "decimal_separator": ",",
        **({"thousands_separator": "."} if has_thousands_points(texts) else {}),
    }
