"""Some segments may not leave, a destination may be sent less at once, and a test is one row."""

import csv

import pytest

from operations.segments.reading import rule_of
from operations.segments.writing import written
from pipelines.exporting.blocked import BlockedSegmentError
from pipelines.exporting.running import run_export, send_seed
from pipelines.loading.warehouse import open_warehouse
from sources.errors import ConfigurationError
from tests.exports.worlds import SEGMENT, World

HEALTH = "{did: purchase, where: {category_id: [K-7]}}"


def rules(world: World, **texts: str) -> None:
    with open_warehouse(world.home.warehouse) as connection:
        for name, text in texts.items():
            rule = written(rule_of(text, set(texts)))
            connection.execute(
                "insert into raw.segments (segment_id, rule) values (?, ?)", [name, rule]
            )


@pytest.mark.parametrize(
    "texts",
    [
        {SEGMENT: HEALTH},
        {SEGMENT: "{not: {all: [{segment: patients}]}}", "patients": HEALTH},
    ],
)
def test_a_segment_that_asks_for_a_blocked_category_is_not_sent(
    world: World, texts: dict[str, str]
) -> None:
    world.publish({"c0": "c0@example.com"})
    rules(world, **texts)

    with pytest.raises(BlockedSegmentError, match="K-7"):
        run_export(world.job(destination_file={"blocked_categories": ["K-7"]}))

    assert not (world.home.exports / "shop").exists()


def test_other_categories_are_sent(world: World) -> None:
    world.publish({"c0": "c0@example.com"})
    rules(world, **{SEGMENT: HEALTH})

    ended = run_export(world.job(destination_file={"blocked_categories": ["K-8"]}))

    assert ended.status == "sent"


def test_a_test_sends_the_seed_alone_and_beside_the_file(world: World) -> None:
    world.publish({"c0": "c0@example.com"})
    run_export(world.job())

    outcome = send_seed(world.job(seed={"id": "seed", "email": "us@example.com"}))

    assert outcome.state == "confirmed"
    with (world.home.exports / "shop" / "mailing_test.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [{"id": "seed", "email": "us@example.com"}]
    with (world.home.exports / "shop" / "mailing.csv").open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["c0"]


def test_without_a_seed_there_is_no_test(world: World) -> None:
    world.publish({"c0": "c0@example.com"})

    with pytest.raises(ConfigurationError, match="seed"):
        send_seed(world.job())
