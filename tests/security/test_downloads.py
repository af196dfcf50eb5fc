"""Attacks D, E, F and H on downloads and on what a page sends, against the running server."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.security.browserless import cookies_of, run_page, socket
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import PEOPLE, Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

SELLERS = {"alder": "v-001", "mueller": "v-002", "loewe": "v-003", "nadel": "v/004 ü"}
ORDERS = "/download/orders.csv"
LINES = "/download/orders-behind-rate.csv"


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", SELLERS)
def test_a_vendor_downloads_its_own_orders_and_the_lines_behind_its_rates(
    url: str, name: str
) -> None:
    with sign_in(url, name) as client:
        orders = rows_of(client.get(ORDERS))
        answer = client.get(LINES, params={"metric": "late_shipment_rate"})

    assert orders
    lines = rows_of(answer)
    assert {row["order_id"] for row in lines} <= {row["order_id"] for row in orders}
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["cache-control"] == "no-store"
    assert "customer" not in answer.text


@pytest.mark.parametrize(
    "vendor",
    [
        "v-001",
        "v-002",
        "v-001,v-002",
        "%",
        "*",
        "",
        "V-001",
        "v-001 ",
        "v\uff0d001",
        "v-001\x00",
        "v-0\u0430",
        "../v-001",
        "' or 1=1 --",
    ],
)
def test_d_a_vendor_that_names_a_vendor_gets_nothing(url: str, vendor: str) -> None:
    with sign_in(url, "mueller") as client:
        for path in (ORDERS, LINES):
            answer = client.get(path, params={"vendor": vendor, "metric": "late_shipment_rate"})
            assert answer.status_code == 404
            assert answer.text == "Not found."


@pytest.mark.parametrize(
    "metric", ["", "none", "' or 1=1 --", "late_shipment_rate%", "\x00", "x" * 3000]
)
def test_d_an_unknown_metric_has_no_lines(url: str, metric: str) -> None:
    with sign_in(url, "mueller") as client:
        assert rows_of(client.get(LINES, params={"metric": metric})) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("from", "2026-01-01' or 1=1"), ("from", "yesterday"), ("from", "")],
)
def test_e_a_date_that_is_none_is_refused_without_a_reason(url: str, name: str, value: str) -> None:
    with sign_in(url, "mueller") as client:
        answer = client.get(ORDERS, params={name: value})

    assert (answer.status_code, answer.text) == (404, "Not found.")


@pytest.mark.parametrize("text", ["%", "_", "' or ''='", "read_text('/etc/passwd')", "*", "\\"])
def test_e_a_search_is_text_and_never_a_pattern(url: str, text: str) -> None:
    with sign_in(url, "mueller") as client:
        for name in ("search", "status"):
            assert rows_of(client.get(ORDERS, params={name: text})) == []


def test_an_operator_may_name_a_vendor_but_has_no_orders_of_its_own(url: str) -> None:
    with sign_in(url, "olga") as client:
        wanted = {"metric": "late_shipment_rate", "vendor": "v-002"}
        assert rows_of(client.get(LINES, params=wanted))
        assert client.get(ORDERS).status_code == 404


@pytest.mark.parametrize("name", ["newcomer", "ghost"])
def test_an_account_without_data_downloads_nothing(url: str, name: str) -> None:
    with sign_in(url, name) as client:
        answer = client.get(ORDERS)

    assert answer.status_code == 404 if name == "ghost" else rows_of(answer) == []


def test_f_names_reach_the_page_as_text_only(url: str) -> None:
    with (
        sign_in(url, "olga") as client,
        socket(url, cookie=cookies_of(client)) as page,
    ):
        shown = run_page(page, "vendors") + run_page(page)

    assert "<script>alert" not in shown
    assert "\\342\\200\\256" not in shown  # U+202E as protobuf prints it
    assert 'src=\\"http' not in shown


def test_h_many_sessions_at_once_get_only_their_own(url: str) -> None:
    names = list(SELLERS) * 5

    def look(name: str) -> tuple[str, str]:
        with sign_in(url, name) as client, socket(url, cookie=cookies_of(client)) as page:
            return name, "".join(run_page(page) for _ in range(2))

    with ThreadPoolExecutor(5) as pool:
        seen = list(pool.map(look, names))

    for name, shown in seen:
        own = CANARIES[SELLERS[name]]
        assert own in shown
        assert not [canary for canary in CANARIES.values() if canary != own and canary in shown]


def test_j_the_log_of_a_refusal_stays_on_the_server(url: str, home: Home) -> None:
    with sign_in(url, "ghost") as client, socket(url, cookie=cookies_of(client)) as page:
        shown = run_page(page)

    assert PEOPLE["ghost"][1] == "v-999"
    assert "There is nothing here for you" in shown
    assert "v-999" not in shown
    assert "Traceback" not in shown
    assert "refused" in (home.path / "server.log").read_text()
