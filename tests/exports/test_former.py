"""Where people are found by their address, an address that changed does not stay behind."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from operations.tables import export_identifiers
from pipelines.exporting.destination import Operation, Outcome, Row
from pipelines.exporting.destinations.people import Person, sent_by_operation
from pipelines.exporting.identifiers.formats import GOOGLE, MAILCHIMP
from pipelines.exporting.running import run_export
from pipelines.exporting.wire.answers import outcomes
from tests.exports.test_outbox_machine import OPEN_GUARDS, natural_key
from tests.exports.worlds import World


class Audience:
    """A segment that is sent to a Mailchimp audience, one row a request if so wanted."""

    def __init__(self, stack: ExitStack, world: World) -> None:
        self.world = world
        self.side = natural_key(stack, world)

    def run(self, *, rows_per_request: int = 500) -> None:
        given = {"limits": {"rows_per_request": rows_per_request}}
        job = self.world.job(
            self.side.opened(), wanted=MAILCHIMP, destination_file=given, **OPEN_GUARDS
        )
        assert run_export(job).status == "sent"

    @property
    def addresses(self) -> set[str]:
        return set(self.side.has().values())


@pytest.fixture
def audience(world: World) -> Iterator[Audience]:
    with ExitStack() as stack:
        yield Audience(stack, world)


def test_an_address_that_changed_does_not_stay_at_the_destination(audience: Audience) -> None:
    audience.world.publish({"a": "ann@old.example", "b": "bob@old.example"})
    audience.run()
    audience.world.publish({"a": "ann@new.example", "b": "bob@old.example"})

    audience.run()

    assert audience.addresses == {"ann@new.example", "bob@old.example"}


def test_who_leaves_is_removed_under_the_address_that_was_sent(audience: Audience) -> None:
    audience.world.publish({"a": "ann@old.example", "b": "bob@old.example"})
    audience.run()
    audience.world.addresses({"a": "ann@new.example"})
    audience.world.withdraw("a")

    audience.run()

    assert audience.addresses == {"bob@old.example"}
    with audience.world.store.connect() as connection:
        keys = connection.execute(sa.select(export_identifiers.c.row_key)).scalars().all()
    assert keys == ["b"]


@pytest.mark.parametrize("rows_per_request", [1, 500])
def test_of_two_who_exchange_their_addresses_both_stay(
    audience: Audience, rows_per_request: int
) -> None:
    audience.world.publish({"a": "one@x.example", "b": "two@x.example"})
    audience.run()
    audience.world.publish({"a": "two@x.example", "b": "one@x.example"})

    audience.run(rows_per_request=rows_per_request)

    assert audience.addresses == {"one@x.example", "two@x.example"}


def test_an_address_of_two_stays_for_the_one_unless_the_other_objects(audience: Audience) -> None:
    audience.world.publish(dict.fromkeys("abc", "home@x.example") | {"d": "dan@x.example"})
    audience.run()
    audience.world.publish({"b": "home@x.example", "c": "home@x.example", "d": "dan@x.example"})

    audience.run()
    after_leaving = audience.addresses
    audience.world.withdraw("b")
    audience.run()

    assert after_leaving == {"home@x.example", "dan@x.example"}
    assert audience.addresses == {"dan@x.example"}


def test_of_several_former_addresses_each_is_removed_and_before_anything_is_added() -> None:
    told: list[tuple[Operation, list[dict[str, str]]]] = []

    def send(operation: Operation, people: Sequence[Person]) -> list[Outcome]:
        told.append((operation, [dict(person.values) for _, person in people]))
        return outcomes([row for row, _ in people], "confirmed")

    former = [("emailAddress", "1" * 64), ("emailAddress", "2" * 64), ("phoneNumber", "3" * 64)]
    rows = [
        Row("a", "upsert", {"email": "ann@x.example"}, former),
        Row("b", "remove", {"email": "bob@x.example"}, []),
    ]

    found = sent_by_operation(GOOGLE, rows, send)

    assert [operation for operation, _ in told] == ["remove", "upsert"]
    assert told[0][1] == [
        {"emailAddress": "1" * 64, "phoneNumber": "3" * 64},
        {"emailAddress": "2" * 64},
    ]
    assert len(told[1][1]) == 1
    assert [(each.key, each.state) for each in found] == [("a", "confirmed"), ("b", "confirmed")]
