"""Data Docs are for operators: not for vendors, not for analysts, and nothing beside them."""

from pathlib import Path

import httpx
import pytest

from data_quality.data_docs import index_of
from tests.worlds.homes import Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

OUTSIDE = (
    "..%2foperations.sqlite",
    "../operations.sqlite",
    "%2e%2e/published/CURRENT",
    "orders.html%00",
    "Orders.html",
    "orders",
    "orders.html/../../operations.sqlite",
    ".index.tmp",
)


@pytest.fixture(scope="module", autouse=True)
def pages(home: Home) -> Path:
    folder = home.path / "data_docs"
    folder.mkdir()
    (folder / "index.html").write_text(index_of([("orders", "Orders", "2026-07-01", "")]))
    (folder / "orders.html").write_text("<html>all rules of orders hold</html>")
    return folder


def test_operator_reads_the_index_and_the_pages(url: str) -> None:
    with sign_in(url, "olga") as client:
        index = client.get("/data-docs/")
        page = client.get("/data-docs/orders.html")

    assert index.status_code == 200
    assert "href='orders.html'" in index.text
    assert page.text == "<html>all rules of orders hold</html>"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["alder", "ana", "ghost"])
@pytest.mark.parametrize("page", ["", "index.html", "orders.html"])
def test_nobody_else_does(url: str, name: str, page: str) -> None:
    with sign_in(url, name) as client:
        answer = client.get(f"/data-docs/{page}")

    assert answer.status_code == 404
    assert answer.text == "Not found."


def test_without_a_session_there_is_only_the_way_to_the_login(url: str) -> None:
    answer = httpx.get(f"{url}/data-docs/orders.html", follow_redirects=False)

    assert answer.status_code in {303, 401}
    assert "rules" not in answer.text


@pytest.mark.parametrize("page", OUTSIDE)
def test_no_name_leads_out_of_the_folder(url: str, page: str) -> None:
    with sign_in(url, "olga") as client:
        answer = client.get(f"/data-docs/{page}")

    assert "SQLite" not in answer.text
    assert answer.status_code == 404 or "rules" not in answer.text
