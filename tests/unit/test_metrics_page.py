from pathlib import Path

from pipelines.docs_pages import metrics as metrics_page

ROOT = Path(__file__).parents[2]

RATE = {
    "metric_id": "late_rate",
    "version": "2",
    "valid_from": "2025-01-01",
    "valid_to": "2025-12-31",
    "name": "Late",
    "unit": "rate",
    "sentence": "How much is late.",
    "formula": "late ÷ all",
    "grain": "order",
    "numerator": "late orders",
    "denominator": "all orders",
    "window_days": "90",
    "metric_window": "trailing 90 days",
    "membership_date": "order date",
    "exclusions": "",
    "threshold": "0.025",
    "threshold_origin": "house rule",
    "is_higher_better": "false",
    "is_scored": "true",
    "owner": "somebody",
    "vendor_advice": "Hurry.",
}


def test_committed_page_is_what_the_registry_says() -> None:
    rows = metrics_page.read(ROOT / "dbt_project" / "seeds" / "metric_registry.csv")

    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == metrics_page.render(rows)


def test_limit_of_a_rate_is_shown_in_percent_with_its_side_and_origin() -> None:
    page = metrics_page.render([RATE])

    assert "| [Late](#late_rate) | at most 2.5 % | 90 days | house rule |" in page


def test_definition_shows_its_version_and_validity() -> None:
    page = metrics_page.render([RATE])

    assert "`late_rate`, version 2, valid from 2025-01-01 to 2025-12-31." in page


def test_empty_facts_are_left_out() -> None:
    assert "Exclusions" not in metrics_page.render([RATE])
