"""Expectations as they are written down: each with its name, its demand and its limits."""

from data_quality.rules import Rule
from output.findings.finding import Finding


def unique(columns: list[str]) -> Rule:
    """No two rows have the same key; if two do, the loader failed."""
    one = len(columns) == 1
    return Rule(
        name=f"{'_'.join(columns)}_is_unique",
        expectation="ExpectColumnValuesToBeUnique" if one else "ExpectCompoundColumnsToBeUnique",
        arguments={"column": columns[0]} if one else {"column_list": columns},
        demand=Finding.of("no_repeated_value", columns=tuple(columns)),
        blocks_below=1.0,
    )


def never_empty(column: str) -> Rule:
    """Every row has a value; if one has none, the loader failed."""
    return Rule(
        name=f"{column}_is_filled",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": column},
        demand=Finding.of("is_filled", column=column),
        blocks_below=1.0,
    )


def one_of(column: str, values: list[str], *, mostly: float, blocks_below: float | None) -> Rule:
    """Values come from a list."""
    kind = "is_currency" if len(values) > 100 else "is_in_list"
    return Rule(
        name=f"{column}_is_in_the_list",
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column, "value_set": values},
        demand=Finding.of(kind, column=column),
        mostly=mostly,
        blocks_below=blocks_below,
    )


def matches(column: str, pattern: str, demand: str, *, mostly: float) -> Rule:
    """Values are written in a form."""
    return Rule(
        name=f"{column}_is_well_formed",
        expectation="ExpectColumnValuesToMatchRegex",
        arguments={"column": column, "regex": pattern},
        demand=Finding.of(demand, column=column),
        mostly=mostly,
    )


def without(column: str, pattern: str, demand: str) -> Rule:
    """Values hold nothing of a kind."""
    return Rule(
        name=f"{column}_is_plain_text",
        expectation="ExpectColumnValuesToNotMatchRegex",
        arguments={"column": column, "regex": pattern},
        demand=Finding.of(demand, column=column),
    )


def between(
    column: str,
    low: float | None,
    high: float | None,
    *,
    mostly: float,
    blocks_below: float | None = None,
) -> Rule:
    """Values stay within bounds."""
    return Rule(
        name=f"{column}_is_plausible",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": column, "min_value": low, "max_value": high},
        demand=_bounds(column, low, high),
        mostly=mostly,
        blocks_below=blocks_below,
    )


def in_order(earlier: str, later: str, *, mostly: float, blocks_below: float | None = None) -> Rule:
    """One time is not after another, where both are known."""
    return Rule(
        name=f"{later}_is_not_before_{earlier}",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={
            "column_A": later,
            "column_B": earlier,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        demand=Finding.of("is_not_before", later=later, earlier=earlier),
        mostly=mostly,
        blocks_below=blocks_below,
    )


def holds(
    column: str, demand: Finding, *, mostly: float, blocks_below: float | None = None
) -> Rule:
    """A yes-or-no column, mostly of a join, says yes."""
    return Rule(
        name=column,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column, "value_set": [True]},
        demand=demand,
        mostly=mostly,
        blocks_below=blocks_below,
    )


def fact(column: str, most: float, demand: Finding, *, blocks: bool = False) -> Rule:
    """A sum or a share over all rows is at most so much."""
    return Rule(
        name=column,
        expectation="ExpectColumnMaxToBeBetween",
        arguments={"column": column, "max_value": most},
        demand=demand,
        blocks_below=1.0 if blocks else None,
        part="facts",
    )


def exact_columns(columns: list[str]) -> Rule:
    """The table has these columns and no other."""
    return Rule(
        name="columns_are_the_contracts",
        expectation="ExpectTableColumnsToMatchSet",
        arguments={"column_set": columns, "exact_match": True},
        demand=Finding.of("contract_columns"),
        blocks_below=1.0,
        part="shape",
    )


def _bounds(column: str, low: float | None, high: float | None) -> Finding:
    if high is None:
        return Finding.of("is_at_least", column=column, low=low or 0)
    if low is None:
        return Finding.of("is_at_most", column=column, high=high)
    return Finding.of("is_between", column=column, low=low, high=high)
