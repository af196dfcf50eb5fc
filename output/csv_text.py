"""The one writer of CSV for people: quoted in full, and data in every spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

# What a spreadsheet takes for a formula, also behind white space or a mark that nobody sees
# (OWASP ASVS 5, 1.2.10), and the full-width forms that some take for the same.
_FORMULA = re.compile(
    r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# A telephone number as ITU-T E.164 writes it. A sign and digits calculate nothing, and with an
# apostrophe no destination would know the number.
_PHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def csv_text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below their names, as RFC 4180 has it: every cell in quotes, lines ended by CR LF.

    A text that a spreadsheet would calculate begins with an apostrophe; a number stays one, with
    its sign, and a telephone number in E.164 stays as it is. What reads the file back finds line
    breaks and quotes as they were.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(name) for name in names])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula; a number with its sign is none."""
    is_harmless = _NUMBER.fullmatch(text) or _PHONE.fullmatch(text)
    return bool(_FORMULA.match(text)) and not is_harmless


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value)
    # NUL ends a cell in some readers, and is part of no text.
    text = str(value).replace("\x00", "")
    return f"'{text}" if is_formula(text) else text
