"""Why a row or a value was not loaded, as a finding."""

from output.findings.finding import Finding


def row_reason(code: str, column: str | None) -> Finding:
    """Which column, what is wrong, what to do; it holds no value."""
    return Finding.of(code, column=column or Finding.of("a_value"))
