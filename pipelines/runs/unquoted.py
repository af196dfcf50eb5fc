"""What DuckDB says, and dbt about it, without the values of rows that it quotes."""

import io
import re
from typing import TextIO

# DuckDB's kinds of error that speak of a statement or of the machine; the others quote values.
_OF_NO_VALUE = (
    "Binder", "Catalog", "Parser", "Syntax", "Dependency", "Permission", "Connection", "IO",
    "Out of Memory", "Not implemented", "INTERRUPT", "Missing Extension",
)  # fmt: skip
_KIND = re.compile(r"\b([A-Z][A-Za-z]*(?: [A-Za-z]+)*?) Error: ")
# A line of dbt's own, behind what it quotes of the database.
_OF_DBT = re.compile(
    r"\s*((Runtime|Database|Compilation) Error in |Failure in |compiled code at |Done\. PASS="
    r"|\d+ of \d+ [A-Z]+ )"
)
_NOT_SHOWN = "what it says may quote a row, and is not shown"


class Unquoted:
    """Lines one after the other, without those that quote values.

    A value may go over several lines, so what follows a quoting line is left out up to the next
    that dbt wrote.
    """

    def __init__(self) -> None:
        self._is_quoting = False

    def kept(self, line: str) -> str | None:
        """What may be repeated of a line; None where that is nothing."""
        if self._is_quoting and not _OF_DBT.match(line):
            return None
        kind = _KIND.search(line)
        self._is_quoting = bool(kind and kind[1] not in _OF_NO_VALUE)
        return f"{line[: kind.end()]}{_NOT_SHOWN}" if kind and self._is_quoting else line


def without_values(message: str) -> str:
    """A message of DuckDB's, or of dbt's about it, without the values of rows that it quotes."""
    lines = Unquoted()
    return "\n".join(
        kept for each in message.splitlines() if (kept := lines.kept(each)) is not None
    )


class UnquotedStream(io.TextIOBase):
    """Writes whole lines on to another stream, without the values that they quote."""

    def __init__(self, target: TextIO) -> None:
        self._target, self._lines, self._begun = target, Unquoted(), ""

    def write(self, text: str) -> int:
        """Writes the lines that end in the text; the rest waits for its end."""
        *ended, self._begun = (self._begun + text).split("\n")
        for line in ended:
            if (kept := self._lines.kept(line)) is not None:
                self._target.write(f"{kept}\n")
        return len(text)

    def flush(self) -> None:
        """Hands on what has been written of whole lines."""
        self._target.flush()
