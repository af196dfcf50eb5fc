"""What is planned: by key, by consent, by mode, and by guard."""

import csv
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from operations.analytical import export_rows_after, last_export_number
from operations.exports import runs
from operations.exports.sent import sent
from pipelines.exporting.destinations import folder
from pipelines.exporting.running import dry_run, remove_withdrawn, run_export
from tests.exports.worlds import World

FOUR = {f"c{number}": f"c{number}@example.com" for number in range(4)}


def file_of(world: World) -> dict[str, str]:
    with (world.home.exports / "shop" / "mailing.csv").open(newline="") as file:
        return {row["id"]: row["email"] for row in csv.DictReader(file)}


def cells(path: Path) -> list[list[Any]]:
    if path.suffix == ".parquet":
        return [list(row) for row in pl.read_parquet(path).iter_rows()]
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]


def held_by(run: runs.Run | None) -> list[str]:
    assert run is not None
    return [finding.code for finding in run.held_by]


def test_who_is_in_the_segment_and_allowed_it_is_in_the_file(world: World) -> None:
    world.publish(FOUR)
    world.consent({"c1": "refused", "c2": "suppressed"})

    ended = run_export(world.job())

    assert ended.status == "sent"
    assert file_of(world) == {"c0": "c0@example.com", "c3": "c3@example.com"}
    assert ended.counts["not_refused"] == 1
    assert ended.counts["not_suppressed"] == 1


def test_who_was_never_asked_is_not_sent(world: World) -> None:
    world.publish(FOUR)
    job = world.job(purpose="marketing", channel="sms", consent={"marketing": ("sms",)})

    ended = run_export(job)

    assert ended.status == "unchanged"
    assert ended.counts["not_never_asked"] == 4
    assert not (world.home.exports / "shop").exists()


def test_who_is_held_out_is_never_sent(world: World) -> None:
    world.publish(FOUR, holdout=["c3"])

    run_export(world.job())

    assert set(file_of(world)) == {"c0", "c1", "c2"}


def test_who_would_have_been_sent_and_is_held_out_is_noted_once(world: World) -> None:
    world.publish(FOUR, holdout=["c2", "c3"])
    world.consent({"c3": "refused"})
    first = run_export(world.job()).run
    world.publish(FOUR | {"c9": "c9@example.com"}, holdout=["c1", "c2", "c3"])
    second = run_export(world.job(guards={"removed": 1})).run

    with world.store.connect() as store:
        rows = [
            (row["run_id"], row["subject_id"], row["operation"], row["state"], row["reason"])
            for row in export_rows_after(store, 0)
        ]
        later = {row["run_id"] for row in export_rows_after(store, last_export_number(store) - 1)}

    # Without consent nobody is sent, so who refused is on neither side; c1 was sent before.
    assert first is not None
    assert second is not None
    assert rows == [
        (first.run_id, "c0", "upsert", "confirmed", None),
        (first.run_id, "c1", "upsert", "confirmed", None),
        (first.run_id, "c2", "upsert", "suppressed", "holdout"),
        (second.run_id, "c0", "upsert", "confirmed", None),
        (second.run_id, "c1", "remove", "confirmed", None),
        (second.run_id, "c9", "upsert", "confirmed", None),
    ]
    assert later == {second.run_id}
    assert "example.com" not in str(rows)


def test_a_second_run_without_a_change_sends_nothing(world: World) -> None:
    world.publish(FOUR)
    run_export(world.job())
    before = (world.home.exports / "shop" / "mailing.csv").stat()

    ended = run_export(world.job())

    after = (world.home.exports / "shop" / "mailing.csv").stat()
    assert ended.status == "unchanged"
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_changed_address_and_a_new_member_are_in_the_next_file(world: World) -> None:
    world.publish(FOUR)
    run_export(world.job())
    world.publish(FOUR | {"c0": "new@example.com", "c9": "c9@example.com"})

    ended = run_export(world.job())

    assert (ended.counts["added"], ended.counts["changed"]) == (1, 1)
    assert file_of(world) == FOUR | {"c0": "new@example.com", "c9": "c9@example.com"}


def test_a_withdrawal_that_is_loaded_and_not_published_counts(world: World) -> None:
    world.publish(FOUR)
    world.withdraw("c2", channel="any")

    ended = run_export(world.job())

    assert "c2" not in file_of(world)
    assert ended.counts["not_withdrawn"] == 1


def test_who_withdraws_is_removed_although_a_guard_holds_the_rest(world: World) -> None:
    many = {f"c{number}": f"c{number}@example.com" for number in range(20)}
    world.publish(many)
    run_export(world.job())
    # Sixteen more than leave the segment, which is far beyond a fifth.
    world.publish({key: many[key] for key in list(many)[:4]})
    world.consent({"c19": "suppressed"})

    ended = run_export(world.job())

    assert ended.status == "held"
    assert set(file_of(world)) == set(many) - {"c19"}


# Ten were sent; what comes next, and which guard stops it.
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (range(0), ["export_empty", "export_removes_much"]),
        (range(7), ["export_removes_much"]),  # three of ten leave
        (range(8), []),  # two of ten: a fifth, and not more
        (range(16), ["export_changes_much"]),  # sixty per cent more
        (range(15), []),
    ],
)
def test_a_change_that_is_too_large_waits_for_approval(
    world: World, members: range, expected: list[str]
) -> None:
    everybody = {f"c{number}": f"c{number}@example.com" for number in range(20)}
    ten = {f"c{number}": everybody[f"c{number}"] for number in range(10)}
    world.publish(ten)
    run_export(world.job())
    world.publish({f"c{number}": everybody[f"c{number}"] for number in members})

    ended = run_export(world.job())

    if not expected:
        assert ended.status == "sent"
        return
    assert ended.status == "held"
    assert held_by(ended.run) == expected
    assert file_of(world) == ten


def test_what_is_approved_is_sent_as_it_was_planned(world: World) -> None:
    world.publish(FOUR)
    held = run_export(world.job(approval="always"))
    assert held.run is not None
    assert held.status == "held"

    runs.approve(world.store, held.run.run_id, world.time.clock.by)
    ended = run_export(world.job(approval="always"))

    assert ended.status == "sent"
    assert file_of(world) == FOUR


def test_a_withdrawal_between_plan_and_wire_is_not_sent(world: World) -> None:
    world.publish(FOUR)
    held = run_export(world.job(approval="always"))
    assert held.run is not None
    world.withdraw("c1")
    runs.approve(world.store, held.run.run_id, world.time.clock.by)

    ended = run_export(world.job(approval="always"))

    assert ended.run is not None
    assert set(file_of(world)) == {"c0", "c2", "c3"}
    assert ended.run.results == {"confirmed": 3, "suppressed": 1}


def test_what_is_declined_is_planned_anew(world: World) -> None:
    world.publish(FOUR)
    held = run_export(world.job(approval="always"))
    assert held.run is not None

    runs.decline(world.store, held.run.run_id, "not now", world.time.clock.by)
    again = run_export(world.job())

    assert again.status == "sent"
    assert file_of(world) == FOUR


def test_a_dry_run_leaves_no_trace(world: World) -> None:
    world.publish(FOUR)

    made, sample = dry_run(world.job())

    assert made.counts["added"] == 4
    assert sample.height == 4
    assert runs.runs(world.store, "shop") == []
    assert not world.home.exports.exists()


# Two were sent, c0 and c1; now c1 and c2 are members, and c3 is neither.
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("mirror", {"c1", "c2"}),
        ("full_file", {"c1", "c2"}),
        ("add_only", {"c0", "c1", "c2"}),
        ("remove_only", {"c1"}),
    ],
)
def test_each_mode_says_who_is_there_afterwards(
    world: World, mode: str, expected: set[str]
) -> None:
    open_guards: dict[str, Any] = {"guards": {"change": 10, "removed": 1}}
    two = {key: FOUR[key] for key in ("c0", "c1")}
    world.publish(two)
    run_export(world.job(**open_guards))
    world.publish({key: FOUR[key] for key in ("c1", "c2")})

    run_export(world.job(mode=mode, **open_guards))

    assert set(file_of(world)) == expected
    assert {key for key, _, _ in sent(world.store, "shop", "mailing")} == expected


def test_the_version_of_the_consent_is_kept_with_each_row(world: World) -> None:
    world.publish({"c0": "c0@example.com"})
    world.consent({"c0": "granted"}, text_version="2026-03")

    run_export(world.job())

    with world.store.connect() as connection:
        found = connection.exec_driver_sql("select row_key, consent_version from export_sent").all()
    assert [tuple(row) for row in found] == [("c0", "2026-03")]


def test_who_was_addressed_often_enough_is_not_added_by_another_export(world: World) -> None:
    world.publish(FOUR)
    run_export(world.job(name="first"))
    world.time.sleep(3600)

    capped = run_export(world.job(name="second", cap={"contacts": 1, "within_days": 7}))
    world.time.sleep(8 * 24 * 3600)
    later = run_export(world.job(name="second", cap={"contacts": 1, "within_days": 7}))

    assert capped.counts["not_capped"] == 4
    assert later.status == "sent"


def test_a_field_is_computed_in_the_language_of_mappings(world: World) -> None:
    world.publish({"c0": "C0@Example.com"})
    fields = {"id": "customer_id", "email": {"expression": "lower({email})"}}

    run_export(world.job(fields=fields))

    assert file_of(world) == {"c0": "c0@example.com"}


def test_a_list_of_customer_match_is_hashed_as_google_publishes_it(world: World) -> None:
    world.publish({"c0": " Test.Address+x@Gmail.com "})
    file = folder.Settings(format="customer_match")

    run_export(world.job(settings=file, fields={"email": "email"}))

    path = world.home.exports / "shop" / "mailing.csv"
    with path.open(newline="") as opened:
        [row] = csv.DictReader(opened)
    # sha256 of testaddress@gmail.com
    expected = hashlib.sha256(b"testaddress@gmail.com").hexdigest()
    assert row == {
        "Email": expected,
        "Phone": "",
        "First Name": "",
        "Last Name": "",
        "Country": "",
        "Zip": "",
    }


@pytest.mark.parametrize("file_format", ["parquet", "xlsx"])
def test_a_file_is_what_its_manifest_says(world: World, file_format: str) -> None:
    world.publish(FOUR)

    run_export(world.job(settings=folder.Settings.model_validate({"format": file_format})))

    path = world.home.exports / "shop" / f"mailing.{file_format}"
    manifest = json.loads(path.with_name(f"{path.name}.manifest.json").read_text())
    assert dict(cells(path)) == FOUR
    assert manifest["rows"] == 4
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_exported_is_for_this_account_only(world: World) -> None:
    world.publish(FOUR)
    before = os.umask(0o077)  # as every process of ours begins
    try:
        run_export(world.job())
    finally:
        os.umask(before)

    path = world.home.exports / "shop" / "mailing.csv"
    assert path.stat().st_mode & 0o077 == 0


def test_who_withdraws_while_a_run_waits_for_approval_is_removed_and_the_rest_waits_on(
    world: World,
) -> None:
    world.publish({"a": "ann@x.example", "b": "bob@x.example"})
    run_export(world.job())
    world.publish({key: f"{key}@x.example" for key in "abcdefgh"})
    held = run_export(world.job()).run
    assert held is not None
    assert held.state == "held"
    assert run_export(world.job()).run == held
    world.withdraw("a")

    ended = run_export(world.job())

    assert set(file_of(world)) == {"b"}
    assert (ended.status, ended.run and ended.run.run_id != held.run_id) == ("held", True)
    assert runs.run_of(world.store, held.run_id).state == "declined"  # type: ignore[union-attr]


def test_while_nothing_new_is_published_whoever_withdrew_is_removed_and_nobody_added(
    world: World,
) -> None:
    world.publish({"a": "ann@x.example", "b": "bob@x.example"})
    run_export(world.job())
    world.publish({"a": "ann@x.example", "b": "bob@x.example", "c": "cid@x.example"})
    world.withdraw("a")

    assert remove_withdrawn(world.job()).status == "sent"
    assert set(file_of(world)) == {"b"}
    assert remove_withdrawn(world.job()).status == "unchanged"

    open_guards = {"change": 10, "removed": 1}
    assert run_export(world.job(guards=open_guards)).status == "sent"
    assert set(file_of(world)) == {"b", "c"}
