"""Lists on pages: everything somebody chose is in the address, and nothing personal ever is."""

import re
from datetime import date

import pytest

from tests.app.pages import Visit, visit
from tests.worlds.homes import Home

pytestmark = pytest.mark.app

NOT_OFFERED = "Part of this link is not valid and was left out."


def orders_of(seen: Visit) -> list[str]:
    return re.findall(r"/orders\?order=([\w-]+)", seen.said())


def sales_of(seen: Visit) -> list[float]:
    found = re.findall(r'data-label="Sales">\s*<bdi>€([\d,.]+)</bdi>', seen.said())
    return [float(text.replace(",", "")) for text in found]


def toasts(seen: Visit) -> list[str]:
    return [toast.value for toast in seen.test.toast]


@pytest.mark.parametrize(("sort", "direction"), [("gmv", "ascending"), ("-gmv", "descending")])
def test_a_sort_is_in_the_address_and_on_its_heading(home: Home, sort: str, direction: str) -> None:
    seen = visit(home.store, "mueller", "orders", period="all_time", sort=sort)
    sales = sales_of(seen)

    assert len(sales) > 5
    assert sales == sorted(sales, reverse=direction == "descending")
    [heading] = re.findall(r"<th [^>]*aria-sort[^>]*>.*?</th>", seen.said(), re.DOTALL)
    other = "-gmv" if sort == "gmv" else "gmv"
    assert f'aria-sort="{direction}"' in heading
    assert f"period=all_time&amp;sort={other}" in heading


def test_pages_of_a_list_follow_each_other_in_the_address(home: Home) -> None:
    seen = visit(home.store, "mueller", "orders", period="all_time")
    first = orders_of(seen)
    seen.test.button(key="orders_on").click().run()
    second = orders_of(seen)

    assert seen.test.query_params["page"] == "2"
    assert not {*first} & {*second}
    assert second == orders_of(visit(home.store, "mueller", "orders", period="all_time", page="2"))
    seen.test.toggle(key="orders_late").set_value(True).run()
    assert "page" not in seen.test.query_params
    assert seen.test.query_params["late"] == "1"
    seen.test.button_group(key="orders_window").set_value("last_90_days").run()
    assert "period" not in seen.test.query_params  # the usual one needs no word


def test_what_was_chosen_is_what_a_link_shows(home: Home) -> None:
    seen = visit(home.store, "mueller", "orders")
    seen.test.toggle(key="orders_late").set_value(True).run()
    seen.test.text_input(key="orders_search").set_value("o-").run()
    seen.test.button_group(key="orders_columns").set_value(["order_id", "channel", "gmv"]).run()
    seen.test.selectbox(key="orders_sort").select("-gmv").run()
    address = dict(seen.test.query_params)

    assert address == {
        "late": "1",
        "search": "o-",
        "columns": "order_id,channel,gmv",
        "sort": "-gmv",
    }
    assert visit(home.store, "mueller", "orders", **address).said() == seen.said()
    file = re.search(r'href="(/download/orders.csv[^"]*)"', seen.said())
    assert file
    assert "late=1&amp;search=o-&amp;columns=" in file[1]


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("orders", {"status": "lost", "late": "yes", "sort": "gmv desc"}),
        ("orders", {"columns": "order_id,secret", "page": "900"}),
        ("orders", {"from": "2025-06-20", "to": "2025-06-01", "page": "2\u0664"}),
        ("orders", {"to": "2099-01-01", "period": "x", "search": "erika@kanarie.example"}),
        ("performance", {"metric": "none", "outcome": "perhaps"}),
        ("", {"period": "yesterday"}),
    ],
)
def test_what_an_address_asks_and_nobody_offers_is_left_out_and_told(
    home: Home, page: str, address: dict[str, str]
) -> None:
    plain, seen = visit(home.store, "mueller", page), visit(home.store, "mueller", page, **address)

    assert not seen.test.exception
    assert [text == NOT_OFFERED for text in toasts(seen)] == [True]
    assert seen.said() == plain.said()
    assert not {*address} & {*seen.test.query_params}
    seen.test.run()
    assert toasts(seen) == []


def test_a_search_that_looks_personal_is_neither_made_nor_kept(home: Home) -> None:
    text = "+49 175 1234567"
    seen = visit(home.store, "olga", "vendors")
    before = seen.said()
    seen.test.text_input(key="vendors_search").set_value(text).run()

    assert toasts(seen) == ["Search by ID or name, not by e-mail address or phone number."]
    assert dict(seen.test.query_params) == {}
    assert seen.said() == before
    assert text not in seen.text()


def test_any_days_can_be_chosen_where_rows_have_days(home: Home) -> None:
    seen = visit(home.store, "mueller", "orders")
    seen.test.button_group(key="orders_window").set_value("days").run()
    assert seen.test.query_params["to"] == "2025-06-30"
    seen.test.date_input(key="orders_window_from").set_value(date(2025, 6, 10)).run()
    seen.test.date_input(key="orders_window_to").set_value(date(2025, 6, 12)).run()

    days = re.findall(r'data-label="Ordered">\s*<bdi>(\d+ \w+ \d+)', seen.said())
    assert days
    assert {*days} <= {"10 Jun 2025", "11 Jun 2025", "12 Jun 2025"}
    assert not seen.test.exception


def test_figures_of_windows_offer_windows_alone(home: Home) -> None:
    seen = visit(home.store, "olga", "vendors", **{"from": "2025-06-10", "to": "2025-06-12"})
    [periods] = [g for g in seen.test.button_group if g.key.endswith("_window")]

    assert "Other days" not in periods.options


def test_lists_of_one_page_have_their_own_part_of_the_address(home: Home) -> None:
    asked = {"section": "books", "days.sort": "vendor_name", "rows.sort": "-subject_id"}
    seen = visit(home.store, "olga", "data-health", **asked)

    sorts = re.findall(r'aria-sort="(\w+)"[^>]*><a [^>]*>(\w+)', seen.said())
    assert ("ascending", "Vendor") in sorts
    assert ("descending", "Order") in sorts
    assert toasts(seen) == []


def test_a_row_of_a_list_is_two_lines_on_a_phone_unless_somebody_chose_columns(
    home: Home,
) -> None:
    usual = visit(home.store, "mueller", "orders").said()
    chosen = visit(home.store, "mueller", "orders", columns="order_id,channel").said()

    assert "k-two-lines" in re.sub(r"<style.*?</style>", "", usual, flags=re.DOTALL)
    assert {*re.findall(r"k-at-(\w+)\"", usual)} == {"id", "amount", "state", "due"}
    assert '<table class="k-table">' in chosen
