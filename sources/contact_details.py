"""Texts that look like a person's e-mail address or phone number: found, and masked."""

import re

from sources.sql import literal

MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
# International form: ids are digits too, but none begins with a plus sign.
PHONE = r"(^|[^0-9A-Za-z])\+[0-9][0-9 ()/.-]{7,}[0-9]"
_MASK = "***"
# In a line of many values an address begins and ends with a value. It is looked for from the
# beginning of a value only: from each of its characters, a long one would take minutes.
_PART = r"""[^@\s,;|"'<>=:(){}\[\]]"""
_MAIL_IN_LINE = re.compile(rf"(?<!{_PART}){_PART}+@{_PART}+\.[A-Za-z]{{2,}}")
_PHONE_IN_LINE = re.compile(PHONE)


def masked_line(line: str) -> str:
    """A line of values with three stars for each address and number in it."""
    return _PHONE_IN_LINE.sub(rf"\1{_MASK}", _MAIL_IN_LINE.sub(_MASK, line))


def masked_text(text: str) -> str:
    """SQL of a text with three stars for each address and number in it."""
    without_mail = f"regexp_replace({text}, {literal(MAIL)}, {literal(_MASK)}, 'g')"
    without_both = f"regexp_replace({without_mail}, {literal(PHONE)}, '\\1{_MASK}', 'g')"
    return f"case when {_may_hold_one(text)} then {without_both} else {text} end"


def masked_id(text: str) -> str:
    """SQL of an id, or of a hash that serves as one where it looks like an address or number.

    Different ids stay different, and the same id the same in every table.
    """
    looks = " or ".join(f"regexp_matches({text}, {literal(kind)})" for kind in (MAIL, PHONE))
    hashed = f"'masked-' || left(md5({text}), 16)"
    return f"case when ({_may_hold_one(text)}) and ({looks}) then {hashed} else {text} end"


def _may_hold_one(text: str) -> str:
    """Looking for one character spares almost every text the expressions."""
    return f"contains({text}, '@') or contains({text}, '+')"
