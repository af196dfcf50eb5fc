import csv
from decimal import Decimal
from typing import Any

import pytest

from dashboards.components import wording
from dashboards.components.html import markdown_safe, plain
from dashboards.words.languages import Language
from dashboards.words.words import words_in
from pipelines.dbt.project import DBT_FOLDER

ENGLISH = words_in("en")


def a_rate(**changes: Any) -> dict[str, Any]:
    rate = {
        "metric_id": "late_shipment_rate",
        "unit": "rate",
        "numerator": 8,
        "denominator": 120,
        "unknown_cause_count": 0,
        "rate": 8 / 120,
        "rate_estimate": 0.063,
        "rate_lower": 0.04,
        "rate_upper": 0.10,
        "threshold": 0.04,
        "probability_over_threshold": 0.96,
        "state": "act",
        "is_higher_better": False,
    }
    return rate | changes


def test_a_rate_is_a_sentence_that_a_person_on_a_phone_understands() -> None:
    assert wording.rate_sentence(ENGLISH, a_rate()) == (
        "Observed 6.7%: 8 of 120 orders shipped late or overdue."
        " Adjusted for chance about 6.3%, 4% to 10%."
    )


def test_an_observed_value_outside_the_adjusted_range_reads_as_no_contradiction() -> None:
    # The audit's example: 40.5 % was shown beside "likely between 26 % and 35 %".
    rate = a_rate(
        numerator=15, denominator=37, rate=15 / 37, rate_estimate=0.3,
        rate_lower=0.26, rate_upper=0.35,
    )  # fmt: skip

    assert wording.rate_sentence(ENGLISH, rate) == (
        "Observed 40.5%: 15 of 37 orders shipped late or overdue."
        " Adjusted for chance about 30.0%, 26% to 35%."
    )


def test_a_vendor_reads_of_itself_as_you() -> None:
    rate = a_rate(metric_id="vendor_cancellation_rate")

    assert "cancelled by the vendor" in wording.rate_sentence(ENGLISH, rate)
    assert "cancelled by you" in wording.rate_sentence(ENGLISH, rate, is_own=True)


def test_no_denominator_is_no_orders_and_never_zero_per_cent() -> None:
    rate = a_rate(rate=None, numerator=0, denominator=0, rate_lower=None, rate_upper=None)

    assert wording.rate_sentence(ENGLISH, rate) == "Nothing was counted in this period."
    assert wording.rate_value(ENGLISH, rate) == "\u2013"


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

    assert wording.rate_sentence(ENGLISH, score) == (
        "Observed 4.20 / 5: average of 38 reviews. Adjusted for chance about 4.21 / 5, 4.0 to 4.4."
    )
    assert wording.threshold_sentence(ENGLISH, score) == "The marketplace expects at least 4.0."


def test_each_scored_measure_says_what_it_counts() -> None:
    with (DBT_FOLDER / "seeds" / "metric_registry.csv").open(encoding="utf-8") as file:
        scored = [row for row in csv.DictReader(file) if row["is_scored"] == "true"]

    said = {
        row["metric_id"]: wording.counted_sentence(ENGLISH, a_rate(metric_id=row["metric_id"]))
        for row in scored
        if row["unit"] != "points"
    }

    assert len(said) == 15
    assert not [metric_id for metric_id, sentence in said.items() if "counted" in sentence]


def test_a_duration_has_its_median_and_its_unit() -> None:
    answers = a_rate(
        metric_id="response_hours",
        unit="hours",
        rate=9.0,
        denominator=20,
        rate_estimate=6.5,
        rate_lower=4.0,
        rate_upper=8.0,
    )

    assert wording.rate_sentence(ENGLISH, answers) == (
        "Observed 9.0 h: average of 20 questions. Half took less than 6.5 h, likely 4.0 h to 8.0 h."
    )


def test_the_accountable_and_the_old_enough_stand_beside_a_rate_where_they_differ() -> None:
    rate = a_rate(
        denominator=120,
        accountable_denominator=118,
        accountable_rate=6 / 118,
        maturity_days=45,
        mature_denominator=50,
        mature_rate=0.1,
    )
    alike = rate | {"accountable_denominator": 120, "maturity_days": 0}

    assert wording.other_readings(ENGLISH, rate) == [
        (
            "Without what others caused, such as carriers or buyers: 5.1%, 118 counted. This is"
            " judged."
        ),
        "Of what is at least 45 days old, as more can still happen to the rest: 10.0%.",
    ]
    assert wording.other_readings(ENGLISH, alike) == []


def test_what_nobody_knows_the_cause_of_is_said_and_laid_to_nobody() -> None:
    rate = a_rate(
        metric_id="vendor_cancellation_rate",
        numerator=5,
        denominator=120,
        accountable_denominator=116,
        accountable_rate=1 / 116,
        unknown_cause_count=4,
        maturity_days=0,
    )

    assert wording.other_readings(ENGLISH, rate)[1] == (
        "Of 4 nobody knows who caused them: they are in the observed value and are not judged."
    )
    assert wording.counted_sentence(ENGLISH, rate, is_own=True) == (
        "5 of 120 orders cancelled, not known to be by the buyer"
    )
    known = rate | {"unknown_cause_count": 0}
    assert wording.counted_sentence(ENGLISH, known, is_own=True) == (
        "5 of 120 orders cancelled by you"
    )


def test_one_order_is_one_order() -> None:
    rate = a_rate(numerator=1, denominator=1)

    assert "1 of 1 order shipped" in wording.rate_sentence(ENGLISH, rate)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("act", "The true value is almost certainly above the limit. Act now."),
        ("watch", "The true value is likely above the limit. Keep an eye on it."),
        ("ok", "Nothing points to a problem."),
        ("no_data", "There is nothing to judge yet."),
    ],
)
def test_the_judgement_says_how_sure_it_is(state: str, said: str) -> None:
    assert wording.state_sentence(ENGLISH, a_rate(state=state)) == said


def test_a_value_beyond_the_limit_without_a_judgement_says_why() -> None:
    rate = a_rate(state="ok", judged_accountable_rate=0.0625)

    assert wording.state_sentence(ENGLISH, rate) == (
        "The value is above the limit, but there is too little data to judge."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # 2 of 32 cancelled at a limit of 2.5 %, and 14 of 15 parcels tracked at one of 95 %
        ({"judged_accountable_rate": 2 / 32, "threshold": 0.025}, "May be chance"),
        (
            {
                "judged_accountable_rate": 14 / 15,
                "threshold": 0.95,
                "is_higher_better": True,
                "metric_id": "valid_tracking_rate",
            },
            "May be chance",
        ),
        ({"judged_accountable_rate": 0.025, "threshold": 0.025}, "On target"),
        ({"judged_accountable_rate": None}, "On target"),
        # 1 of 22 orders has a defect, which the carrier caused
        (
            {"judged_accountable_rate": 0.0, "judged_rate": 1 / 22, "threshold": 0.01},
            "Not at fault",
        ),
        ({"judged_accountable_rate": 2 / 32, "state": "watch"}, "Watch"),
    ],
)
def test_what_is_beyond_its_limit_is_not_called_on_target(
    changes: dict[str, Any], said: str
) -> None:
    assert wording.state(ENGLISH, a_rate(**{"state": "ok"} | changes)) == said


def test_of_several_measures_the_worst_says_whether_to_act() -> None:
    assert wording.state(ENGLISH, {"worst_state": "ok"}) == "No action"
    assert wording.state(ENGLISH, {"worst_state": "act"}) == "Act now"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [
        ("en", "182.49", "EUR", "€182.49"),
        ("en", "9999.99", "CHF", "CHF 9,999.99"),
        ("en", "45234.56", "EUR", "€45,235"),
        ("en", "15843553.24", "CHF", "CHF 15.84M"),
        ("de", "182.49", "EUR", "182,49 €"),
        ("de", "-45234.56", "EUR", "\u221245.235 €"),
        ("de", "15843553.24", "BRL", "15,84 Mio. R$"),
        ("ru", "45234.56", "EUR", "45 235 €"),
    ],
)
def test_an_amount_on_a_tile_is_exact_while_it_is_small(
    language: Language, amount: str, currency: str, said: str
) -> None:
    written = words_in(language).headline_money(Decimal(amount), currency)

    assert written.replace("\u00a0", " ") == said


def test_names_lose_what_would_turn_their_neighbours_around() -> None:
    assert plain("abc\u202egpj.exe\u200b\x07") == "abcgpj.exe"


def test_markdown_in_a_name_is_shown_and_not_obeyed() -> None:
    assert markdown_safe("![i](http://x)") == "\\!\\[i\\]\\(http\\:\\/\\/x\\)"
