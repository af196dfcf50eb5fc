"""The page of customers: sizes that add up, moves that lead to their customers, classes."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards.components.matrix import shade
from tests.app.pages import Visit, visit
from tests.worlds.homes import Home

pytestmark = pytest.mark.app


def cells(seen: Visit) -> dict[str, int]:
    """The links of a matrix with the number that each shows."""
    found = re.findall(r'<td class="k-heat-\d"><a href="([^"]+)"[^>]*>([\d,]+)</a>', seen.said())
    return {link.replace("&amp;", "&"): int(text.replace(",", "")) for link, text in found}


def opened(home: Home, link: str) -> Visit:
    query = {name: texts[0] for name, texts in parse_qs(urlsplit(link).query).items()}
    return visit(home.store, "olga", "customers", **query)


def total(seen: Visit) -> int:
    [found] = re.findall(r"of ([\d,]+) (?:customers?|entry|entries)", seen.text())
    return int(found.replace(",", ""))


def test_each_segment_opens_as_many_customers_as_it_says(home: Home) -> None:
    seen = visit(home.store, "olga", "customers", kind="lifecycle")
    said = seen.said().replace("&amp;", "&")
    links = re.findall(r'href="(/customers\?section=list[^"]+)"', said)
    counts = [
        int(text.replace(",", ""))
        for text in re.findall(r'data-label="Customers">\s*<bdi>([\d,]+)</bdi>', said)
    ]

    assert any(counts)
    for link, count in zip(links, counts, strict=True):
        if count:
            assert total(opened(home, link)) == count


def test_each_number_of_the_moves_opens_those_customers(home: Home) -> None:
    found = cells(visit(home.store, "olga", "customers", section="moves", kind="lifecycle"))

    assert found
    for link, count in found.items():
        assert total(opened(home, link)) == count


def test_classes_open_their_entries(home: Home) -> None:
    found = cells(visit(home.store, "olga", "customers", section="abc", entity_kind="vendor"))

    assert found
    for link, count in found.items():
        assert total(opened(home, link)) == count


def test_a_link_that_names_no_segment_shows_everybody_and_says_so(home: Home) -> None:
    seen = visit(home.store, "olga", "customers", section="list", **{"is": "rfm_best", "from": "x"})

    assert not seen.test.exception
    assert [toast.value for toast in seen.test.toast] == [
        "Part of this link is not valid and was left out."
    ]


@pytest.mark.parametrize(("count", "total", "expected"), [(0, 9, 0), (1, 100, 1), (9, 9, 5)])
def test_a_cell_is_the_darker_the_more_of_its_row_it_has(
    count: int, total: int, expected: int
) -> None:
    assert shade(count, total) == expected
