"""Every feed of the public surface has a contract, and a JSON Schema that means the same."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipelines.home import Home
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PROJECT_ROOT
from sources.contract import Contract, all_contracts, contract_of, own_feeds
from sources.errors import ConfigurationError
from sources.json_schema import json_schema

# The public surface, by hand: a feed is added to it or taken from it on purpose.
CANONICAL = """
orders, order_lines, order_events, payments, shipments, returns, invoices, quotes, approvals,
credit_limits, price_agreements, products, categories, offers, price_history, inventory, accounts,
customers, contacts, consents, events, leads, lead_events, opportunities, opportunity_events,
activities, campaigns, campaign_costs, campaign_members, messages,
tickets, ticket_events, survey_responses, reviews,
sales_reps, vendors, vendor_applications, vendor_steps, vendor_contracts, vendor_documents,
vendor_messages, shipment_events, payouts,
content, experiments, experiment_assignments, calendar, exchange_rates, product_registrations,
promotions, benchmark_prices
"""
# Those that Kontor fills by itself.
OWN = {"export_rows", "operation_events", "operation_states", "vendor_looks"}


def test_there_is_a_contract_for_each_canonical_feed_and_no_other() -> None:
    assert set(all_contracts()) - OWN == {name.strip() for name in CANONICAL.split(",")}
    assert set(own_feeds()) == OWN


def test_the_demo_delivers_every_feed(tmp_path: Path) -> None:
    assert set(marketplace_named("demo", Home(tmp_path)).feeds) == set(all_contracts()) - OWN


def test_only_orders_their_lines_and_vendors_are_needed() -> None:
    needed = {feed for feed, contract in all_contracts().items() if contract.required_feed}

    assert needed == {"orders", "order_lines", "vendors"}


@pytest.mark.parametrize("contract", all_contracts().values(), ids=lambda c: c.feed)
def test_a_reference_names_the_key_of_another_feed(contract: Contract) -> None:
    for column in contract.columns.values():
        if column.references:
            feed, _, key = column.references.partition(".")
            assert key in all_contracts()[feed].key


@pytest.mark.parametrize("contract", all_contracts().values(), ids=lambda c: c.feed)
def test_names_addresses_and_free_text_are_marked_as_personal(contract: Contract) -> None:
    # What a thing or a role is called speaks of nobody.
    impersonal = {("products", "name"), ("categories", "name"), ("campaigns", "name")}
    impersonal |= {
        ("promotions", "name"),
        ("experiments", "name"),
        ("vendors", "name"),
        ("content", "title"),
    }
    speaking = {"name", "email", "phone", "postal_code", "comment", "title", "birth_date", "gender"}

    unmarked = {name for name, column in contract.columns.items() if not column.personal}

    assert {(contract.feed, name) for name in unmarked & speaking} <= impersonal


@pytest.mark.parametrize("contract", all_contracts().values(), ids=lambda c: c.feed)
def test_the_published_json_schema_is_that_of_the_contract(contract: Contract) -> None:
    path = PROJECT_ROOT / "docs" / "schemas" / f"{contract.feed}.schema.json"
    if contract.is_own:  # nobody produces it
        assert not path.exists()
        return

    Draft202012Validator.check_schema(json_schema(contract))
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema(contract)


SOUND = {
    "return_id": "R1",
    "order_id": "O1",
    "order_line_id": "O1-1",
    "quantity": 1,
    "refund_amount": "12.50",
    "reason": "late",
    "requested_at": "2026-01-31 13:45:00",
}


@pytest.mark.parametrize(
    ("changed", "is_valid"),
    [
        ({}, True),
        ({"reason": None}, True),
        ({"reason": "no idea"}, False),
        ({"quantity": 0}, False),
        ({"quantity": "two"}, False),
        ({"requested_at": "31.01.2026"}, False),
        ({"order_id": None}, False),
    ],
)
def test_the_schema_of_returns_accepts_what_the_contract_accepts(
    changed: dict[str, object], *, is_valid: bool
) -> None:
    validator = Draft202012Validator(json_schema(all_contracts()["returns"]))

    assert validator.is_valid(SOUND | changed) is is_valid


def test_the_schema_of_a_deletion_needs_the_key_alone() -> None:
    validator = Draft202012Validator(json_schema(all_contracts()["returns"]))

    assert validator.is_valid({"return_id": "R1", "is_deleted": True})
    assert not validator.is_valid({"return_id": "R1"})


def test_contract_without_the_mark_of_deleted_rows_is_refused_by_its_file() -> None:
    document = all_contracts()["vendors"].model_dump()
    del document["columns"]["is_deleted"]

    with pytest.raises(ConfigurationError) as refused:
        contract_of("vendors.yml", document)

    assert "sources/contracts/vendors.yml: contract vendors needs the column is_deleted" in str(
        refused.value
    )


def test_contract_with_a_mistake_is_refused_with_its_place() -> None:
    document = all_contracts()["vendors"].model_dump()
    document["columns"]["name"]["type"] = "number"

    with pytest.raises(ConfigurationError, match=r"^sources/contracts/vendors\.yml: columns\.name"):
        contract_of("vendors.yml", document)
