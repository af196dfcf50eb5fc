"""Why a row, a value or a file was not loaded, as a finding."""

from output.findings.finding import Finding


def row_reason(code: str, column: str | None) -> Finding:
    """Which column, what is wrong, what to do; it holds no value."""
    return Finding.of(code, column=column or Finding.of("a_value"))


def file_rejected(code: str, detail: str) -> Finding:
    """Why a file was not loaded: the kind of reason, and what exactly as the ledger holds it."""
    return Finding.of("file_rejected", reason=Finding.of(code), detail=Finding.read(detail))
