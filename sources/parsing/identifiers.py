"""Identifiers that a spreadsheet turned into numbers, so that they name something else."""

from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.sql import literal

# With a sign behind the letter, or a point before it: 1.23457E+11, 1E+11, 1.5e12. 12E5 is a name.
_NUMBER = r"[+-]?\d+([.,]\d*)?[eE]\+\d+|[+-]?\d+[.]\d+[eE]-?\d+"
_PART = rf"(^|[^0-9A-Za-z.,])({_NUMBER})($|[^0-9A-Za-z])"


def identifier_conditions(
    contract: Contract, name: str, text: str, source: ColumnSource
) -> list[tuple[str, str]]:
    """A reason and the SQL of its condition where the column holds identifiers, else nothing.

    A number may be a whole identifier, or a part of one that a template puts together.
    """
    if name not in contract.id_columns:
        return []
    matches = (
        f"regexp_full_match({text}, {literal(_NUMBER)})"
        if source.template is None
        else f"regexp_matches({text}, {literal(_PART)})"
    )
    # Nearly no identifier holds either character, and looking for one costs less than the pattern.
    is_number = f"case when contains({text}, '+') or contains({text}, '.') then {matches} end"
    return [("scientific_notation", is_number)]
