"""The questions that may be asked: one SQL file each, whose head says who may ask.

The first line is `-- audience: operator`, `-- audience: vendor` or `-- audience: operator, vendor`.
A vendor's question is bound to the vendor and says so in each row, unless `-- shared: yes` follows:
then its rows are of nobody in particular, such as the definitions of metrics.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

from operations.roles import Audience

SQL: Final = Path(__file__).parent / "sql"

_HEAD = re.compile(
    r"-- audience: (?P<audience>operator|vendor|operator, vendor)\n(?P<shared>-- shared: yes\n)?"
)
_VENDOR = re.compile(r"\$vendor_id\b")


class InvalidQuestion(Exception):  # noqa: N818
    """The head of a file does not say who may ask, or says what its text does not do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question: who may ask it, whether it is about one vendor, and its text."""

    name: str
    audience: frozenset[Audience]
    is_of_vendor: bool
    sql: str


@cache
def question(name: str) -> Question:
    """Return a question by its name.

    Raises:
        InvalidQuestion: its head is not one.
    """
    return read_question(name, (SQL / f"{name}.sql").read_text(encoding="utf-8"))


def read_question(name: str, text: str) -> Question:
    """Return the question that a file holds.

    Raises:
        InvalidQuestion: its head is not one, or a vendor's question is not bound to the vendor.
    """
    head = _HEAD.match(text)
    if head is None:
        raise InvalidQuestion(f"{name}.sql does not begin with `-- audience: operator, vendor`")
    audience = frozenset(cast("list[Audience]", head["audience"].split(", ")))
    is_of_vendor = _VENDOR.search(text) is not None
    if "vendor" in audience and is_of_vendor == bool(head["shared"]):
        raise InvalidQuestion(
            f"{name}.sql is for vendors: it binds $vendor_id, or says `-- shared: yes`, never both"
        )
    return Question(name, audience, is_of_vendor, text)
