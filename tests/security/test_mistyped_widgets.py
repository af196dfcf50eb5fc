"""A browser may send any value for any widget: the page stays a page, and the log has one line.

A page that has failed once would fail for good, for Streamlit keeps what it was sent.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.security.browserless import (
    Log,
    cookies_of,
    run_page,
    send,
    socket,
    wait_until_cut,
    widgets_of,
)
from tests.worlds.homes import Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

CANARY = "Erika Kanarie"
PAGES = [
    ("olga", "vendors", ""),
    ("olga", "data-health", "section=quarantine"),
    ("mueller", "orders", ""),
]
VALUES: list[tuple[str, Any]] = [
    ("string_value", CANARY),
    ("int_value", 7),
    ("double_value", float("nan")),
    ("bool_value", True),
    ("string_array_value", [CANARY, CANARY]),
    ("double_array_value", [float("inf")]),
    ("json_value", "{"),
]
SENTENCE = "Your browser sent a choice that this page does not offer."


@pytest.fixture
def log(url: str, home: Home) -> Log:
    assert url
    return Log(home.path / "server.log")


@pytest.fixture(params=PAGES, ids=lambda place: " ".join(filter(None, place)))
def place(request: pytest.FixtureRequest, url: str) -> Iterator[tuple[httpx.Client, str, str]]:
    name, page, query = request.param
    with sign_in(url, name) as client:
        yield client, page, query


def is_whole(shown: str) -> bool:
    return "could not be shown" not in shown and "exception {" not in shown


def test_a_value_of_any_type_leaves_the_page_as_it_was(
    url: str, log: Log, place: tuple[httpx.Client, str, str]
) -> None:
    client, page, query = place
    with socket(url, cookie=cookies_of(client)) as stream:
        # A word in the field above the menu is no mistake: it leads to the search page.
        drawn = widgets_of(run_page(stream, page, query))
        widgets = [widget for widget in drawn if not widget.endswith("-shell_search")]
        assert len(widgets) < len(drawn)
        refused = 0
        for field, value in VALUES:
            shown = send(stream, page, [(widget, field, value) for widget in widgets], query)
            lines = log.news().splitlines()
            refused += len(lines)
            assert is_whole(shown), field
            assert all("widget value left out" in line for line in lines)
            assert CANARY not in "".join(lines)
            assert (SENTENCE in shown) == bool(lines)
        # a type that none of the page's widgets takes is refused by each that is still drawn
        assert refused > len(VALUES)
        assert is_whole(run_page(stream, page, query))


def test_a_browser_that_connects_again_with_such_values_gets_its_page(
    url: str, log: Log, place: tuple[httpx.Client, str, str]
) -> None:
    client, page, query = place
    with socket(url, cookie=cookies_of(client)) as stream:
        # A word in the field above the menu is no mistake: it leads to the search page.
        drawn = widgets_of(run_page(stream, page, query))
        widgets = [widget for widget in drawn if not widget.endswith("-shell_search")]
        assert len(widgets) < len(drawn)

    for field, value in VALUES[:5:2]:
        with socket(url, cookie=cookies_of(client)) as stream:
            shown = send(stream, page, [(widget, field, value) for widget in widgets], query)
            assert is_whole(shown), field
    assert CANARY not in log.news()


def test_a_choice_that_is_not_offered_is_not_made(url: str) -> None:
    with (
        sign_in(url, "olga") as client,
        socket(url, cookie=cookies_of(client)) as stream,
    ):
        widgets = widgets_of(run_page(stream, "vendors"))
        [state] = [widget for widget in widgets if widget.endswith("vendors_state")]

        shown = send(stream, "vendors", [(state, "string_value", "no such state")])

    assert is_whole(shown)
    assert "CANARY-V001" in shown  # all of them


@pytest.mark.parametrize("content", [b"\xff" * 20, b"\x0a", b"not a message"])
def test_a_message_that_is_none_ends_the_connection_with_one_line(
    url: str, log: Log, content: bytes
) -> None:
    with (
        sign_in(url, "olga") as client,
        socket(url, cookie=cookies_of(client)) as stream,
    ):
        stream.send(content)
        wait_until_cut(stream)

    lines = log.news().splitlines()
    assert len(lines) == 1
    assert "Traceback" not in lines[0]
