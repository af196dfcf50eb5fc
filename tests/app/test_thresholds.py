"""Limits on their page: who sets them, what is refused, and what stands afterwards."""

from datetime import date, timedelta

import pytest

from operations.thresholds import all_limits
from tests.app.pages import visit
from tests.worlds.homes import Home

pytestmark = pytest.mark.app


def test_an_operator_sets_a_limit_from_tomorrow_with_a_reason_and_withdraws_it(home: Home) -> None:
    page = visit(home.store, "olga", "thresholds")
    assert "No limits set" in page.text()

    page.test.button(key="thresholds_set").click().run()
    assert "say why" in page.text()
    assert all_limits(home.store, "tiny") == []

    page.test.text_input(key="thresholds_why").set_value("rail strike").run()
    page.test.button(key="thresholds_set").click().run()
    [limit] = all_limits(home.store, "tiny")
    assert (limit.reason, limit.decided_by) == ("rail strike", "olga")
    assert isinstance(limit.valid_from, date)
    assert limit.valid_from - timedelta(days=1) >= date(2025, 1, 1)
    assert "rail strike" in page.text()

    page.test.text_input(key="thresholds_withdrawn_why").set_value("no strike").run()
    page.test.button(key="thresholds_withdraw").click().run()
    assert all_limits(home.store, "tiny") == []


def test_who_may_not_set_limits_sees_them_without_the_form(home: Home) -> None:
    text = visit(home.store, "ana", "thresholds").text()

    assert "Limits for all vendors" in text
    assert "Set a limit" not in text
