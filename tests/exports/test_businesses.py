"""Segments of vendors and of leads leave as those of customers do, each on a basis of its own."""

import csv
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from operations.analytical import export_rows_after
from pipelines.exporting.people import NothingPublishedError
from pipelines.exporting.running import run_export
from pipelines.loading.warehouse import open_warehouse
from tests.exports.worlds import STATED, World

VENDORS: dict[str, Any] = {
    "segment": "in_trouble",
    "subject": "vendor",
    "purpose": "vendor_contract",
    "consent": {"vendor_contract": ("email",)},
    "fields": {"id": "vendor_id", "email": "email", "beyond": "act_metric_count"},
    "guards": {"removed": 1},
}
LEADS: dict[str, Any] = {
    "segment": "to_call",
    "subject": "lead",
    "purpose": "lead_enquiry",
    "channel": "phone",
    "consent": {"lead_enquiry": ("phone",)},
    "fields": {"id": "lead_id", "phone": "phone"},
    "guards": {"removed": 1},
}


def insert(connection: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    marks = ", ".join("?" for _ in row)
    connection.execute(
        f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
    )


def publish(world: World, kind: str, job: dict[str, Any], states: dict[str, str]) -> None:
    """Members of a segment of vendors or leads, each with an address and a basis in that state."""
    with duckdb.connect(str(world.operator)) as connection:
        insert(connection, "marts.mart_segments", segment_id=job["segment"], subject_kind=kind)
        for key, state in states.items():
            insert(
                connection,
                "marts.mart_segment_history",
                subject_id=key,
                subject_kind=kind,
                segment_id=job["segment"],
                is_holdout=False,
            )
            insert(
                connection,
                "marts.mart_business_contactability",
                subject_id=key,
                subject_kind=kind,
                basis_id=f"basis-{key}",
                purpose=job["purpose"],
                channel=job.get("channel", "email"),
                consent_state=state,
                has_address=True,
                is_contactable=state == "granted",
                stated_at=STATED,
            )
        if kind == "vendor":
            for key in states:
                insert(
                    connection, "marts.mart_vendor_attributes", vendor_id=key, act_metric_count=2
                )


def arrive(world: World, feed: str, number: int, **row: Any) -> None:
    with open_warehouse(world.home.warehouse) as connection:
        insert(connection, f"raw.{feed}", _is_deleted=False, _row_id=number, **row)


def sent(world: World) -> list[dict[str, str]]:
    with (world.home.exports / "shop" / "mailing.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_vendors_are_sent_while_their_contract_lasts(world: World) -> None:
    publish(world, "vendor", VENDORS, {"v1": "granted", "v2": "granted", "v3": "ended"})
    for number, (key, status) in enumerate([("v1", "active"), ("v2", "closed"), ("v3", "closed")]):
        # v2 closed after the version was published
        arrive(world, "vendors", number, vendor_id=key, email=f"{key}@example.com", status=status)

    ended = run_export(world.job(**VENDORS))

    assert sent(world) == [{"id": "v1", "email": "v1@example.com", "beyond": "2"}]
    assert (ended.counts["not_withdrawn"], ended.counts["not_ended"]) == (1, 1)
    with world.store.connect() as store:
        [row] = list(export_rows_after(store, 0))
    assert (row["subject_kind"], row["subject_id"]) == ("vendor", "v1")
    assert row["consent_version"] == "basis-v1"


def test_a_lead_is_called_until_what_it_asked_for_has_ended(world: World) -> None:
    publish(world, "lead", LEADS, {"l1": "granted", "l2": "granted", "l3": "never_asked"})
    for number in (1, 2, 3):
        arrive(
            world,
            "leads",
            number,
            lead_id=f"l{number}",
            phone=f"+4930123456{number}",
            created_at=STATED,
        )
    run_export(world.job(**LEADS))
    before = sent(world)
    arrive(
        world,
        "lead_events",
        1,
        lead_event_id="e1",
        lead_id="l2",
        event_type="lost",
        occurred_at=STATED + timedelta(days=2),
    )

    run_export(world.job(**LEADS))

    assert [row["id"] for row in before] == ["l1", "l2"]
    assert sent(world) == [{"id": "l1", "phone": "+49301234561"}]


def test_a_lead_that_was_deleted_is_not_called(world: World) -> None:
    publish(world, "lead", LEADS, {"l1": "granted"})

    ended = run_export(world.job(**LEADS))

    assert ended.status == "unchanged"
    assert ended.counts["not_withdrawn"] == 1


@pytest.mark.parametrize("purpose", ["marketing", "third_party_ads"])
def test_a_contract_allows_nothing_but_what_it_is_about(world: World, purpose: str) -> None:
    publish(world, "vendor", VENDORS, {"v1": "granted"})
    arrive(world, "vendors", 1, vendor_id="v1", email="v1@example.com", status="active")

    other = VENDORS | {"purpose": purpose, "consent": {purpose: ("email",)}}
    ended = run_export(world.job(**other))

    assert ended.counts["not_never_asked"] == 1
    assert not (world.home.exports / "shop").exists()


def test_an_export_says_of_whom_its_segment_is(world: World) -> None:
    publish(world, "vendor", VENDORS, {"v1": "granted"})

    with pytest.raises(NothingPublishedError, match="is of vendors and the export of leads"):
        run_export(world.job(**(LEADS | {"segment": "in_trouble"})))
