"""What people write as a rule: what it means, and each mistake with its place and remedy."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from operations.segments.definitions import definition_in
from operations.segments.reading import RuleError, rule_of
from operations.segments.rules import Comparison, Did, In, Is, Joined, Not, Rule
from operations.segments.writing import written
from tests.segments.strategies import rules


def test_a_rule_is_read_as_it_is_meant() -> None:
    text = """
all:
  - attribute: gmv_net
    at_least: 0.1
  - did: purchase
    at_least: 2
    within_days: 365
    where: {vendor_id: [V1, V2], gmv_net: {more_than: 10}}
  - not: {segment: staff}
  - {did_not: order, within_days: 30}
  - {attribute: first_order_date, from: 2024-01-01}
"""
    assert rule_of(text) == Joined(
        "all",
        (
            Is("gmv_net", (Comparison("at_least", (Decimal("0.1"),)),)),
            Did(
                "purchase",
                (Comparison("at_least", (Decimal(2),)),),
                (
                    ("gmv_net", (Comparison("more_than", (Decimal(10),)),)),
                    ("vendor_id", (Comparison("is", ("V1", "V2")),)),
                ),
                365,
            ),
            Not(In("staff")),
            Did("order", (Comparison("is", (Decimal(0),)),), within_days=30),
            Is("first_order_date", (Comparison("from", (date(2024, 1, 1),)),)),
        ),
    )


@settings(max_examples=60, deadline=None)
@given(rules(named=("inner", "no")))
def test_what_is_written_reads_back_as_the_same_rule(rule: Rule) -> None:
    assert rule_of(written(rule)) == rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attribute: gmv_nett\nat_least: 5", "1:1: there is no attribute gmv_nett; do you mean g"),
        ("all:\n  - {did: ordr}", "2:6: there is no event ordr; do you mean order?"),
        (
            "did: order\nwhere: {chanel: web}",
            "2:9: order has no field chanel; do you mean channel?",
        ),
        ("not: {segment: stuff}", "1:7: there is no segment stuff; do you mean staff?"),
        (
            "attribute: gmv\nat_lest: 5",
            "2:1: there is no word at_lest here; do you mean at_least?",
        ),
        ("attribute: gmv", "1:1: gmv is compared with nothing; add one of the words is, is_not"),
        (
            "attribute: gmv\nat_least: '5'",
            "2:1: gmv is compared with a number; write one without quotes",
        ),
        # Norway, as YAML reads it
        (
            "attribute: country_code\nis: true",
            "2:1: country_code is compared with a text; put it in quotes",
        ),
        ("attribute: country_code\nis: 7", "2:1: country_code is compared with a text"),
        ("attribute: country_code\nat_least: DE", "2:1: there is no word at_least here"),
        ("attribute: gmv\nis: .inf", "2:1: gmv is compared with a number"),
        ("attribute: gmv\nis: true", "2:1: gmv is compared with a number"),
        ("attribute: gmv\nat_least: [1, 2]", "2:1: gmv is compared with a number"),
        ("attribute: gmv\nis: []", "2:1: is takes a value, or a list of at most 1,000 values"),
        ("attribute: last_order_date\nfrom: last week", "2:1: last_order_date is compared with"),
        ("attribute: is_registered\nis: web", "2:1: is_registered is compared with yes or no"),
        ("did: order\nwithin_days: 0", "2:1: within_days takes a whole number of days from 1 to"),
        ("did: order\nat_least: 1.5", "2:1: at_least takes a whole number of times from 0"),
        ("did_not: order\nat_least: 1", "2:1: there is no word at_least here"),
        ("all: []", "1:1: all takes a list of conditions, at least one; begin each with -"),
        ("any: {attribute: gmv}", "1:1: any takes a list of conditions"),
        ("all: []\nany: []", "2:1: all and any cannot stand in one condition; split it in two"),
        ("all:\n  - gmv > 5", "2:5: a condition is a mapping with one of the words all, any, not"),
        ("a: b: c", "1:5: this is not valid YAML"),
        ("attribute: &x gmv\nis: *x", "1:12: this is not valid YAML"),
        ("", "1:1: this is not valid YAML"),
        (f"attribute: region\nis: {'x' * 201}", "2:1: a text may have at most 200 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(text: str, expected: str) -> None:
    with pytest.raises(RuleError) as caught:
        rule_of(text, {"staff"})

    [problem] = str(caught.value).splitlines()
    assert problem.removeprefix("rule:").startswith(expected)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    text = "any:\n  - {attribute: gmv, at_lest: 3}\n  - {did: ordr}\n  - {foo: 1}\n"

    with pytest.raises(RuleError) as caught:
        rule_of(text)

    assert [each.line for each in caught.value.problems] == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("subject: suppliers", "1:1: there are no segments of suppliers; there are customer, lead"),
        ("subject: [vendor]", "1:1: there are no segments of"),
        ("subject: vendor", "3:8: there is no attribute gmv_net; do you mean gmv_net_90d?"),
        ("subject: lead", "3:8: there is no attribute gmv_net"),
    ],
)
def test_a_segment_of_vendors_or_leads_asks_for_what_they_have(text: str, expected: str) -> None:
    file = f"{text}\ntitle: Big\nrule: {{attribute: gmv_net, at_least: 1}}\n"

    with pytest.raises(RuleError) as caught:
        definition_in(file, Path("big.yml"), ())

    assert str(caught.value).removeprefix("big.yml:").startswith(expected)


def test_a_rule_beyond_all_reason_is_refused_once() -> None:
    text = "all:\n" + "  - {attribute: gmv, at_least: 3}\n" * 200

    with pytest.raises(RuleError, match="more than 100 conditions") as caught:
        rule_of(text)

    assert len(caught.value.problems) == 1


def test_a_rule_counts_events_in_no_more_ways_than_a_preview_has_time_for() -> None:
    ways = [f"  - {{did: order, within_days: {days}}}\n" for days in range(1, 21)]
    again = "  - {did: order, at_least: 5, within_days: 20}\n"
    rule_of("any:\n" + "".join(ways) + again)

    with pytest.raises(RuleError, match="counts events in more than 20 different ways") as caught:
        rule_of("any:\n" + "".join(ways) + again + "  - did: order\n  - did: purchase\n")

    assert [(each.line, each.column) for each in caught.value.problems] == [(23, 5)]


def test_the_segments_that_ship_and_the_one_that_is_documented_are_segments() -> None:
    root = Path(__file__).parents[2]
    texts = {path: path.read_text("utf-8") for path in (root / "marketplaces").glob("segments/*/*")}
    page = (root / "docs/adding/segment.md").read_text("utf-8")
    [(name, example)] = re.findall(r"^```yaml (\S+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    texts[root / name] = example
    names = {path.stem for path in texts}

    found = [definition_in(text, path, names) for path, text in texts.items()]

    assert len(found) >= 4
    assert {each.segment_id for each in found} == names


@pytest.mark.parametrize("text", ["NO", "007", "12:30"])
def test_a_text_that_only_old_yaml_takes_for_something_else_is_a_text(text: str) -> None:
    rule = rule_of(f"attribute: country_code\nis: {text}")

    assert rule == rule_of(f"attribute: country_code\nis: '{text}'")
