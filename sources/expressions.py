r"""Small expressions over a source's columns, as a marketplace's file writes them.

`{Line total} / {Pieces}`, `match({Item}, "ID (\d+)", 1)`, `{Kind} in ("sale", "refund")`: columns
in braces, or by their bare name where it is one word; numbers and quoted texts; arithmetic,
comparisons, `and`, `or`, `not`, `A if CONDITION else B`, and the functions of `FUNCTIONS`. Nothing
else is let through, so an expression can read the row that it stands on and nothing more.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from sources.patterns import pattern_problem

_LONGEST, _DEEPEST = 1000, 40
_LARGEST = 10**15
# A text in either kind of quotes, or a column in braces; a backslash in a text means itself.
_TOKEN = re.compile(r"'([^']*)'|\"([^\"]*)\"|\{([^{}]+)\}")

# Of each function what it takes and what it returns: t(ext), n(umber), b(oolean); what stands in
# quotes must be written in the expression itself.
FUNCTIONS = {
    "strip": ("t", "t"),
    "remove": ("t'", "t"),
    "replace": ("t''", "t"),
    "match": ("t'#", "t"),
    "lower": ("t", "t"),
    "upper": ("t", "t"),
    "hashed": ("t", "t"),
    "first": ("t*", "t"),
    "join": ("t*", "t"),
    "abs": ("n", "n"),
    "round": ("n#", "n"),
    "matches": ("t'", "b"),
    "contains": ("t'", "b"),
    "starts_with": ("t'", "b"),
    "ends_with": ("t'", "b"),
    "is_empty": ("t", "b"),
}
_ARITHMETIC: dict[type[ast.operator], str]
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MEANT = (
    'write it like {Total} / {Pieces}, match({Item}, "([0-9]+)", 1) or {Kind} == "sale"; '
    f"there are + - * /, comparisons, in, and, or, not, if else, and {', '.join(FUNCTIONS)}"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the expression itself holds."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the expression itself holds, as written."""

    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the source: a text, or a number where one is needed."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function over parts; `kind` is what comes out: t, n or b."""

    name: str
    parts: "tuple[Part, ...]"
    kind: str


Part = Text | Number | Column | Operation


def kind_of(part: Part) -> str:
    """What a part is: t(ext), n(umber), b(oolean), or c(olumn), which may be text or number."""
    match part:
        case Operation():
            return part.kind
        case Number():
            return "n"
        case Text():
            return "t"
        case Column():
            return "c"


def columns_of(part: Part) -> Iterator[str]:
    """The names of the source's columns that an expression reads."""
    if isinstance(part, Column):
        yield part.name
    elif isinstance(part, Operation):
        for each in part.parts:
            yield from columns_of(each)


@cache
def parsed(text: str) -> Part:
    """The expression that a text is.

    Raises:
        ValueError: it is none; the message says why and quotes no more than an operator's name.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters; shorten it")
    names: dict[str, Part] = {}

    def named(found: re.Match[str]) -> str:
        single, double, column = found.groups()
        name = f"_{len(names)}_"
        names[name] = Column(column.strip()) if column is not None else Text(single or double or "")
        return f" {name} "

    try:
        tree = ast.parse(_TOKEN.sub(named, text).strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"not an expression; {_MEANT}") from None
    return _Reader(names).part(tree.body)


def condition(text: str) -> Part:
    """The expression that a text is, which must be true or false.

    Raises:
        ValueError: it is none.
    """
    found = parsed(text)
    if kind_of(found) == "b":
        return found
    raise ValueError('not a condition; write it like {Kind} == "sale" or {Pieces} < 0')


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes ours of Python's tree; `names` are the texts and columns that stood in it."""

    names: dict[str, Part]
    depth: int = 0

    def part(self, node: ast.AST) -> Part:
        if self.depth > _DEEPEST:
            raise ValueError(f"nested deeper than {_DEEPEST} levels; simplify it")
        inner = _Reader(self.names, self.depth + 1)
        match node:
            case ast.Name() | ast.Attribute():
                return self._column(node)
            case ast.UnaryOp() | ast.BinOp() | ast.BoolOp():
                return inner._operated(node)
            case ast.IfExp():
                return _choice(*map(inner.part, (node.test, node.body, node.orelse)))
            case ast.Compare():
                return _comparison(node, inner.part)
            case ast.Call(func=ast.Name(id=name), keywords=[]):
                return _call(name, [inner.part(each) for each in node.args])
            case ast.Constant(value=int() | float() as value) if _is_plain(value):
                return Number(str(value))
            case _:
                return _refuse()

    def _operated(self, node: ast.UnaryOp | ast.BinOp | ast.BoolOp) -> Part:
        match node:
            case ast.UnaryOp(op=ast.USub()):
                return _operation("negative", [self.part(node.operand)], "n", "n")
            case ast.UnaryOp(op=ast.Not()):
                return _operation("not", [self.part(node.operand)], "b", "b")
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                sign = _ARITHMETIC[type(node.op)]
                return _operation(sign, [self.part(node.left), self.part(node.right)], "n", "n")
            case ast.BoolOp():
                name = "and" if isinstance(node.op, ast.And) else "or"
                return _operation(name, [self.part(each) for each in node.values], "b", "b")
            case _:
                return _refuse()

    def _column(self, node: ast.AST) -> Part:
        words = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return _refuse()
        if not words and node.id in self.names:
            return self.names[node.id]
        return Column(".".join([node.id, *reversed(words)]))


def _is_plain(value: float) -> bool:
    return not isinstance(value, bool) and abs(value) < _LARGEST


def compares_numbers(operation: Operation) -> bool:
    """Whether a comparison is one of numbers: of which is greater, unless one is a quoted text."""
    kinds = {kind_of(part) for part in operation.parts}
    return "n" in kinds or ("t" not in kinds and operation.name in ("<", "<=", ">", ">="))


def _operation(name: str, parts: list[Part], takes: str, kind: str) -> Operation:
    for part in parts:
        _need(part, takes, name)
    return Operation(name, tuple(parts), kind)


def _need(part: Part, takes: str, name: str) -> None:
    found = kind_of(part)
    # A text that a function takes out of a column may be a number, as a column may.
    fits = {"n": found in "nct" and not isinstance(part, Text), "t": found != "b"}
    if not fits.get(takes, found == takes):
        needed = {"n": "a number", "t": "a text or a column", "b": "a condition"}[takes]
        raise ValueError(f"{name!r} needs {needed}; correct it")


def _choice(test: Part, body: Part, other: Part) -> Operation:
    _need(test, "b", "if")
    kinds = {kind_of(body), kind_of(other)} - {"c"}
    if "b" in kinds or len(kinds) > 1:
        raise ValueError("'if else' needs two texts or two numbers; correct it")
    return Operation("if", (test, body, other), kinds.pop() if kinds else "t")


def _comparison(node: ast.Compare, inner: Callable[[ast.AST], Part]) -> Operation:
    if len(node.ops) != 1:
        raise ValueError("two comparisons in one; join them with 'and'")
    [sign], [right] = node.ops, node.comparators
    left = inner(node.left)
    if isinstance(sign, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise ValueError('\'in\' needs a list, like {Kind} in ("sale", "refund")')
        listed = [inner(each) for each in right.elts]
        _need(left, "t", "in")
        if not all(isinstance(each, Text | Number) for each in listed):
            raise ValueError("'in' needs a list of texts or numbers")
        found = Operation("in", (left, *listed), "b")
        return found if isinstance(sign, ast.In) else Operation("not", (found,), "b")
    name = _COMPARISONS.get(type(sign))
    if name is None:
        _refuse()
    other = inner(right)
    if "b" in (kind_of(left), kind_of(other)):
        raise ValueError("a condition is compared; use 'and', 'or' or 'not'")
    return Operation(name, (left, other), "b")


def _call(name: str, parts: list[Part]) -> Operation:
    if name not in FUNCTIONS:
        raise ValueError(f"there is no such function; there are {', '.join(FUNCTIONS)}")
    takes, kind = FUNCTIONS[name]
    if takes.endswith("*"):
        if not parts:
            raise ValueError(f"{name!r} needs at least one text or column")
        return _operation(name, parts, takes[0], kind)
    fewest = len(takes.rstrip("#"))
    if not fewest <= len(parts) <= len(takes):
        raise ValueError(f"{name!r} takes {fewest} argument{'s' if fewest > 1 else ''}; correct it")
    for part, need in zip(parts, takes, strict=False):
        _check_argument(name, part, need)
    if name in ("match", "matches"):
        _check_pattern(name, parts)
    return Operation(name, tuple(parts), kind)


def _check_argument(name: str, part: Part, need: str) -> None:
    if need == "'" and not isinstance(part, Text):
        raise ValueError(f"{name!r} needs a text in quotes; correct it")
    if need == "#" and not (isinstance(part, Number) and part.value.isdecimal()):
        raise ValueError(f"{name!r} needs a whole number; correct it")
    if need in "tn":
        _need(part, need, name)


def _check_pattern(name: str, parts: list[Part]) -> None:
    pattern = parts[1].value if isinstance(parts[1], Text) else ""
    problem = pattern_problem(pattern)
    if problem:
        raise ValueError(f"{name!r}: {problem}")
    group = next((int(part.value) for part in parts if isinstance(part, Number)), 0)
    if group > re.compile(pattern).groups:
        raise ValueError("'match' asks for a group that its regular expression does not have")


def _refuse() -> NoReturn:
    raise ValueError(f"not an expression; {_MEANT}")
