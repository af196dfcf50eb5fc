"""The segment editor: a form and YAML that say the same, a preview that counts, versions kept."""

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import resources
from dashboards.viewer import Viewer
from operations import accounts
from operations.accounts import NewAccount
from operations.segments import saved
from tests.app.pages import Visit, visit
from tests.worlds.homes import BY, PASSWORD, Home

pytestmark = pytest.mark.app

PAGE = "segment-editor"
BUYERS = "attribute: order_count\nat_least: 1\n"


@pytest.fixture(scope="module")
def marketer(shared_home: Home) -> str:
    accounts.create_account(shared_home.store, NewAccount("mara", "marketer", PASSWORD, None), BY)
    return "mara"


def yaml(page: AppTest) -> str:
    return str(page.text_area(key="segment_yaml").value)


def figure(shown: Visit, title: str) -> str:
    """The number that stands beside a title in the figures of the page."""
    after = shown.said().partition(f"{title}<")[2]
    return after.partition('k-value">')[2].partition("<")[0].strip()


def test_a_rule_is_previewed_saved_changed_and_retired(home: Home, marketer: str) -> None:
    shown = visit(home.store, marketer, PAGE)
    page = shown.test
    page.text_area(key="segment_yaml").set_value(BUYERS).run()
    mara = Viewer(marketer, "marketer", None, home.version)
    query = "select count(*) as n from marts.dim_customers where order_count > 0"
    [row] = resources.current().reader.composed(mara, query)
    buyers = row["n"]
    assert buyers > 0
    assert figure(shown, "Customers in it") == str(buyers)

    page.text_input(key="segment_id_new").set_value("buyers")
    page.number_input(key="segment_holdout_").set_value(10.0).run()
    assert figure(shown, "Holdout, about") == str(round(buyers / 10))
    page.text_input(key="segment_title_").set_value("Buyers")
    page.text_input(key="segment_reason_").set_value("to begin with")
    page.button(key="segment_save").click().run()

    assert not page.exception
    assert "Saved as version 1" in shown.said()
    current = saved.current(home.store, "tiny")["buyers"]
    assert (current.number, current.title, current.rule) == (1, "Buyers", BUYERS)
    assert current.holdout_share == Decimal("0.1")
    assert (current.saved_by, current.reason) == ("mara", "to begin with")

    page.text_area(key="segment_yaml").set_value("attribute: order_count\nat_least: 1000\n").run()
    assert figure(shown, "Would leave") == str(buyers)
    page.button(key="segment_save").click().run()
    assert "say why, in a few words" in shown.said()
    page.text_input(key="segment_reason_buyers").set_value("too many")
    page.button(key="segment_save").click().run()

    assert "Saved as version 2" in shown.said()
    found = saved.versions(home.store, "tiny", "buyers")
    assert [(each.number, each.reason) for each in found] == [(2, "too many"), (1, "to begin with")]
    assert found[1].rule == BUYERS
    assert "+at_least: 1000" in "".join(code.value for code in page.code)

    page.text_input(key="segment_reason_buyers").set_value("not needed")
    page.button(key="segment_retire").click().run()
    assert saved.current(home.store, "tiny")["buyers"].is_retired


def test_the_form_and_the_yaml_are_one(home: Home, marketer: str) -> None:
    page = visit(home.store, marketer, PAGE).test

    page.selectbox(key="segment_add_attribute").set_value("gmv_net").run()
    page.number_input(key="segment_add__gmv_net_at_least").set_value(12.5).run()
    page.button(key="segment_add").click().run()
    assert yaml(page) == "attribute: gmv_net\nat_least: 12.5\n"

    page.selectbox(key="segment_add_kind").set_value("event").run()
    page.selectbox(key="segment_times").set_value("is").run()
    page.number_input(key="segment_count").set_value(0).run()
    page.number_input(key="segment_days").set_value(30).run()
    page.button(key="segment_add").click().run()
    assert yaml(page) == (
        "all:\n  - attribute: gmv_net\n    at_least: 12.5\n"
        "  - did_not: order\n    within_days: 30\n"
    )
    said = "".join(each.value for each in page.markdown)
    assert "Orders\\: never, in the last 30 days" in said

    page.selectbox(key="segment_place").set_value("0").run()
    page.button(key="segment_remove").click().run()
    assert yaml(page) == "all:\n  - did_not: order\n    within_days: 30\n"


def test_conditions_are_changed_and_nested_on_the_form(home: Home, marketer: str) -> None:
    page = visit(home.store, marketer, PAGE).test
    rule = (
        "all:\n"
        "  - did: order\n    at_least: 2\n    within_days: 90\n"
        "    where:\n      channel: [web, phone]\n      gmv_net:\n        at_least: 20\n"
        "  - attribute: gmv_net\n    at_least: 5\n    at_most: 50\n"
    )
    page.text_area(key="segment_yaml").set_value(rule).run()

    # what is chosen stands in the form: unchanged it is written as it was
    for place in ("0", "1"):
        page.selectbox(key="segment_place").set_value(place).run()
        page.button(key="segment_change").click().run()
        assert yaml(page) == rule
    page.number_input(key="segment_add__gmv_net_at_most").set_value(60.0).run()
    page.button(key="segment_change").click().run()
    assert yaml(page) == rule.replace("50", "60")

    page.button(key="segment_group").click().run()
    page.selectbox(key="segment_place").set_value("1").run()
    page.selectbox(key="segment_add_kind").set_value("segment").run()
    page.selectbox(key="segment_add_segment").set_value("rfm_champions").run()
    page.button(key="segment_add").click().run()
    assert yaml(page) == (
        rule[: rule.index("  - attribute")] + "  - any:\n"
        "      - attribute: gmv_net\n        at_least: 5\n        at_most: 60\n"
        "      - segment: rfm_champions\n"
    )

    page.selectbox(key="segment_place").set_value("1").run()
    page.button(key="segment_contrary").click().run()
    assert "  - not:\n      any:\n" in yaml(page)
    assert not page.exception


def test_a_mistake_is_shown_with_its_place_and_keeps_from_saving(home: Home, marketer: str) -> None:
    shown = visit(home.store, marketer, PAGE)

    shown.test.text_area(key="segment_yaml").set_value("any:\n  - {did: ordr}\n").run()

    assert "Line 2, column 6: there is no event ordr; do you mean order?" in shown.said()
    assert shown.test.button(key="segment_save").disabled


def test_a_role_without_the_command_saves_nothing(home: Home) -> None:
    for name in ("ana", "mueller"):
        page = visit(home.store, name, PAGE)

        assert "Segment editor" not in page.said()
        assert not [area for area in page.test.text_area if area.key == "segment_yaml"]


def test_no_personal_field_can_be_asked_for(home: Home, marketer: str) -> None:
    shown = visit(home.store, marketer, PAGE)

    for name in ("customer_id", "customer_name", "city", "email"):
        rule = f"attribute: {name}\nis: x\n"
        shown.test.text_area(key="segment_yaml").set_value(rule).run()
        assert f"there is no attribute {name}" in shown.said()
