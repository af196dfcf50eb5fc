"""The vendors that need attention, ranked by hand."""

from decimal import Decimal
from typing import Any

from dashboards.components import attention, verdicts
from dashboards.words.words import words_in

ENGLISH = words_in("en")


def an_issue(vendor_id: str, numerator: int, denominator: int, **changes: Any) -> dict[str, Any]:
    issue = {
        "vendor_id": vendor_id,
        "vendor_name": vendor_id.upper(),
        "metric_id": "late_shipment_rate",
        "metric_name": "Late shipments",
        "unit": "rate",
        "state": "act",
        "numerator": numerator,
        "denominator": denominator,
        "accountable_numerator": numerator,
        "accountable_denominator": denominator,
        "rate": numerator / denominator,
        "threshold": 0.04,
        "is_higher_better": False,
        "missed_order_count": numerator,
        "gmv_at_stake": Decimal(100),
    }
    return issue | changes


ON_TIME = {
    "metric_id": "on_time_delivery_rate",
    "metric_name": "On-time delivery",
    "threshold": 0.9,
    "is_higher_better": True,
}
REFUNDS = {"metric_id": "refund_rate", "metric_name": "Refunds", "threshold": 0.1}
SCORE = {
    "metric_id": "review_score",
    "metric_name": "Review score",
    "unit": "score",
    "threshold": 4.0,
    "is_higher_better": True,
    "rate": 2.54,
}


def test_a_vendor_stands_once_and_where_its_worst_measure_puts_it() -> None:
    issues = [
        an_issue("a", 30, 459),  # 11.64 beyond
        an_issue("b", 53, 131),  # 47.76 beyond
        an_issue("b", 98, 134, **ON_TIME),  # 120.6 - 98 = 22.6 beyond
        an_issue("c", 95, 131, **ON_TIME),  # 117.9 - 95 = 22.9 beyond
    ]

    needs = attention.ranked(issues)

    assert [need.vendor_id for need in needs] == ["b", "c", "a"]
    assert [round(need.excess_cases, 2) for need in needs] == [47.76, 22.9, 11.64]
    # 53 of 131 may be 5, 95 have to be 118, 30 of 459 may be 18
    assert [need.cases_beyond for need in needs] == [48, 23, 12]
    assert [issue["metric_id"] for issue in needs[0].issues] == [
        "late_shipment_rate",
        "on_time_delivery_rate",
    ]


def test_with_equal_orders_the_sales_at_stake_decide() -> None:
    issues = [
        an_issue("a", 30, 459, gmv_at_stake=Decimal(10)),
        an_issue("b", 30, 459, gmv_at_stake=Decimal(20)),
        an_issue("c", 460, 169, **SCORE, gmv_at_stake=None),
    ]

    needs = attention.ranked(issues)

    assert [need.vendor_id for need in needs] == ["b", "a", "c"]
    assert needs[2].excess_cases == needs[2].cases_beyond == 0
    assert needs[2].gmv_at_stake == 0


def test_all_issues_are_counted() -> None:
    issues = [an_issue("a", 30, 459), an_issue("b", 53, 131), an_issue("b", 98, 134, **ON_TIME)]
    needs = attention.ranked(issues)

    assert attention.see_all(ENGLISH, needs, needs[:1]) == "2 of 3 issues · See all"


def test_an_issue_says_how_many_orders_missed_the_measure() -> None:
    late, on_time, score, refunds = (
        attention.issue_sentence(ENGLISH, issue)
        for issue in (
            an_issue("a", 30, 459),
            an_issue("a", 98, 134, **ON_TIME),
            an_issue("a", 429, 169, **SCORE),
            an_issue("a", 40, 117, **REFUNDS),
        )
    )

    assert late == "Late shipments: 30 of 459 orders"
    assert on_time == "On-time delivery: 36 of 134 orders"  # 134 - 98
    assert score == "Review score: 2.54 / 5 from 169 reviews"
    assert refunds == "Refunds: 40 of 117 units"


def test_the_verdict_counts_vendors_and_their_orders_once() -> None:
    issues = [an_issue("a", 30, 459), an_issue("b", 53, 131), an_issue("b", 98, 134, **ON_TIME)]

    # as the list shows them: 11.64 beyond are 12 cases, 47.76 are 48
    assert verdicts.of_marketplace(ENGLISH, attention.ranked(issues)) == (
        "2 vendors need action: 60 cases beyond their limits."
    )


def test_the_verdict_without_anything_to_act_on() -> None:
    watched = attention.ranked([an_issue("a", 30, 459, state="watch")])
    rated = attention.ranked([an_issue("a", 429, 169, **SCORE)])

    assert verdicts.of_marketplace(ENGLISH, []) == "No vendors need attention."
    assert verdicts.of_marketplace(ENGLISH, watched) == "No vendor needs action; 1 to watch."
    assert verdicts.of_marketplace(ENGLISH, rated) == "1 vendor needs action."


def test_a_vendor_reads_its_worst_measure_first() -> None:
    late, on_time = an_issue("a", 30, 459), an_issue("a", 98, 134, **ON_TIME, state="watch")

    assert verdicts.of_vendor(ENGLISH, [late]) == "Late shipments need action: 30 of 459 orders."
    assert verdicts.of_vendor(ENGLISH, [on_time]) == (
        "Keep an eye on on-time delivery: 36 of 134 orders missed it."
    )
    assert verdicts.of_vendor(ENGLISH, [late | {"state": "ok"}]) == (
        "All is well: no measure points to a problem."
    )
    beyond = late | {"state": "ok", "judged_accountable_rate": 0.0654}
    assert verdicts.of_vendor(ENGLISH, [beyond, late | {"state": "ok"}]) == (
        "No measure needs action; 1 is beyond its limit, which may be chance."
    )
    assert verdicts.of_vendor(ENGLISH, []) == ""
