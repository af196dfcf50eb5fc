"""SQL for numbers as people and machines write them, and for what is wrong with other texts.

A text is a number as a whole or not at all: `12.50` is none where the decimal separator is a comma.
What a typed source holds as a number is taken by its value, whatever the file's separators are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.contract import Column
from sources.sql import literal

# Fourteen places see every excess digit a price could have and leave 24 before the point.
_EXACT = "decimal(38, 14)"
_MINUS = "\u2212"
_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_GROUPS = {".": ".", ",": ",", "'": _APOSTROPHES, " ": _SPACES}
# Binary fractions are written with as many digits as tell them apart; a number with so many was
# computed, and its last digits are none that anybody wrote.
DOUBLE_NOISE, FLOAT_NOISE = 13, 7


@dataclass(frozen=True, slots=True)
class Typed:
    """A source's value that is a number by its type: SQL of whether it is.

    From `noise_digits` on it may be a binary fraction that was computed; None where it is decimal.
    """

    condition: str
    noise_digits: int | None


@dataclass(frozen=True, slots=True)
class Separators:
    """How numbers are written in a file's texts; without `group` any that the decimal one allows.

    Where the decimal separator is a point, digits stand together unless a group separator is given.
    """

    decimal: str = "."
    group: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether SQL itself reads such numbers."""
        return self.decimal == "." and self.group is None

    @property
    def _groups(self) -> Sequence[str]:
        if self.group is not None:
            return [_GROUPS[self.group]]
        return [_GROUPS["."], _APOSTROPHES, _SPACES]

    def canonical(self, text: str) -> str:
        """SQL of the number as SQL writes it; null where the text is none."""
        whole = "|".join(rf"[1-9]\d{{0,2}}(?:[{re.escape(g)}]\d{{3}})+" for g in self._groups)
        point = re.escape(self.decimal)
        digits = rf"(?:(?:\d+|{whole})(?:{point}\d+)?|{point}\d+)"
        pattern = rf"[-+{_MINUS}]?{digits}(?:[eE][-+]?\d+)?|{digits}[-{_MINUS}]"
        dropped = "".join(self._groups)
        bare = f"replace(translate({text}, {literal(_MINUS + dropped)}, '-'), "
        bare += f"{literal(self.decimal)}, '.')"
        signed = f"case when ends_with({bare}, '-') then '-' || rtrim({bare}, '-') else {bare} end"
        return f"case when regexp_full_match({text}, {literal(pattern)}) then {signed} end"


def integer(number: str) -> str:
    """The whole number that a text is; null where it is none."""
    whole = f"try_cast({number} as bigint)"
    # SQL lets digits be grouped by an underscore, which no source of ours does.
    is_whole = f"{whole} = try_cast({number} as double) and not contains({number}, '_')"
    return f"case when {is_whole} then {whole} end"


def decimal(number: str, column: Column, *, is_rounded: bool) -> str:
    """The number rounded to the column's scale; `loses_digits` says whether that matters.

    DuckDB reads 7e-4 as a decimal of two places and says 0.01; with all places it does not. Where
    nothing may be rounded, such a number is refused anyway.
    """
    plain = f"try_cast({number} as {column.type})"
    if not is_rounded:
        return plain
    exact = f"try_cast(try_cast({number} as {_EXACT}) as {column.type})"
    return f"case when {_is_scientific(number)} then {exact} else {plain} end"


def is_unreadable(text: str, number: str, value: str) -> str:
    """Whether a text is no number; SQL lets digits be grouped by an underscore, sources do not."""
    return f"{text} is not null and ({value} is null or contains({number}, '_'))"


def is_beyond(number: str, value: str) -> str:
    """Whether a text without a value is a number all the same, too large for its column."""
    is_number = f"try_cast({number} as {_EXACT}) is not null and not contains({number}, '_')"
    return f"case when {value} is null then {is_number} end"


def loses_digits(number: str, value: str, column: Column, typed: Typed | None) -> str:
    """Whether a number has digits beyond its column's scale that somebody wrote.

    As the digits stand in the text; numbers are compared only where they must be: a cast to a wide
    decimal costs a hundred times a narrow one, and CASE spares it the sound rows.
    """
    places = column.places
    decimals = f"length(rtrim(split_part({number}, '.', 2), '0'))"
    point = f"instr({number}, '.')"
    is_short = f"{point} = 0 or strlen({number}) - {point} <= {places}"
    excess = f"case when {is_short} then false else {decimals} > {places} end"
    exact = f"try_cast({number} as {_EXACT})"
    loses = f"case when {_is_scientific(number)} then {value} <> {exact} else {excess} end"
    if typed is None or typed.noise_digits is None:
        return loses
    digits = f"regexp_replace({number}, '[eE].*|[^0-9]', '', 'g')"
    significant = f"length(rtrim(ltrim({digits}, '0'), '0'))"
    is_noise = f"{typed.condition} and {significant} >= {typed.noise_digits}"
    return f"case when {loses} then not ({is_noise}) end"


def _is_scientific(number: str) -> str:
    return f"(contains({number}, 'e') or contains({number}, 'E'))"
