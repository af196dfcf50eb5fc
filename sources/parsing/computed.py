"""SQL of a mapping's expressions over the texts of a row.

Numbers are doubles, told with the fifteen digits that a double keeps: 0.1 + 0.2 is 0.3, and a third
of a hundred has as many threes, which its column refuses or rounds as the mapping says. A sum or
a difference may be smaller than its parts, whose last digits then show, so it is told with one
decimal more than any column keeps: 16050.69 - 15248.16 is 802.53. What is rounded is the number as
it is told, half away from zero, and not the double below it: 1.005 becomes 1.01.

What cannot be computed from what stands there is no empty value: it becomes a mark that no column
accepts, so that the row is quarantined with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sources.expressions import (
    Column,
    Number,
    Operation,
    Part,
    Text,
    compares_numbers,
    kind_of,
)
from sources.parsing.numerals import Separators
from sources.sql import literal

# What stands where nothing could be computed; no source's text holds it, and it is no number.
NOT_COMPUTABLE = "\x1enot computable\x1e"
_UNREADABLE = literal(NOT_COMPUTABLE)
_DECIMALS_OF_SUMS = 7


@dataclass(frozen=True, slots=True)
class Computing:
    """How an expression's columns are read: their texts, and how their numbers are written."""

    texts: Mapping[str, str]
    separators: Separators

    def value(self, part: Part) -> str:
        """SQL of the text that an expression comes to; numbers have a decimal point."""
        if not is_number(part):
            return self.text(part)
        number, operands = self._number(part), [*self._operands(part)]
        texts = [self.text(each) for each in operands]
        broken = [
            f"({text} is not null and {self._number(each)} is null)"
            for text, each in zip(texts, operands, strict=True)
        ]
        whole = [f"{text} is not null" for text in texts]
        cases = f"when {' or '.join(broken)} then {_UNREADABLE} " if broken else ""
        lacking = f"{number} is null or isinf({number}) or isnan({number})"
        if whole:
            cases += f"when {' and '.join(whole)} and ({lacking}) then {_UNREADABLE} "
        told = f"round({number}, {_DECIMALS_OF_SUMS})" if _adds(part) else number
        return f"case {cases}else nullif({_written(told)}, '') end"

    def holds(self, part: Part) -> str:
        """SQL of whether a condition holds; null where a number that it needs is none."""
        match part:
            case Operation(name="not", parts=(inner,)):
                return f"(not {self.holds(inner)})"
            case Operation(name="and" | "or" as name):
                return "(" + f" {name} ".join(map(self.holds, part.parts)) + ")"
            case Operation(name="in", parts=(left, *listed)):
                values = [each.value for each in listed if isinstance(each, Text | Number)]
                return f"({self._filled(left)} in ({', '.join(map(literal, values))}))"
            case Operation(name=name, parts=(inner, *wanted)) if name in _CONDITIONS:
                given = [literal(each.value) for each in wanted if isinstance(each, Text)]
                return _CONDITIONS[name].format(self._filled(inner), *given)
            case Operation(name=sign, parts=(left, right)):
                read = self._number if compares_numbers(part) else self._filled
                return f"({read(left)} {sign} {read(right)})"
        raise AssertionError(part)

    def _filled(self, part: Part) -> str:
        return f"coalesce({self.text(part)}, '')"

    def text(self, part: Part) -> str:
        """SQL of a part's text, as the file writes it."""
        match part:
            case Text():
                return literal(part.value)
            case Column():
                return self.texts[part.name]
            case Operation(name="if", parts=(test, body, other)) if part.kind == "t":
                chosen = f"when {self.holds(test)} then {self.text(body)}"
                otherwise = f"when not {self.holds(test)} then {self.text(other)}"
                return f"case {chosen} {otherwise} else {_UNREADABLE} end"
            case Operation(kind="t"):
                return _TEXTS[part.name](self, part.parts)
        return self.value(part)

    def _number(self, part: Part) -> str:
        match part:
            case Number():
                return f"cast({part.value} as double)"
            case Operation(name="negative", parts=(inner,)):
                return f"(-{self._number(inner)})"
            case Operation(name="abs", parts=(inner,)):
                return f"abs({self._number(inner)})"
            case Operation(name="round", parts=(inner, *places)):
                digits = next((each.value for each in places if isinstance(each, Number)), "0")
                told = f"try_cast(printf('%.15g', {self._number(inner)}) as decimal(38, 15))"
                return f"cast(round({told}, {digits}) as double)"
            case Operation(name="if", parts=(test, body, other), kind="n"):
                chosen = f"when {self.holds(test)} then {self._number(body)}"
                return f"case {chosen} when not {self.holds(test)} then {self._number(other)} end"
            case Operation(name="/", parts=(left, right)):
                return f"({self._number(left)} / nullif({self._number(right)}, 0))"
            case Operation(name=sign, parts=(left, right), kind="n"):
                return f"({self._number(left)} {sign} {self._number(right)})"
        text = self.text(part)
        written = text if self.separators.is_plain else self.separators.canonical(text)
        return f"(case when not contains({written}, '_') then try_cast({written} as double) end)"

    def _operands(self, part: Part) -> Iterator[Part]:
        """The texts that arithmetic and comparisons of numbers read as numbers."""
        if kind_of(part) in "ct":
            yield part
        elif isinstance(part, Operation) and (
            part.kind != "b" or part.name in ("and", "or", "not") or compares_numbers(part)
        ):
            for each in part.parts:
                yield from self._operands(each)


def is_number(part: Part) -> bool:
    """Whether an expression comes to a number, whose writing is ours and not the file's."""
    return kind_of(part) == "n"


def _adds(part: Part) -> bool:
    """Whether a sum or a difference is part of an expression."""
    return isinstance(part, Operation) and (
        (part.kind == "n" and part.name in ("+", "-")) or any(map(_adds, part.parts))
    )


def _written(number: str) -> str:
    return f"coalesce(printf('%.15g', {number} + 0.0), '')"


def _first(computing: Computing, parts: tuple[Part, ...]) -> str:
    texts = [f"nullif({computing.text(each)}, '')" for each in parts]
    return f"coalesce({', '.join(texts)})"


def _joined(computing: Computing, parts: tuple[Part, ...]) -> str:
    # As in a template: without one of its parts there is nothing.
    return "(" + " || ".join(computing.text(each) for each in parts) + ")"


def _of(template: str) -> Callable[[Computing, tuple[Part, ...]], str]:
    def text(computing: Computing, parts: tuple[Part, ...]) -> str:
        return template.format(*(computing.text(each) for each in parts))

    return text


def _matched(computing: Computing, parts: tuple[Part, ...]) -> str:
    text, pattern = (computing.text(each) for each in parts[:2])
    group = next((each.value for each in parts[2:] if isinstance(each, Number)), "0")
    return f"nullif(regexp_extract({text}, {pattern}, {group}), '')"


_CONDITIONS = {
    "is_empty": "({0} = '')",
    "matches": "regexp_full_match({0}, {1})",
    "contains": "contains({0}, {1})",
    "starts_with": "starts_with({0}, {1})",
    "ends_with": "ends_with({0}, {1})",
}
_TEXTS: dict[str, Callable[[Computing, tuple[Part, ...]], str]] = {
    "strip": _of("nullif(trim({0}), '')"),
    "remove": _of("nullif(replace({0}, {1}, ''), '')"),
    "replace": _of("nullif(replace({0}, {1}, {2}), '')"),
    "lower": _of("lower({0})"),
    "upper": _of("upper({0})"),
    # The same person has the same one in each file, however the address is spelt.
    "hashed": _of("left(sha256(lower(nullif(trim({0}), ''))), 32)"),
    "match": _matched,
    "first": _first,
    "join": _joined,
}
