"""What DuckDB and Spark answer differently, as kinds of expressions in a typed tree.

Each was measured on DuckDB 1.5.5 and Spark 4.3.0 (ANSI, session time zone UTC), one query on both.
A function that is not listed is not known to be answered alike: ask both, and write it down here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

# Answered alike, nulls and ties included.
_ALIKE = """
    abs and approxdistinct avg case cast ceil coalesce concatws corr count countif covarpop
    covarsamp cumedist datetrunc denserank exists extract firstvalue floor greatest hour if
    lag lastday lastvalue lead least left length logicaland logicalor max md5 median min mod month
    not nthvalue ntile nullif or pad percentrank quarter rank repeat replace reverse right round
    rownumber sign splitpart sqrt stddev stddevpop stddevsamp substring sum timestamptrunc translate
    trim trycast variance variancepop weekofyear xor year
"""
# DuckDB has no function of this name and these arguments, so only spark__ macros can write it.
_SPARK_ONLY = (
    "converttimezone datediff fromjson fromtimezone jsonextractscalar strtounix tsordstodate"
    " weekday"
)
KNOWN_FUNCTIONS = frozenset(f"{_ALIKE} {_SPARK_ONLY}".split())

NUMBERS = exp.DataType.NUMERIC_TYPES
WHOLE = exp.DataType.INTEGER_TYPES
BINARY_FRACTIONS = exp.DataType.FLOAT_TYPES
TEXTS = exp.DataType.TEXT_TYPES


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of expression, why it is a difference, and a query that has it."""

    reason: str
    planted: str
    is_in: Callable[[exp.Expression], bool]


def _is(node: exp.Expression | None, kinds: object) -> bool:
    return node is not None and node.is_type(*kinds)  # type: ignore[misc]


def _is_unknown_function(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Func):
        return False
    if isinstance(node, exp.JSONExtractScalar) and "scalar_only" in node.args:
        return True  # written as an arrow, which Spark does not read; get_json_object is its own
    name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
    return name.lower() not in KNOWN_FUNCTIONS


def _bare(node: exp.Expression) -> exp.Expression:
    return node.this if isinstance(node, exp.Paren) else node


def _is_exact(node: exp.Expression) -> bool:
    """A decimal, or what Spark reads as one: a literal with a point."""
    bare = node
    while isinstance(bare, exp.Paren | exp.Round | exp.Abs | exp.Neg):
        bare = bare.this
    is_point = isinstance(bare, exp.Literal) and bare.is_number and "." in bare.name
    return is_point or _is(bare, {exp.DataType.Type.DECIMAL})


def _divides_exactly(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Div):
        return False
    sides = [node.this, node.expression]
    is_binary = any(_is(side, BINARY_FRACTIONS) and not _is_exact(side) for side in sides)
    return not is_binary and any(_is_exact(side) for side in sides)


def _divides_by_zero(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Div | exp.Mod):
        return False
    divisor = _bare(node.expression)
    is_number = isinstance(divisor, exp.Literal) and float(divisor.name) != 0
    return not is_number and not isinstance(divisor, exp.Nullif)


def _cuts_off(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Cast) or not _is(node.to, WHOLE):
        return False
    value = _bare(node.this)
    if isinstance(value, exp.Floor | exp.Ceil):
        return False
    return _is_exact(value) or _is(value, BINARY_FRACTIONS)


def _rounds_binary(node: exp.Expression) -> bool:
    if isinstance(node, exp.Round):
        is_whole = node.args.get("decimals") is None
        return _is(node.this, BINARY_FRACTIONS) and not _is_exact(node.this) and not is_whole
    if not isinstance(node, exp.Cast) or not _is(node.to, {exp.DataType.Type.DECIMAL}):
        return False
    scale = node.to.expressions[1].name if len(node.to.expressions) > 1 else "0"
    return _is(node.this, BINARY_FRACTIONS) and not _is_exact(node.this) and int(scale) < 6


def _reads_text(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Cast) or not _is(node.this, TEXTS):
        return False
    return _is(node.to, NUMBERS | {exp.DataType.Type.BOOLEAN})


def _spells_fraction(node: exp.Expression) -> bool:
    if isinstance(node, exp.Cast):
        return _is(node.to, TEXTS) and _is(node.this, BINARY_FRACTIONS) and not _is_exact(node.this)
    if isinstance(node, exp.DPipe):
        return any(_is(side, BINARY_FRACTIONS) for side in (node.this, node.expression))
    return False


def _mixes_kinds(node: exp.Expression) -> bool:
    if isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.Between):
        sides = [node.this, *(node.args.get(name) for name in ("expression", "low", "high"))]
    elif isinstance(node, exp.In | exp.Coalesce | exp.Greatest | exp.Least):
        sides = [node.this, *node.expressions]
    else:
        return False
    kinds = [TEXTS, NUMBERS, {exp.DataType.Type.BOOLEAN}]
    return sum(any(_is(side, kind) for side in sides) for kind in kinds) > 1


def _is_date(node: exp.Expression) -> bool:
    return _is(node, {exp.DataType.Type.DATE})


def _adds_interval_uncast(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Add | exp.Sub) or not node.find(exp.Interval):
        return False
    return _is_date(node.this) and not isinstance(node.parent, exp.Cast)


def _subtracts_dates(node: exp.Expression) -> bool:
    return isinstance(node, exp.Sub) and _is_date(node.this) and _is_date(node.expression)


def _counts_from_zero(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Substring):
        return False
    start = node.args.get("start")
    return not (isinstance(start, exp.Literal) and int(start.name) >= 1)


_SUMS = (exp.Sum, exp.Avg, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance, exp.VariancePop)


def _sums_binary(node: exp.Expression) -> bool:
    if not isinstance(node, _SUMS) or not _is(node.this, BINARY_FRACTIONS) or _is_exact(node.this):
        return False
    decimals = (cast.to for cast in _casts_around(node))
    return not any(_is(kind, {exp.DataType.Type.DECIMAL}) for kind in decimals)


def _casts_around(node: exp.Expression) -> Iterator[exp.Cast]:
    while isinstance(node.parent, exp.Expression) and not isinstance(node.parent, exp.Query):
        node = node.parent
        if isinstance(node, exp.Cast):
            yield node


DIFFERENCES = (
    Difference(
        "not known to be answered alike, or answered in any order",
        "select any_value(code) from raw.planted",
        _is_unknown_function,
    ),
    Difference(
        "a double on DuckDB, on Spark a decimal of as many digits as its rules give",
        "select amount / 3600.0 from raw.planted",
        _divides_exactly,
    ),
    Difference(
        "infinite or null on DuckDB where the divisor is zero, an error on Spark",
        "select cast(amount as double) / share from raw.planted",
        _divides_by_zero,
    ),
    Difference(
        "rounded on DuckDB, cut off on Spark",
        "select cast(share as bigint) from raw.planted",
        _cuts_off,
    ),
    Difference(
        "0.285 is 0.28 on DuckDB, which rounds the binary number, and 0.29 on Spark: use `rounded`",
        "select round(share, 2) from raw.planted",
        _rounds_binary,
    ),
    Difference(
        "'1e3' and '2.7' are whole numbers on DuckDB and errors on Spark",
        "select cast(code as bigint) from raw.planted",
        _reads_text,
    ),
    Difference(
        "1e+20 on DuckDB, 1.0E20 on Spark",
        "select 'about ' || share from raw.planted",
        _spells_fraction,
    ),
    Difference(
        "compared after a cast that the engines choose",
        "select code from raw.planted where code = 1",
        _mixes_kinds,
    ),
    Difference(
        "a timestamp on DuckDB, a date on Spark: use `days_after`",
        "select happened_on + interval '1' day as next_day from raw.planted",
        _adds_interval_uncast,
    ),
    Difference(
        "a number on DuckDB, an interval on Spark: use `days_between`",
        "select happened_on - happened_on as age from raw.planted",
        _subtracts_dates,
    ),
    Difference(
        "the unit is a word on Spark and a text on DuckDB: use `days_between`, `seconds_between`",
        "select datediff('day', happened_on, happened_on) as age from raw.planted",
        lambda node: (
            isinstance(node, exp.DateDiff | exp.TsOrDsDiff)
            and any(isinstance(part, exp.Literal | exp.Var) for part in node.args.values())
        ),
    ),
    Difference(
        "position 0 is before the first character on DuckDB and the first on Spark",
        "select substring(code, 0, 2) from raw.planted",
        _counts_from_zero,
    ),
    Difference(
        "days of the week and epochs are counted otherwise: use `iso_weekday`, `seconds_between`",
        "select extract(dow from happened_on) as weekday_number from raw.planted",
        lambda node: (
            isinstance(node, exp.Extract)
            and node.name.lower() not in {"year", "quarter", "month", "day", "hour", "minute"}
        ),
    ),
    Difference(
        "the mean of decimals is a double on DuckDB and a decimal on Spark",
        "select avg(amount) from raw.planted",
        lambda node: isinstance(node, exp.Avg) and not _is(node.this, BINARY_FRACTIONS),
    ),
    Difference(
        "the last digit of a sum of doubles is of the order of the rows: sum decimals, or round it",
        "select sum(share) from raw.planted",
        _sums_binary,
    ),
    Difference(
        "only Spark takes a backslash for an escape",
        r"select code from raw.planted where code like 'a\\_b'",
        lambda node: isinstance(node, exp.Like) and "\\" in node.expression.name,
    ),
    Difference(
        "counted from 1 on DuckDB, from 0 on Spark",
        "select split_part(code, '.', 1)[0] from raw.planted",
        lambda node: isinstance(node, exp.Bracket),
    ),
    Difference(
        "distinct on is DuckDB's",
        "select distinct on (code) code, amount from raw.planted",
        lambda node: isinstance(node, exp.Distinct) and node.args.get("on") is not None,
    ),
    Difference(
        "by name, natural and positional matches are not common",
        "select code from raw.planted union all by name select code from raw.planted",
        lambda node: bool(
            (isinstance(node, exp.SetOperation) and node.args.get("by_name"))
            or (isinstance(node, exp.Join) and node.args.get("method"))
        ),
    ),
    Difference(
        "Spark stops a recursive query after 100 levels",
        "with recursive levels as (select 1 as depth union all select depth + 1 from levels) "
        "select depth from levels",
        lambda node: isinstance(node, exp.With) and bool(node.args.get("recursive")),
    ),
    Difference(
        "any rows",
        "select code from raw.planted limit 1",
        lambda node: isinstance(node, exp.Limit) and not node.parent.args.get("order"),
    ),
)
