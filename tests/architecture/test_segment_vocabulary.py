"""What rules of segments may speak of, held against the marts, and their SQL against Spark."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboards.components import customer_segments
from operations.segments.models import KINDS
from operations.segments.query import query_of
from operations.segments.reading import rule_of
from operations.segments.vocabulary import CUSTOMER, EVENTS, SUBJECTS, Kind
from tests.architecture.two_engines import differences_in, typed_query

pytestmark = pytest.mark.warehouse

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
Columns = dict[str, dict[str, Any]]

# What is no attribute beside who it is: of which day the row is.
BESIDE = {"as_of_date"}
# What people said of themselves: the mart holds it of those alone who allowed its use.
CONSENTED = {"gender", "age_band", "next_birthday_date"}
RULE = """
any:
  - {attribute: country_code, is: [DE, AT], known: true}
  - {attribute: gmv_net, is_not: 5.25, at_least: 1, less_than: 9}
  - {attribute: last_order_date, not_in_last_days: 30, from: 2024-01-01}
  - {attribute: is_registered, is: false}
  - {did_not: order, within_days: 30, where: {channel: web, is_cancelled: false}}
  - {did: purchase, at_least: 2, at_most: 9, where: {gmv_net: {more_than: 3}, vendor_id: V1}}
  - not: {segment: other}
"""


def test_segments_of_the_models_have_the_codes_that_the_models_give() -> None:
    with (SEEDS / "rfm_segments.csv").open(encoding="utf-8", newline="") as file:
        scored = {row["rfm_segment"] for row in csv.DictReader(file)}

    assert set(KINDS["rfm"][1]) == {*scored, "unscored"}
    assert {kind: attribute for kind, (attribute, _) in KINDS.items()} == {
        "rfm": "rfm_segment",
        "lifecycle": "lifecycle_stage",
        "abc": "abc_class",
    }
    assert {kind: set(codes) for kind, (_, codes) in KINDS.items()} == {
        kind: set(customer_segments.codes_of(kind)) for kind in KINDS
    }


def columns(manifest: dict[str, Any], mart: str) -> Columns:
    found: Columns = manifest["nodes"][f"model.kontor.{mart}"]["columns"]
    return found


def kind_of(data_type: str) -> Kind:
    if data_type.startswith("decimal") or data_type in {"bigint", "double"}:
        return "number"
    kinds: dict[str, Kind] = {"string": "text", "date": "day", "boolean": "yes_no"}
    return kinds[data_type]


def is_personal(column: dict[str, Any]) -> bool:
    return bool((column.get("config", {}).get("meta") or column.get("meta", {})).get("pii"))


def test_attributes_are_the_columns_of_their_mart(manifest: dict[str, Any]) -> None:
    for subject in SUBJECTS.values():
        found = columns(manifest, subject.mart)

        names = found.keys() - BESIDE - {subject.key}
        kinds = {name: kind_of(found[name]["data_type"]) for name in names}
        assert kinds == dict(subject.attributes), subject.kind
        personal = {name for name in subject.attributes if is_personal(found[name])}
        assert personal == (CONSENTED if subject == CUSTOMER else set()), subject.kind


def test_events_are_rows_of_marts_with_these_columns(manifest: dict[str, Any]) -> None:
    for name, event in EVENTS.items():
        found = columns(manifest, event.mart)

        kinds = {field: kind_of(found[field]["data_type"]) for field in event.fields}
        assert kinds == dict(event.fields), name
        assert found[event.day]["data_type"] == "date", name
        beside = {"customer_id", event.counts, event.only[0] if event.only else ""} - {""}
        assert beside <= found.keys(), name
        assert not [field for field in event.fields if is_personal(found[field])], name


def test_the_query_of_a_rule_is_answered_alike_by_both_engines(manifest: dict[str, Any]) -> None:
    marts = {CUSTOMER.mart, *(event.mart for event in EVENTS.values())}
    types = {
        mart: {name: column["data_type"] for name, column in columns(manifest, mart).items()}
        for mart in marts
    }
    other = rule_of("did: order\nwithin_days: 7")

    query = query_of({"answer": rule_of(RULE)}, {"other": other}, date(2025, 6, 30))

    sql = query.sql
    for name, value in reversed(query.values.items()):
        sql = sql.replace(f"${name}", literal(value))
    assert "$" not in sql
    assert differences_in(typed_query(sql, {"marts": types}), sql) == []


def literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return f"date '{value}'"
    return "'" + str(value).replace("'", "''") + "'"
