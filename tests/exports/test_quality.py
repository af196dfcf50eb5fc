"""Whom a destination can find is known before anything is sent, and hashed twice nothing is."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.exporting.destination import Opening
from pipelines.exporting.destinations import folder, google_customer_match
from pipelines.exporting.identifiers.formats import GOOGLE
from pipelines.exporting.identifiers.hashing import hashed
from pipelines.exporting.jobs import Job
from pipelines.exporting.planning import ImpossiblePlanError
from pipelines.exporting.running import dry_run, run_export
from tests.exports.local_server import HOST, serving
from tests.exports.marketing_servers import Google
from tests.exports.worlds import World

PEOPLE = {
    "ann": "Ann@Example.com",
    "bea": "b.e.a@gmail.com",
    "again": "bea@gmail.com",
    "cy": "no address",
    "dan": "dan@example.com",
    "eve": "eve@example.com",
}


def finding_by(job: Job) -> Job:
    """The job with a destination that finds people as Google does."""
    kind = replace(job.named.sink.kind, wanted=GOOGLE)
    return replace(job, named=replace(job.named, sink=replace(job.named.sink, kind=kind)))


def test_the_plan_counts_whom_the_destination_can_find_and_why_not_the_others(
    world: World,
) -> None:
    world.publish(PEOPLE)
    world.consent({"dan": "refused", "eve": "suppressed"})

    made, _ = dry_run(finding_by(world.job()))

    counts = {
        name.removeprefix("match_"): count
        for name, count in made.counts.items()
        if name.startswith("match_") and count
    }
    assert counts == {"valid": 2, "duplicate": 1, "invalid": 1, "blocked": 1, "suppressed": 1}
    assert sum(counts.values()) == made.counts["members"] == len(PEOPLE)


def test_a_run_keeps_what_was_corrected_and_what_is_unusable_and_no_address_of_it(
    world: World,
) -> None:
    world.publish(PEOPLE)
    world.consent({"dan": "refused", "eve": "suppressed"})

    run = run_export(
        world.job(
            settings=folder.Settings(format="customer_match"),
            fields={"email": "email"},
            mode="full_file",
        )
    ).run

    assert run is not None
    corrected = {(each.correction, each.count): each.after for each in run.quality.corrections}
    # Ann's capitals; b.e.a@gmail.com; what is unusual of dan and eve would count as well
    assert corrected == {
        ("upper_case", 1): "xxx@xxxxxxx.xxx",
        ("gmail_alias", 1): "xxx@xxxxx.xxx",
    }
    samples = [(each.row_class, each.shape) for each in run.quality.samples]
    assert sorted(samples) == [("duplicate", "x.x.x@xxxxx.xxx"), ("invalid", "xx xxxxxxx")]
    with world.store.connect() as connection:
        payloads = connection.execute(sa.text("select payload from events")).scalars().all()
    assert not [text for text in map(str, payloads) if "@example" in text or "bea" in text]


def test_with_one_value_that_is_hashed_already_nothing_is_sent(world: World) -> None:
    world.publish({**PEOPLE, "fay": hashed("fay@example.com", "sha256")})

    with pytest.raises(ImpossiblePlanError, match="hashed already"):
        run_export(finding_by(world.job()))

    assert not list(world.home.exports.glob("shop/*"))


def test_who_leaves_the_segment_leaves_googles_list(world: World) -> None:
    api = Google()
    with serving(api) as server:
        settings = google_customer_match.Settings(
            operating_account_id="1234567890",
            user_list_id="55",
            ad_user_data="CONSENT_GRANTED",
            ad_personalization="CONSENT_GRANTED",
            address=server.address,
            token_address=f"{server.address}/token",
            loopback_hosts=(HOST,),
        )
        secrets = {"client_id": "client", "client_secret": "secret", "refresh_token": "refresh"}
        opening = Opening("shop", "mailing", ("id", "email"), secrets, Path())
        google = google_customer_match.KIND.open(settings, opening)
        job = world.job(google, guards={"removed": 1})

        people = {f"c{at}": f"c{at}@example.com" for at in range(4)}
        world.publish(people)
        run_export(job)
        assert len(api.members) == 4

        del people["c3"]
        world.publish(people)
        # An answer that is lost after it was applied changes nothing.
        server.faults.append("lost_after")
        ended = run_export(job)

    assert ended.status == "sent"
    assert len(api.members) == 3
