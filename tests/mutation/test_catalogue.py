"""The page of the decision lists what the tests plant; enough of it is named by a check."""

import re
from pathlib import Path

import pytest

from tests.mutation.books import BOOKS
from tests.mutation.corrupted_sense import BLIND
from tests.mutation.test_corruptions import CORRUPTIONS

pytestmark = pytest.mark.quality

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0014-what-the-checks-catch.md"
_ROW = re.compile(r"^\| ([^|]+?) \| `([^`|]+/[^`|]+)` \|$", re.MULTILINE)


def planted() -> dict[str, str]:
    """Every kind of corruption with the check that names it."""
    rows = {corruption.name: corruption.check for corruption in CORRUPTIONS}
    return rows | {name: check for name, (check, _) in BOOKS.items()}


def test_page_lists_every_corruption_with_its_check() -> None:
    assert dict(_ROW.findall(PAGE.read_text(encoding="utf-8"))) == planted()


def test_blind_spots_are_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [corruption.name for corruption in BLIND if corruption.name not in text] == []


def test_of_enough_kinds_at_most_five_in_a_hundred_are_not_named() -> None:
    caught, missed = len(planted()), len(BLIND)

    assert caught + missed >= 40
    assert caught / (caught + missed) >= 0.95
