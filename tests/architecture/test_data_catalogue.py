"""The published catalogue says of every metric which columns hold it, and of those their origin."""

import csv
from pathlib import Path
from typing import Any

from dashboards.words.extraction import extracted
from dashboards.words.names import title_of
from pipelines.analytics.steps import STEPS
from pipelines.dbt.catalogue import catalogue
from pipelines.dbt.manifest import Manifest

REGISTRY = Path(__file__).parents[2] / "dbt_project" / "seeds" / "metric_registry.csv"
# What the feeds say of people, as marts name it.
PERSONAL = {
    ("dim_accounts", "account_name"),
    ("dim_accounts", "customer_id"),
    ("dim_contacts", "contact_id"),
    ("dim_contacts", "contact_name"),
    ("dim_contacts", "customer_id"),
    ("dim_customers", "city"),
    ("dim_customers", "customer_id"),
    ("dim_customers", "customer_name"),
    ("dim_visitors", "customer_id"),
    ("dim_visitors", "visitor_id"),
    ("fct_carts", "customer_id"),
    ("fct_order_lines", "customer_id"),
    ("fct_orders", "customer_id"),
    ("fct_sessions", "account_id"),
    ("fct_sessions", "customer_id"),
    ("fct_sessions", "visitor_id"),
    ("mart_abc", "entity_id"),
    ("mart_business_contactability", "basis_id"),
    ("mart_business_contactability", "subject_id"),
    ("mart_churn", "customer_id"),
    ("mart_contactability", "contact_id"),
    ("mart_contactability", "customer_id"),
    ("mart_contactability_by_vendor", "contact_id"),
    ("mart_contactability_by_vendor", "customer_id"),
    ("mart_customer_attributes", "age_band"),
    ("mart_customer_attributes", "customer_id"),
    ("mart_customer_attributes", "gender"),
    ("mart_customer_attributes", "next_birthday_date"),
    ("mart_customer_segments", "customer_id"),
    ("mart_customer_value", "customer_id"),
    ("mart_export_rows", "customer_id"),
    ("mart_export_rows", "subject_id"),
    ("mart_installed_base", "customer_id"),
    ("mart_lead_attributes", "lead_id"),
    ("mart_parties", "customer_id"),
    ("mart_segment_history", "customer_id"),
    ("mart_segment_history", "subject_id"),
    ("mart_touchpoints", "contact_id"),
    ("mart_touchpoints", "customer_id"),
    ("mart_touchpoints", "touchpoint_id"),
    ("mart_vendor_customer_segments", "customer_id"),
    ("mart_win_back", "customer_id"),
}


def test_every_metric_has_columns_that_are_made_from_feeds(
    manifest: dict[str, Any], tmp_path: Path
) -> None:
    made = catalogue(Manifest(manifest), tmp_path, {step.name: step.reads[-1] for step in STEPS})
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        registered = {row["metric_id"] for row in csv.DictReader(file)}

    assert made["metrics"].keys() == registered
    for metric, held in made["metrics"].items():
        assert held, metric
        for each in held:
            table = made["tables"][each["table"]]
            assert each["column"] in table["columns"]
            assert table["feeds"], metric
            assert "orders" in table["feeds"], metric
            assert table["sql"].strip(), metric


def test_every_column_means_something_and_people_are_marked(
    manifest: dict[str, Any], tmp_path: Path
) -> None:
    tables = catalogue(Manifest(manifest), tmp_path, {})["tables"]

    undescribed = [
        f"{table}.{column}"
        for table, described in tables.items()
        for column, about in described["columns"].items()
        if not about["description"]
    ]
    personal = {
        (table, column)
        for table, described in tables.items()
        for column, about in described["columns"].items()
        if about["is_personal"]
    }
    assert not undescribed
    assert all(described["description"] for described in tables.values())
    assert personal == PERSONAL


def test_every_description_is_in_the_catalogues_of_words_as_a_version_publishes_it(
    manifest: dict[str, Any], tmp_path: Path
) -> None:
    tables = catalogue(Manifest(manifest), tmp_path, {})["tables"]

    known = {str(message.id) for message in extracted()}
    described = {table["description"] for table in tables.values()}
    described |= {
        column["description"] for table in tables.values() for column in table["columns"].values()
    }
    assert described - known == set()


def test_a_metric_has_one_name_on_tiles_in_tables_and_in_the_registry(
    manifest: dict[str, Any],
) -> None:
    marts = Manifest(manifest).marts
    columns = {column.name for mart in marts for column in mart.columns}
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        names = {row["metric_id"]: row["name"] for row in csv.DictReader(file)}

    assert {metric: title_of(metric) for metric in names if metric in columns} == {
        metric: name for metric, name in names.items() if metric in columns
    }
