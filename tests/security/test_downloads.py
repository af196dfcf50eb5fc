"""Attacks D, E, F and H on downloads and on what a page sends, against the running server."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from dashboards.components.statuses import OF_ORDERS
from dashboards.gate.downloads import LISTINGS
from dashboards.listings.listing import Listing
from dashboards.queries.questions import question
from tests.security.browserless import cookies_of, run_page, socket
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import PEOPLE, Home
from tests.worlds.running import sign_in
from tests.worlds.workbooks import sheet_of

pytestmark = pytest.mark.security

SELLERS = {"alder": "v-001", "mueller": "v-002", "loewe": "v-003", "nadel": "v/004 ü"}
ORDERS = "/download/orders.csv"
LINES = "/download/orders-behind-rate.csv"
KINDS = ("csv", "xlsx")


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", SELLERS)
def test_a_vendor_downloads_its_own_orders_and_the_lines_behind_its_rates(
    url: str, name: str
) -> None:
    with sign_in(url, name) as client:
        orders = rows_of(client.get(ORDERS, params={"period": "all_time"}))
        answer = client.get(LINES, params={"metric": "late_shipment_rate"})

    assert orders
    lines = rows_of(answer)
    assert {row["Order"] for row in lines} <= {row["Order"] for row in orders}
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
    [
        ("from", "2025-01-01' or 1=1"),
        ("from", "yesterday"),
        ("from", ""),
        ("from", "20250101"),
        ("from", "2999-01-01"),
        ("period", "last_91_days"),
        ("status", "' or ''='"),
        ("status", "read_text('/etc/passwd')"),
        ("late", "yes"),
        ("sort", "gmv desc"),
        ("sort", "vendor_id"),
        ("sort", "(select 1)"),
        ("columns", "order_id,vendor_id"),
        ("search", "erika@kanarie.example"),
        ("search", "+49 175 1234567"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_e_what_a_list_does_not_offer_is_refused_and_not_repeated(
    url: str, kind: str, name: str, value: str
) -> None:
    with sign_in(url, "mueller") as client:
        answer = client.get(f"/download/orders.{kind}", params={name: value})

    assert answer.status_code == 400
    assert answer.text.startswith("The address asks for something that this list does not offer.")
    assert not value or value not in answer.text


def test_e_a_page_of_a_file_is_not_the_whole_and_so_refused(url: str) -> None:
    with sign_in(url, "mueller") as client:
        assert client.get(ORDERS, params={"page": "2"}).status_code == 404


@pytest.mark.parametrize("text", ["%", "_", "' or ''='", "read_text('/etc/passwd')", "*", "\\"])
def test_e_a_search_is_text_and_never_a_pattern(url: str, text: str) -> None:
    with sign_in(url, "mueller") as client:
        assert rows_of(client.get(ORDERS, params={"search": text})) == []


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
@pytest.mark.parametrize("name", ["olga", "mueller"])
def test_a_list_is_a_file_for_those_whom_its_question_is_for(
    url: str, name: str, listing: Listing
) -> None:
    about = {
        "orders-behind-rate": {"metric": "late_shipment_rate"},
        "mismatched-days": {"source": "accounting", "measure": "payments", "currency": "EUR"},
        "mismatched-orders": {"source": "accounting", "measure": "payments", "currency": "EUR"},
        "customer-timeline": {"customer": "C-001"},
        "payout-lines": {"payout": "undelivered EUR"},
        "customer-products": {"customer": "C-001"},
    }.get(listing.name, {})
    audience = "vendor" if name == "mueller" else "operator"
    if listing.name == "orders-behind-rate" and name == "olga":
        about |= {"vendor": "v-002"}

    with sign_in(url, name) as client:
        answers = [client.get(f"/download/{listing.name}.{kind}", params=about) for kind in KINDS]

    is_theirs = audience in question(listing.query).audience
    assert {answer.status_code for answer in answers} == {200 if is_theirs else 404}


def test_a_file_holds_what_the_page_was_narrowed_to_in_its_order(url: str) -> None:
    with sign_in(url, "mueller") as client:
        whole = rows_of(client.get(ORDERS, params={"period": "all_time"}))
        status = whole[0]["Status"]
        code = next(code for code, said in OF_ORDERS.items() if said.msgid == status)
        wanted = {"period": "all_time", "status": code, "sort": "gmv", "columns": "order_id,gmv"}
        some = rows_of(client.get(ORDERS, params=wanted))
        german = client.get(ORDERS, params=wanted, headers={"accept-language": "de"})

    assert 0 < len(some) < len(whole)
    assert {row["Order"] for row in some} == {
        row["Order"] for row in whole if row["Status"] == status
    }
    assert [*some[0]] == ["Order", "Sales"]
    assert [float(row["Sales"]) for row in some] == sorted(float(row["Sales"]) for row in some)
    assert rows_of(german)[0].keys() == {"Bestellung", "Umsatz"}


def test_both_kinds_of_file_hold_the_same(url: str) -> None:
    with sign_in(url, "mueller") as client:
        lines = rows_of(client.get(ORDERS, params={"period": "all_time"}))
        workbook = client.get("/download/orders.xlsx", params={"period": "all_time"}).content

    headings, *rows = sheet_of(workbook)
    assert headings == [*lines[0]]
    assert [row[0] for row in rows] == [line["Order"] for line in lines]
    sales = headings.index("Sales")
    assert [row[sales] for row in rows] == [float(line["Sales"]) for line in lines]


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


def test_an_answer_of_explore_is_a_file_for_whoever_has_explore(url: str, home: Home) -> None:
    asked = {"table": "mart_vendor_daily", "group": "vendor_id", "count": "count", "sort": "count"}
    with sign_in(url, "ana") as client:
        rows = rows_of(client.get("/download/explore.csv", params=asked))
        workbook = client.get("/download/explore.xlsx", params=asked)

    assert [int(row["Number of rows"]) for row in rows] == sorted(
        int(row["Number of rows"]) for row in rows
    )
    assert {"v-001", "v-002"} <= {row["Vendor ID"] for row in rows}
    assert workbook.status_code == 200
    assert workbook.content.startswith(b"PK")
    with home.store.connect() as connection:
        taken = connection.exec_driver_sql(
            "select count(*) from audit_log where subject like 'explore.%'"
        ).scalar()
    assert taken == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["mueller", "newcomer"])
def test_d_no_vendor_takes_an_answer_of_explore(url: str, name: str, kind: str) -> None:
    with sign_in(url, name) as client:
        answer = client.get(f"/download/explore.{kind}", params={"table": "fct_orders"})

    assert (answer.status_code, answer.text) == (404, "Not found.")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("columns", "customer_id"),
        ("columns", "order_id,*"),
        ("where.customer_id", "filled"),
        ("where.status", "is:\x00"),
        ("table", "information_schema.tables"),
        ("sort", "1"),
        ("limit", "1"),
    ],
)
def test_e_a_question_that_is_none_is_refused(url: str, parameter: str, value: str) -> None:
    with sign_in(url, "ana") as client:
        asked = {"table": "fct_orders", parameter: value}
        answer = client.get("/download/explore.csv", params=asked)

    assert answer.status_code == 400
    assert value not in answer.text


def test_f_a_formula_in_an_answer_is_text(url: str) -> None:
    with sign_in(url, "ana") as client:
        asked = {"table": "dim_products", "columns": "product_name"}
        rows = rows_of(client.get("/download/explore.csv", params=asked))

    names = {row["Product name"] for row in rows}
    assert [name for name in names if name.startswith("'=1+1")]
    assert not [name for name in names if name.startswith(("=", "@"))]
