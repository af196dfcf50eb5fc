"""SQL of the text that a column's source gives, and of the number that it means."""

from collections.abc import Mapping
from string import Formatter

from sources.column_source import ColumnSource
from sources.expressions import parsed
from sources.parsing.computed import NOT_COMPUTABLE, Computing, is_number
from sources.parsing.emptiness import without
from sources.parsing.numerals import Separators
from sources.parsing.request import ParseRequest
from sources.parsing.row_faults import Given
from sources.sql import literal


def text_of(source: ColumnSource | None, place: Mapping[str, str], request: ParseRequest) -> str:
    """What the source gives, before a map translates it; null where that is a word for nothing.

    `place` names the texts of the source's columns.
    """
    if source is None:
        return "cast(null as varchar)"
    if source.constant is not None:
        return literal(source.constant)
    if source.expression is not None:
        return computing(source, place, request).value(parsed(source.expression))
    if source.template is None:
        # A word that the map names is a value.
        words = [word for word in request.null_values if word not in source.map]
        return without(place[str(source.column)], words)
    parts = []
    for text_before, name, _, _ in Formatter().parse(source.template):
        if text_before:
            parts.append(literal(text_before))
        if name:
            parts.append(without(place[name], request.null_values))
    return "(" + " || ".join(parts) + ")"


def computing(
    source: ColumnSource | None, place: Mapping[str, str], request: ParseRequest
) -> Computing:
    """How expressions over the texts of these columns are computed."""
    names = place if source is None else {name: place[name] for name in source.source_columns}
    texts = {name: without(text, request.null_values) for name, text in names.items()}
    return Computing(texts, separators_of(request))


def translated(text: str, source: ColumnSource | None) -> str:
    """The text that the mapping makes of another; empty becomes the default, if there is one."""
    if source is None:
        return text
    if source.translates:
        asked = f"lower({text})" if source.ignore_case else text
        cases = [
            f"when {asked} = {literal(_folded(given, source))} then {literal(meant)}"
            for given, meant in source.map.items()
        ]
        flags = "(?i)" if source.ignore_case else ""
        cases += [
            f"when regexp_full_match({text}, {literal(flags + pattern)}) then {literal(meant)}"
            for pattern, meant in source.map_pattern.items()
        ]
        others = text
        if source.otherwise is not None:
            others = f"case when {text} is not null then {literal(source.otherwise)} end"
        if source.expression is not None:
            # No map gives a meaning to what could not be computed.
            cases.insert(0, f"when {text} = {literal(NOT_COMPUTABLE)} then {text}")
        text = f"nullif(case {' '.join(cases)} else {others} end, '')" if cases else others
    return text if source.default is None else f"coalesce({text}, {literal(source.default)})"


def _folded(given: str, source: ColumnSource) -> str:
    return given.lower() if source.ignore_case else given


def number_of(given: Given, source: ColumnSource, read: str, request: ParseRequest) -> str:
    """A number in the file's own writing; what the mapping gives instead has a decimal point."""
    if source.expression is not None and is_number(parsed(source.expression)):
        return given.text
    written = separators_of(request).canonical(read)
    if given.kind is not None:
        written = f"case when {given.kind.condition} then {read} else {written} end"
    given_by_us = f"{read} is null"
    if source.translates:
        given_by_us += f" or {given.text} is distinct from {read}"
    return f"case when {given_by_us} then {given.text} else {written} end"


def separators_of(request: ParseRequest) -> Separators:
    """How numbers are written in the file."""
    return Separators(request.decimal_separator, request.thousands_separator)
