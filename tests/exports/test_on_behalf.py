"""A vendor asks to have its buyers written to; somebody approves, and the vendor learns no one."""

import csv
from typing import Any

import duckdb
import pytest

from operations import accounts
from operations.accounts import NewAccount
from operations.exports import vendor_requests
from operations.exports.vendor_requests import Asked, VendorRequestRefusedError
from operations.kernel import By, NotPermitted
from pipelines.exporting.on_behalf import run_all
from tests.exports.worlds import START, World

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
