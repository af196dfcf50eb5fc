"""Nobody new is offered what is not there, or will be gone before they look."""

from typing import Any

import duckdb
import pytest

from pipelines.exporting.running import run_export
from tests.exports.worlds import World

OFFER = {"vendor_id": "v1", "product_id": "p1", "least_days_of_cover": 14}


def stock(world: World, **row: Any) -> None:
    with duckdb.connect(str(world.operator)) as connection:
        connection.execute("delete from marts.mart_vendor_assortment")
        for vendor in ("v1", "v2"):
            # another vendor's stock of the same product is none of this offer
            given = row if vendor == "v1" else {"quantity_on_hand": 900, "days_of_cover": 900}
            given = {"vendor_id": vendor, "product_id": "p1", "offer_state": "offered"} | given
            marks = ", ".join("?" for _ in given)
            connection.execute(
                f"insert into marts.mart_vendor_assortment ({', '.join(given)}) values ({marks})",
                list(given.values()),
            )


@pytest.mark.parametrize(
    ("row", "is_sent"),
    [
        ({"quantity_on_hand": 28, "days_of_cover": 14.0}, True),  # two a day, for fourteen days
        ({"quantity_on_hand": 27, "days_of_cover": 13.5}, False),
        ({"quantity_on_hand": 3, "days_of_cover": None}, True),  # nobody buys it, so it lasts
        ({"quantity_on_hand": None, "days_of_cover": None}, False),  # never counted
        ({"quantity_on_hand": 0, "days_of_cover": 0.0}, False),
        (
            {"quantity_on_hand": 99, "days_of_cover": 99.0, "offer_state": "not_offered"},
            False,
        ),
    ],
)
def test_an_offer_is_sent_if_its_stock_lasts(
    world: World, row: dict[str, Any], is_sent: bool
) -> None:
    world.publish({"c1": "c1@example.com"})
    stock(world, **row)

    ended = run_export(world.job(offer=OFFER))

    assert ended.counts["after"] == int(is_sent)
    assert ended.counts.get("not_low_stock", 0) == int(not is_sent)


def test_who_was_offered_it_before_stays_and_nobody_is_added(world: World) -> None:
    world.publish({"c1": "c1@example.com"})
    stock(world, quantity_on_hand=28, days_of_cover=14.0)
    run_export(world.job(offer=OFFER))
    world.publish({"c1": "c1@example.com", "c2": "c2@example.com"})
    stock(world, quantity_on_hand=2, days_of_cover=1.0)

    ended = run_export(world.job(offer=OFFER))

    assert (ended.counts["overlap"], ended.counts["after"]) == (1, 1)
    assert ended.counts["not_low_stock"] == 1
