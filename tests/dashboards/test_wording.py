from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dashboards.components import wording
from dashboards.components.html import markdown_safe, plain


def a_rate(**changes: Any) -> dict[str, Any]:
    rate = {
        "metric_id": "late_shipment_rate",
        "unit": "rate",
        "numerator": 8,
        "denominator": 120,
        "rate": 8 / 120,
        "rate_estimate": 0.063,
        "rate_lower": 0.04,
        "rate_upper": 0.10,
        "threshold": 0.04,
        "probability_over_threshold": 0.96,
        "previous_rate": None,
        "state": "act",
        "is_higher_better": False,
    }
    return rate | changes


def test_a_rate_is_a_sentence_that_a_person_on_a_phone_understands() -> None:
    sentence = wording.rate_sentence(a_rate()).replace("\u202f", " ")

    assert sentence == (
        "8 of 120 orders shipped late or are overdue (6.7 %)."
        " Allowing for chance, the true rate is about 6.3 %, likely between 4 % and 10 %."
    )


def test_no_denominator_is_no_orders_and_never_zero_per_cent() -> None:
    rate = a_rate(rate=None, numerator=0, denominator=0, rate_lower=None, rate_upper=None)

    assert wording.rate_sentence(rate) == "No orders in this window."
    assert wording.rate_value(rate) == "\u2013"


def test_a_score_is_an_average_of_reviews() -> None:
    score = a_rate(
        metric_id="review_score",
        unit="score",
        rate=4.2,
        denominator=38,
        rate_estimate=4.21,
        rate_lower=4.0,
        rate_upper=4.4,
        threshold=4.0,
        is_higher_better=True,
    )

    assert wording.rate_sentence(score) == (
        "4.20 out of 5 on average, from 38 reviews."
        " Allowing for chance, the true average is about 4.21, likely between 4.0 and 4.4."
    )
    assert wording.threshold_sentence(score) == "The marketplace expects at least 4.0."


def test_one_order_is_one_order() -> None:
    assert "1 of 1 order shipped" in wording.rate_sentence(a_rate(numerator=1, denominator=1))


@pytest.mark.parametrize(
    ("state", "probability", "said"),
    [
        ("act", 0.97, "almost certain that the true value is above the limit"),
        ("watch", 0.85, "likely that the true value is above the limit"),
        ("ok", 0.3, "Nothing points to a real problem"),
        ("no_data", None, "nothing to judge yet"),
    ],
)
def test_the_judgement_says_how_sure_it_is(state: str, probability: float, said: str) -> None:
    rate = a_rate(state=state, probability_over_threshold=probability)

    assert said in wording.state_sentence(rate)


def test_a_range_beyond_the_limit_without_a_judgement_says_why() -> None:
    rate = a_rate(state="ok", rate_lower=0.05, rate_upper=0.4, probability_over_threshold=0.7)

    assert wording.state_sentence(rate) == (
        "The true value is likely above the limit, but too few orders say so to judge."
    )


def test_numbers_read_the_same_everywhere() -> None:
    assert wording.count(1234567) == "1\u202f234\u202f567"
    assert wording.money(Decimal("1234.50"), "BRL") == "BRL\u00a01\u202f234.50"
    assert wording.short_money(Decimal("15843553.24"), "BRL") == "BRL\u00a015.84\u00a0M"
    assert wording.percent(0.0666) == "6.7\u202f%"
    assert wording.day(date(2026, 6, 30)) == "30 Jun 2026"
    assert wording.moment(datetime(2026, 6, 3, 7, 5, tzinfo=UTC)) == "3 Jun 2026, 07:05"
    assert wording.period(date(2026, 4, 2), date(2026, 7, 1)) == "2 Apr 2026 to 30 Jun 2026"


def test_names_lose_what_would_turn_their_neighbours_around() -> None:
    assert plain("abc\u202egpj.exe\u200b\x07") == "abcgpj.exe"


def test_markdown_in_a_name_is_shown_and_not_obeyed() -> None:
    assert markdown_safe("![i](http://x)") == "\\!\\[i\\]\\(http\\:\\/\\/x\\)"
