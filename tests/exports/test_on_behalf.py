"""A vendor asks to have its buyers written to; somebody approves, and the vendor learns no one."""

import csv
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from operations import accounts
from operations.accounts import NewAccount
from operations.exports import vendor_requests
from operations.exports.vendor_requests import Asked, VendorRequestRefusedError
from operations.kernel import By, NotPermitted
from pipelines.exporting.on_behalf import run_all
from pipelines.exporting.running import run_export
from tests.exports.worlds import START, STATED, World

FOR_VENDORS: dict[str, Any] = {
    "segment": "",
    "for_vendors": True,
    "fields": {"email": "email"},
    "mode": "full_file",
}
MINE, OTHERS = [f"m{number}" for number in range(12)], [f"o{number}" for number in range(11)]


def by(name: str) -> By:
    return By(name, START)


@pytest.fixture
def desk(world: World) -> World:
    """Two vendors with buyers of their own, all of whom allowed marketing by e-mail."""
    admin = By("setup", START, is_system=True)
    for name, role, vendor in (
        ("vera", "vendor_owner", "v1"),
        ("otto", "vendor_owner", "v2"),
        ("mark", "marketer", None),
    ):
        accounts.create_account(
            world.store,
            NewAccount(name, role, "correct horse battery", vendor, "shop" if vendor else None),
            admin,
        )
    world.publish({key: f"{key}@example.com" for key in (*MINE, *OTHERS)})
    bought(world, {"v1": MINE, "v2": OTHERS})
    return world


def bought(world: World, buyers: dict[str, list[str]]) -> None:
    with duckdb.connect(str(world.operator)) as connection:
        connection.execute("delete from marts.mart_vendor_customer_segments")
        for vendor, keys in buyers.items():
            connection.executemany(
                "insert into marts.mart_vendor_customer_segments (vendor_id, customer_id, "
                "rfm_segment) values (?, ?, 'loyal')",
                [[vendor, key] for key in keys],
            )


def ask(world: World, vendor_id: str = "v1", name: str = "vera", group_id: str = "all") -> str:
    asked = Asked(f"{vendor_id}{group_id}0000", "shop", vendor_id, group_id)
    return vendor_requests.ask(world.store, asked, by(name)).request_id


def run(world: World) -> dict[str, str]:
    job = world.job(name="for_vendors", **FOR_VENDORS)
    return {name: ended.status for name, ended in run_all(job)}


def files(world: World) -> dict[str, set[str]]:
    found = {}
    for path in (world.home.exports / "shop").glob("*.csv"):
        with path.open(newline="") as file:
            found[path.stem] = {row["email"].partition("@")[0] for row in csv.DictReader(file)}
    return found


def state(world: World) -> tuple[str, int | None]:
    [request] = vendor_requests.requests(world.store, "shop", "v1")
    return request.state, request.people_in_tens


def test_nothing_is_sent_before_somebody_approves(desk: World) -> None:
    request_id = ask(desk)
    before = run(desk)
    vendor_requests.approve(desk.store, request_id, "k", by("mark"))

    after = run(desk)

    assert before == {}
    assert set(after.values()) == {"sent"}
    assert list(files(desk).values()) == [set(MINE)]
    # Twelve people are one whole ten to the vendor.
    assert state(desk) == ("approved", 10)


def test_only_buyers_who_allowed_it_are_written_to_and_only_the_vendors_own(desk: World) -> None:
    desk.consent({"m0": "refused"})
    vendor_requests.approve(desk.store, ask(desk), "k", by("mark"))

    run(desk)

    assert list(files(desk).values()) == [set(MINE) - {"m0"}]


def test_a_request_that_is_held_keeps_no_other_from_going_on(desk: World) -> None:
    # a request of v1 that was sent, and now has three times as many buyers
    more = [f"p{number}" for number in range(30)]
    desk.publish({key: f"{key}@example.com" for key in (*MINE, *OTHERS, *more)})
    vendor_requests.approve(desk.store, ask(desk), "k1", by("mark"))
    vendor_requests.approve(desk.store, ask(desk, "v2", "otto"), "k2", by("mark"))
    run(desk)
    bought(desk, {"v1": [*MINE, *more], "v2": OTHERS})
    held = run(desk)

    desk.withdraw("o0")
    after = run(desk)

    assert sorted(held.values()) == ["held", "unchanged"]
    assert sorted(after.values()) == ["held", "sent"]
    assert sorted(files(desk).values(), key=len) == [set(OTHERS) - {"o0"}, set(MINE)]


def said(world: World, states: dict[str, str], vendor: str = "v1", **more: Any) -> None:
    """What the published version says that people stated of one vendor."""
    given = {"purpose": "marketing", "channel": "email", "stated_at": STATED} | more
    with duckdb.connect(str(world.operator)) as connection:
        connection.executemany(
            "insert into marts.mart_contactability_by_vendor (customer_id, vendor_id, purpose, "
            "channel, consent_state, text_version, has_address, is_bounced, is_contactable, "
            "stated_at) values (?, ?, ?, ?, ?, '2026-01', true, false, ?, ?)",
            [
                [
                    *(key, vendor, given["purpose"], given["channel"], state, state == "granted"),
                    given["stated_at"],
                ]
                for key, state in states.items()
            ],
        )


def test_who_allowed_it_to_this_vendor_alone_is_written_to_for_it_and_for_nobody_else(
    desk: World,
) -> None:
    desk.consent(dict.fromkeys(["m0", "o0"], "never_asked"))
    said(desk, dict.fromkeys(["m0", "o0"], "granted"))
    vendor_requests.approve(desk.store, ask(desk), "k1", by("mark"))
    vendor_requests.approve(desk.store, ask(desk, "v2", "otto"), "k2", by("mark"))

    run(desk)
    run_export(desk.job(name="ours", sink="ours"))

    sent = files(desk)
    ours = sent.pop("ours")
    assert sorted(sent.values(), key=len) == [set(OTHERS) - {"o0"}, set(MINE)]
    assert ours & {"m0", "o0"} == set()


@pytest.mark.parametrize("purpose", ["marketing", "vendor_sharing"])
def test_who_refused_this_vendor_is_not_written_to_for_it_and_is_for_others(
    desk: World, purpose: str
) -> None:
    channel = "email" if purpose == "marketing" else "any"
    said(desk, {"m0": "refused", "m1": "suppressed"}, purpose=purpose, channel=channel)
    said(desk, {"m2": "refused"}, "v2", purpose=purpose, channel=channel)
    vendor_requests.approve(desk.store, ask(desk), "k", by("mark"))

    run(desk)

    assert list(files(desk).values()) == [set(MINE) - {"m0", "m1"}]


def test_an_objection_to_all_letters_wins_over_a_consent_to_a_vendors(desk: World) -> None:
    desk.consent({"m0": "suppressed", "m1": "refused", "m2": "refused"})
    said(desk, {"m0": "granted", "m2": "granted"}, stated_at=STATED + timedelta(days=1))
    said(desk, {"m1": "granted"})
    vendor_requests.approve(desk.store, ask(desk), "k", by("mark"))

    run(desk)

    # m2 allowed it after it had refused; of m1 both count at the same moment.
    assert list(files(desk).values()) == [set(MINE) - {"m0", "m1"}]


@pytest.mark.parametrize("purpose", ["marketing", "vendor_sharing"])
def test_who_takes_it_back_from_a_vendor_goes_before_the_next_publication(
    desk: World, purpose: str
) -> None:
    vendor_requests.approve(desk.store, ask(desk), "k", by("mark"))
    run(desk)

    desk.withdraw("m0", vendor_id="v1", purpose=purpose)
    desk.withdraw("m1", vendor_id="v2", purpose=purpose)
    run(desk)
    run_export(desk.job(name="ours", sink="ours"))

    sent = files(desk)
    assert {"m0", "m1"} <= sent.pop("ours")
    assert list(sent.values()) == [set(MINE) - {"m0"}]


def test_fewer_than_ten_people_are_not_written_to(desk: World) -> None:
    desk.consent(dict.fromkeys(MINE[:3], "refused"))
    vendor_requests.approve(desk.store, ask(desk), "k", by("mark"))

    assert run(desk) == {}
    assert state(desk) == ("approved", 0)


def test_when_fewer_than_ten_are_left_or_the_request_is_ended_everybody_is_removed(
    desk: World,
) -> None:
    request_id = ask(desk)
    vendor_requests.approve(desk.store, request_id, "k", by("mark"))
    run(desk)
    bought(desk, {"v1": MINE[:9]})
    run(desk)
    few = (files(desk), state(desk))
    bought(desk, {"v1": MINE})
    run(desk)
    again = files(desk)
    vendor_requests.end(desk.store, request_id, "k2", by("mark"))

    run(desk)

    assert [*few[0].values()] == [set()]
    assert few[1] == ("approved", 0)
    assert [*again.values()] == [set(MINE)]
    assert [*files(desk).values()] == [set()]
    assert state(desk) == ("ended", 0)


def test_a_vendor_asks_for_its_own_buyers_and_decides_nothing(desk: World) -> None:
    with pytest.raises(NotPermitted):
        ask(desk, "v2", "vera")
    with pytest.raises(NotPermitted):
        ask(desk, "v1", "mark")
    request_id = ask(desk)
    with pytest.raises(NotPermitted):
        vendor_requests.approve(desk.store, request_id, "k", by("vera"))
    assert ask(desk) == request_id
    vendor_requests.decline(desk.store, request_id, "not now", "k", by("mark"))
    with pytest.raises(VendorRequestRefusedError):
        vendor_requests.approve(desk.store, request_id, "k3", by("mark"))
    assert vendor_requests.requests(desk.store, "shop")[0].reason == "not now"
