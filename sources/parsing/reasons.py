"""Why a row or a file was not loaded; the codes and their sentences are in `output.findings`."""

from output.findings.finding import Finding
from output.findings.reasons import row_reason


class FileRejectedError(Exception):
    """The whole file cannot be used; the code is one of `FILE_REASONS`, the detail says more."""

    def __init__(self, code: str, detail: Finding) -> None:
        super().__init__(detail.english)
        self.code = code
        self.detail = detail


def row_detail(code: str, column: str | None) -> str:
    """Why a row or a value was not loaded, in English."""
    return row_reason(code, column).english
