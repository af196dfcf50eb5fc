"""From Great Expectations' result of a rule to ours, and what may be kept of theirs."""

from collections.abc import Mapping
from typing import Any

from data_quality.rules import CheckResult, Rule, Severity
from output.findings.finding import Finding

# All else in a result may hold values of rows: unexpected values, their index, their counts.
_KEPT = (
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
# A share of so few rows says little; below this many only rules without exceptions block.
FEWEST_ROWS_TO_BLOCK = 20


def without_values(result: Mapping[str, Any]) -> dict[str, Any]:
    """The counts and shares of a result, and an observed number; never a value of a row."""
    kept = {name: result[name] for name in _KEPT if name in result}
    observed = result.get("observed_value")
    if isinstance(observed, int | float) and not isinstance(observed, bool):
        # Their page writes no number of numpy's, and its floats are floats.
        kept["observed_value"] = observed if isinstance(observed, int) else float(observed)
    return kept


def verdict_of(
    suite: str, rule: Rule, result: Mapping[str, Any], *, success: bool, fault: str | None
) -> CheckResult:
    """What became of a rule; a rule that could not be checked is a warning that says why."""
    if fault is not None:
        finding = Finding.of("rule_unchecked", rule=rule.demand, fault=fault)
        return _result(suite, rule, "warn", None, (0, 0), finding, is_passed=False)
    if rule.part != "rows":
        observed = without_values(result).get("observed_value")
        finding = _held(rule) if success else _broken(rule, observed)
        severity = _severity(rule, float(success), 1)
        counts = (1, 0 if success else 1)
        return _result(suite, rule, severity, observed, counts, finding, is_passed=success)
    return _row_verdict(suite, rule, result)


def _row_verdict(suite: str, rule: Rule, result: Mapping[str, Any]) -> CheckResult:
    checked = int(result.get("element_count") or 0)
    # Only the expectation of values that must be there counts the missing among the unexpected.
    if rule.expectation != "ExpectColumnValuesToNotBeNull":
        checked -= int(result.get("missing_count") or 0)
    bad = int(result.get("unexpected_count") or 0)
    good_share = 1.0 if checked == 0 else 1.0 - bad / checked
    is_passed = good_share >= rule.mostly
    finding = _held(rule)
    if bad:
        code = "few_rows_fail" if is_passed else "rows_fail"
        finding = Finding.of(code, n=bad, checked=checked, rule=rule.demand)
    severity = _severity(rule, good_share, checked)
    counts = (checked, bad)
    observed = bad / checked if checked else 0.0
    return _result(suite, rule, severity, observed, counts, finding, is_passed=is_passed)


def _held(rule: Rule) -> Finding:
    return Finding.of("rule_holds", rule=rule.demand)


def _broken(rule: Rule, observed: float | None) -> Finding:
    if observed is None:
        return Finding.of("rule_fails", rule=rule.demand)
    if rule.name.endswith("_share"):
        found = round(100 * observed, 1)
        return Finding.of("rule_fails_with_share", rule=rule.demand, found=found)
    return Finding.of("rule_fails_with", rule=rule.demand, found=observed)


def _severity(rule: Rule, good_share: float, checked: int) -> Severity:
    if rule.blocks_below is None:
        return "warn"
    enough = rule.blocks_below >= 1.0 or checked >= FEWEST_ROWS_TO_BLOCK
    return "error" if enough and good_share < rule.blocks_below else "warn"


def _result(
    suite: str,
    rule: Rule,
    severity: Severity,
    observed: float | None,
    counts: tuple[int, int],
    finding: Finding,
    *,
    is_passed: bool,
) -> CheckResult:
    return CheckResult(
        suite=suite,
        name=rule.name,
        expectation=rule.expectation,
        columns=rule.columns,
        severity=severity,
        is_passed=is_passed,
        observed=None if observed is None else float(observed),
        checked_count=counts[0],
        unexpected_count=counts[1],
        finding=finding,
    )
