"""By cursor: nothing lost, nothing twice, whatever commits late, has no value or breaks off."""

from datetime import UTC, datetime

import pytest

from pipelines.loading.checks import account_of
from pipelines.loading.rebuild import load_again, rebuild_from_landing
from sources.errors import TransientSourceError
from tests.databases.conftest import NOON, ORDERS, DatabaseDesk
from tests.databases.shop_server import ShopServer

pytestmark = pytest.mark.databases

INSERT = "insert into orders (order_id, customer_id, status, placed, updated_at) values "


def order(number: int, updated_at: str | None, status: str = "created") -> str:
    value = "null" if updated_at is None else f"'{updated_at}'"
    return f"{INSERT} ({number}, 'c{number}', '{status}', '2026-06-01 10:00+00', {value})"


def ids(desk: DatabaseDesk) -> list[str]:
    return [row[0] for row in desk.current("orders", "order_id")]


def test_what_changed_since_the_last_read_is_read_and_nothing_is_doubled(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-01 10:00+00"))
    server.execute(order(2, "2026-06-02 10:00+00"))
    desk.load("orders")
    server.execute(
        "update orders set status = 'shipped', updated_at = '2026-06-03' where order_id = 1"
    )
    server.execute(order(3, "2026-06-03 10:00+00"))

    desk.load("orders")

    assert desk.current("orders", "order_id", "status") == [
        ("1", "shipped"),
        ("2", "created"),
        ("3", "created"),
    ]
    with desk.loader() as loader:
        assert account_of(loader.connection, "orders").unbalanced == ()


def test_a_second_read_without_changes_loads_nothing(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    for number in range(1, 6):
        server.execute(order(number, f"2026-06-0{number} 10:00+00"))
    server.execute(order(6, None))
    desk.load("orders")

    assert desk.load("orders").outcomes == ()


def test_row_that_commits_late_with_an_earlier_value_is_read(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    with server.admin() as slow:
        slow.autocommit = False
        slow.execute(order(1, "2026-06-10 09:50+00").encode())
        server.execute(order(2, "2026-06-10 10:00+00"))
        desk.load("orders")
        assert ids(desk) == ["2"]
        slow.commit()

    desk.load("orders")

    assert ids(desk) == ["1", "2"]


def test_row_that_commits_later_than_the_overlap_needs_a_longer_one(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(2, "2026-06-10 10:00+00"))
    desk.load("orders")
    server.execute(order(1, "2026-06-10 08:00+00"))  # two hours earlier; the default is 15 minutes
    desk.load("orders")
    assert ids(desk) == ["2"]

    desk.describe(orders=ORDERS.replace("mode: cursor", "mode: cursor, overlap_seconds: 10800"))
    desk.load("orders")

    assert ids(desk) == ["1", "2"]


def test_rows_without_a_cursor_value_are_read_every_time(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-10 10:00+00"))
    server.execute(order(2, None))
    desk.load("orders")
    server.execute(order(3, None))

    desk.load("orders")

    assert ids(desk) == ["1", "2", "3"]


def test_a_value_in_the_far_future_costs_no_row_of_the_days_after(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    desk.recorded_at = "2026-06-10 12:00:00"
    server.execute(order(1, "2026-06-10 10:00+00"))
    server.execute(order(2, "2099-01-01 00:00+00"))
    desk.load("orders")
    assert ids(desk) == ["1", "2"]
    desk.recorded_at = "2026-06-12 12:00:00"
    server.execute(order(3, "2026-06-11 10:00+00"))

    desk.load("orders")

    assert ids(desk) == ["1", "2", "3"]


def test_rows_marked_as_deleted_are_deleted(desk: DatabaseDesk, server: ShopServer) -> None:
    server.execute(order(1, "2026-06-10 10:00+00"))
    server.execute(order(2, "2026-06-10 10:00+00"))
    desk.load("orders")
    server.execute(
        "update orders set deleted_at = now(), updated_at = '2026-06-11' where order_id = 1"
    )

    desk.load("orders")

    assert ids(desk) == ["2"]


def test_a_number_can_be_the_cursor(desk: DatabaseDesk, server: ShopServer) -> None:
    desk.describe(
        orders="{database: shop, table: orders, mode: cursor, cursor: order_id, "
        "overlap_count: 0, slice_rows: 4, columns: {order_id: order_id, "
        "customer_id: customer_id, status: status, ordered_at: placed}}"
    )
    for number in range(1, 13):
        server.execute(order(number, None))
    desk.load("orders")
    server.execute(order(100, None))

    [outcome] = desk.load("orders").outcomes

    # 12 is read again, inclusively; alone in its slice as before, it is the same bytes.
    assert (outcome.received, outcome.applied) == (1, 1)
    assert len(ids(desk)) == 13


def test_a_restart_between_slices_keeps_what_was_committed_and_goes_on_there(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    desk.describe(orders=ORDERS.replace("mode: cursor", "mode: cursor, slice_rows: 100"))
    server.execute(
        f"{INSERT.removesuffix('values ')} select i, 'c', 'created', '2026-06-01', "
        "timestamptz '2026-06-01' + i * interval '1 minute' from generate_series(1, 500) as i (i)"
    )
    reads: list[str] = []

    def stop_at_the_third(note: str) -> None:
        reads.extend([note] if "reading" in note else [])
        if len(reads) == 3 and server.process is not None:
            server.stop()

    with pytest.raises(TransientSourceError) as caught:
        desk.load("orders", stop_at_the_third)
    assert "the server cannot be reached" in str(caught.value)
    assert len(ids(desk)) == 199  # below the second cut: minutes 1 to 199
    server.start()
    seen = desk.load("orders").outcomes

    assert len(ids(desk)) == 500
    # Only the overlap of 15 minutes is read again, its both ends included.
    assert sum(outcome.received for outcome in seen) == 500 - 200 + 1 + 15
    with desk.loader() as loader:
        assert account_of(loader.connection, "orders").unbalanced == ()


def test_corrected_mapping_reads_the_landed_extracts_again_and_not_the_table(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-10 10:00+00", status="open"))
    server.execute(order(2, "2026-06-20 10:00+00"))
    desk.load("orders")
    assert ids(desk) == ["2"]
    server.execute("delete from orders where order_id = 1")  # the source keeps no old rows

    desk.describe(
        orders=ORDERS.replace("status: status", "status: {column: status, map: {open: created}}")
    )
    desk.load("orders")

    assert ids(desk) == ["1", "2"]


def test_state_is_rebuilt_with_the_tables(desk: DatabaseDesk, server: ShopServer) -> None:
    server.execute(order(1, "2026-06-10 10:00+00"))
    desk.load("orders")
    server.execute(order(2, "2026-06-12 10:00+00"))
    desk.recorded_at = datetime(2026, 6, 30, 13, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
    desk.load("orders")
    tables = ("raw.orders", "raw.orders_superseded", "raw.loads", "raw.touched_dates")
    before = [desk.query(f"select * from {table} order by all") for table in tables]

    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, NOON)

    assert [desk.query(f"select * from {table} order by all") for table in tables] == before
    assert desk.load("orders").outcomes == ()


def open_entries(desk: DatabaseDesk) -> list[tuple[str, str]]:
    """Load and order of what is open."""
    return desk.query(
        "select load_id, raw_text->>'order_id' from quarantine.rows "
        "where replayed_at is null order by all"
    )


def set_status(server: ShopServer, number: int, status: str, updated_at: str) -> None:
    server.execute(
        f"update orders set status = '{status}', updated_at = '{updated_at}' "
        f"where order_id = {number}"
    )


def test_row_that_the_source_corrected_leaves_the_quarantine(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-01 10:00+00", "lost in the post"))
    server.execute(order(2, "2026-06-01 10:00+00", "eaten by a dog"))
    server.execute(order(9, "2026-06-02 10:00+00"))
    early, *_ = desk.load("orders").outcomes
    set_status(server, 1, "shipped", "2026-06-03")

    desk.load("orders")

    assert open_entries(desk) == [(early.load.load_id, "2")]
    assert ("1", "shipped") in desk.current("orders", "order_id", "status")


def test_row_that_is_wrong_in_two_slices_is_open_once(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-01 10:00+00", "lost in the post"))
    desk.load("orders")
    set_status(server, 1, "found again", "2026-06-03")

    [later] = desk.load("orders").outcomes

    assert open_entries(desk) == [(later.load.load_id, "1")]


def test_replay_of_an_early_slice_does_not_open_again_what_a_later_one_corrected(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-01 10:00+00", "lost in the post"))
    server.execute(order(2, "2026-06-01 10:00+00", "eaten by a dog"))
    server.execute(order(9, "2026-06-02 10:00+00"))
    early, *_ = desk.load("orders").outcomes
    set_status(server, 1, "shipped", "2026-06-03")
    desk.load("orders")

    with desk.loader() as loader:
        [again] = load_again(loader, [early.load])

    assert open_entries(desk) == [(again.load.load_id, "2")]


def test_replay_of_an_early_slice_does_not_open_twice_what_a_later_one_found_as_well(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(order(1, "2026-06-01 10:00+00", "lost in the post"))
    [early] = desk.load("orders").outcomes
    set_status(server, 1, "found again", "2026-06-03")
    [later] = desk.load("orders").outcomes

    with desk.loader() as loader:
        load_again(loader, [early.load])

    assert open_entries(desk) == [(later.load.load_id, "1")]


def test_rows_without_a_key_stay_in_the_quarantine(desk: DatabaseDesk, server: ShopServer) -> None:
    query = "select *, nullif(order_id, 1) as number from orders"
    described = ORDERS.replace("table: public.orders", f"name: orders, query: '{query}'")
    desk.describe(orders=described.replace("order_id: order_id", "order_id: number"))
    server.execute(order(1, "2026-06-01 10:00+00"))
    desk.load("orders")
    set_status(server, 1, "shipped", "2026-06-03")

    desk.load("orders")

    assert len(open_entries(desk)) == 2


LOCAL = (
    "{database: shop, table: public.invoices, mode: cursor, cursor: changed, columns: "
    "{invoice_id: revision, document_kind: kind, net_amount: net, issued_at: issued, "
    "updated_at: changed}}"
)


def change(number: int, local: str) -> str:
    return (
        "insert into invoices (id, kind, net, issued, revision, changed) values "
        f"(gen_random_uuid(), 'invoice', 1, '2025-10-01', {number}, '{local}')"
    )


@pytest.mark.parametrize("overlap", [0, 900, 7200])
def test_a_local_cursor_misses_nothing_while_the_clock_is_put_back(
    desk: DatabaseDesk, server: ShopServer, overlap: int
) -> None:
    desk.describe(
        invoices=LOCAL.replace("changed, columns", f"changed, overlap_seconds: {overlap}, columns")
    )
    # On 26 October 2025 Berlin's clocks showed the hour from 02:00 twice.
    server.execute(change(1, "2025-10-26 02:55"))
    desk.load("invoices")
    server.execute(change(2, "2025-10-26 02:00"))
    server.execute(change(3, "2025-10-26 02:10"))
    server.execute(change(4, "2025-10-26 03:20"))

    desk.load("invoices")

    assert [row[0] for row in desk.current("invoices", "invoice_id")] == ["1", "2", "3", "4"]


def test_a_local_cursor_reaches_back_over_the_hour_that_was_skipped(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    desk.describe(invoices=LOCAL)
    server.execute(change(1, "2025-03-30 03:05"))
    desk.load("invoices")
    # Committed late, ten minutes before by the clock: 02:00 to 03:00 did not exist.
    server.execute(change(2, "2025-03-30 01:55"))

    desk.load("invoices")

    assert [row[0] for row in desk.current("invoices", "invoice_id")] == ["1", "2"]


def correct(server: ShopServer, net: int, local: str) -> None:
    server.execute(f"update invoices set net = {net}, changed = '{local}' where revision = 1")


def net_amounts(desk: DatabaseDesk) -> list[int]:
    return [int(row[0]) for row in desk.current("invoices", "net_amount")]


def test_what_changes_again_in_the_repeated_hour_is_newer_though_its_time_is_earlier(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    desk.describe(invoices=LOCAL)
    server.execute(change(1, "2025-10-26 02:55"))
    desk.recorded_at = "2025-10-26 00:57:00"  # 02:57 in summer time
    [first] = desk.load("invoices").outcomes
    correct(server, 2, "2025-10-26 02:10")
    desk.recorded_at = "2025-10-26 01:12:00"  # 02:12 in standard time
    desk.load("invoices")
    assert net_amounts(desk) == [2]

    desk.recorded_at = NOON
    with desk.loader() as loader:
        load_again(loader, [first.load])

    assert net_amounts(desk) == [2]
    assert desk.load("invoices").outcomes == ()


@pytest.mark.parametrize("amounts", [(1, 2, 1), (2, 1, 2)])
def test_the_latest_read_stands_where_a_change_left_the_version_as_it_was(
    desk: DatabaseDesk, server: ShopServer, amounts: tuple[int, ...]
) -> None:
    desk.describe(invoices=LOCAL)
    server.execute(change(1, "2025-10-01 10:00"))
    for number, net in enumerate(amounts, 2):
        correct(server, net, "2025-10-01 10:00")
        # A new row makes each read another slice.
        server.execute(change(number, f"2025-10-01 10:0{number}"))
        desk.load("invoices")

        assert desk.query("select net_amount from raw.invoices_current where invoice_id = '1'") == [
            (net,)
        ]
