"""One customer on a page: what a shop alone knows, who may see names, and that it is recorded."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from operations.kernel import By
from operations.tables import audit_log
from operations.visitor_links import Link, separate, separated_from
from tests.app.pages import visit
from tests.worlds.homes import Home

pytestmark = pytest.mark.app


def look_ups(home: Home) -> list[tuple[str, str, str]]:
    with home.store.connect() as connection:
        rows = connection.execute(
            sa.select(audit_log.c.actor, audit_log.c.action, audit_log.c.subject).where(
                audit_log.c.action.in_(["open customer", "search customers"])
            )
        )
        return [tuple(row) for row in rows]


def test_a_customer_is_shown_by_name_to_whoever_may_see_it_and_the_look_up_is_recorded(
    home: Home,
) -> None:
    before = look_ups(home)

    text = visit(home.store, "olga", "customer", customer="A").text()

    assert "New Name" in text
    assert look_ups(home)[len(before) :] == [("olga", "open customer", "A")]


def test_others_see_the_id_alone(home: Home) -> None:
    for section in ("timeline", "reach", "products", "browsers", "facts"):
        text = visit(home.store, "ana", "customer", customer="A", section=section).text()

        assert "ID A" in text
        assert "New Name" not in text


def test_a_marketplace_without_a_crm_says_what_is_missing(home: Home) -> None:
    reach = visit(home.store, "olga", "customer", customer="A", section="reach").text()
    products = visit(home.store, "olga", "customer", customer="A", section="products").text()

    assert "Nothing is on record of what this customer allowed." in reach
    assert "The CRM knows no contact of this customer." in reach
    assert "No products registered" in products


def test_a_browser_that_was_separated_is_shown_with_who_and_why_and_joined_again_by_operators(
    home: Home,
) -> None:
    olga = By("olga", datetime(2026, 7, 1, tzinfo=UTC))
    separate(home.store, Link("tiny", "vis-1", "A"), "a family's tablet", "k1", olga)

    operator = visit(home.store, "olga", "customer", customer="A", section="browsers")
    analyst = visit(home.store, "ana", "customer", customer="A", section="browsers")

    for page in (operator, analyst):
        assert "vis-1" in page.said()
        assert "tablet" in page.said()
        assert "olga, 1 Jul 2026" in page.said()
    assert not [button for button in analyst.test.button if button.key == "customer_browser_decide"]
    operator.test.text_input(key="customer_browser_why").input("it was right")
    operator.test.button(key="customer_browser_decide").click().run()
    assert separated_from(home.store, "tiny", "A") == []


def test_the_search_finds_a_name_for_whoever_may_see_names_and_records_no_text(home: Home) -> None:
    before = look_ups(home)

    assert "New Name" in visit(home.store, "olga", "search", q="New Na").text()
    assert "New Name" not in visit(home.store, "ana", "search", q="New Na").text()

    assert look_ups(home)[len(before) :] == [("olga", "search customers", "search")]


def test_a_vendor_has_no_such_page_and_an_unknown_customer_is_not_found(home: Home) -> None:
    before = look_ups(home)

    assert "New Name" not in visit(home.store, "alder", "customer", customer="A").text()
    assert "Customer not found" in visit(home.store, "olga", "customer", customer="nobody").text()

    assert look_ups(home) == before
