"""Sessions, conversion, abandonment and stitching against what truly happened in the demo.

The laws of chance give the intervals: five standard errors, for a test that never fails by chance.
Those who refuse to be analysed, an eighth of all browsers, are in the truth and not in the feeds.
"""

import duckdb
import pytest

pytestmark = pytest.mark.quality

ANALYSED = 0.875


def one(demo: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    return tuple(float(value) for value in demo.execute(query).fetchall()[0])


def test_human_sessions_are_the_visits_of_people_who_let_themselves_be_analysed(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    ours, truth = one(
        demo,
        "select (select count(*) from sessions where session_kind = 'human'), "
        "(select sum(visits) from visits)",
    )

    assert ours == pytest.approx(truth * ANALYSED, rel=0.01)


def test_conversion_by_device_is_the_true_one(demo: duckdb.DuckDBPyConnection) -> None:
    rows = demo.execute(
        "with truth as (select device, sum(orders) / sum(visits) as rate from visits group by 1) "
        "select device, avg(cast(purchased as int)), count(*), any_value(rate) from sessions "
        "join truth using (device) where session_kind = 'human' group by device"
    ).fetchall()

    assert len(rows) == 4
    for device, ours, count, rate in rows:
        error = (rate * (1 - rate) / count) ** 0.5
        assert abs(ours - rate) < 5 * error, device


def test_carts_and_checkouts_are_begun_as_often_as_they_truly_were(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    rows = demo.execute(
        "select count(*), avg(cast(added_to_cart as int)), avg(cast(began_checkout as int)), "
        "(select sum(carts) / sum(visits) from visits), "
        "(select sum(checkouts) / sum(visits) from visits), "
        "1 - sum(cast(purchased and began_checkout as int)) / sum(cast(began_checkout as int)), "
        "(select 1 - sum(orders) / sum(checkouts) from visits), "
        "sum(cast(began_checkout as int)) from sessions where session_kind = 'human'"
    ).fetchall()

    [(count, carts, checkouts, true_carts, true_checkouts, abandoned, true_abandoned, begun)] = rows
    assert carts == pytest.approx(true_carts, abs=5 * (true_carts / count) ** 0.5)
    assert checkouts == pytest.approx(true_checkouts, abs=5 * (true_checkouts / count) ** 0.5)
    assert abandoned == pytest.approx(true_abandoned, abs=5 * (0.25 / begun) ** 0.5)


def test_what_became_of_a_cart_is_what_truly_did_through_all_its_sessions(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    # the truth names the begin of a cart's first visit: an hour's margin for what is done in it
    demo.execute(
        "create table judged as select carts.outcome, carts.visit_count, ours.cart_state, "
        "ours.checkout_state, orders.ordered_at - carts.filled_at as waited "
        "from intermediate.int_carts_judged as ours join carts using (cart_id) "
        "left join raw.orders_current as orders on carts.order_id = orders.order_id"
    )
    counts = demo.execute(
        "select count(*), count(*) filter (visit_count > 1 and cart_state = 'ordered'), "
        "count(*) filter (outcome = 'abandoned' and cart_state not in ('abandoned', 'open')), "
        "count(*) filter (waited < interval 23 hour and cart_state <> 'ordered'), "
        "count(*) filter (waited > interval 25 hour and cart_state = 'ordered' "
        "and checkout_state is distinct from 'ordered'), "
        "count(*) filter (outcome = 'open' and checkout_state = 'pending'), "
        "count(*) filter (outcome = 'open' and 'abandoned' in (cart_state, checkout_state)) "
        "from judged"
    ).fetchall()

    [(count, returned, not_abandoned, not_ordered, too_late, pending, given_up)] = counts
    assert count > 1_000
    assert returned > 20
    assert (not_abandoned, not_ordered, too_late) == (0, 0, 0)
    # a company's cart that waits for an approval
    assert pending > 0
    assert given_up == 0


def test_the_share_of_abandoned_carts_is_the_true_one(demo: duckdb.DuckDBPyConnection) -> None:
    ours, count, true = one(
        demo,
        "select avg(cast(cart_state = 'abandoned' as int)), count(*), "
        "(select avg(cast(carts.outcome = 'abandoned' or orders.ordered_at > carts.filled_at "
        "+ interval 24 hour as int)) from carts left join raw.orders_current as orders "
        "using (order_id) where carts.outcome <> 'open') "
        "from intermediate.int_carts_judged where cart_state in ('ordered', 'abandoned')",
    )

    assert abs(ours - true) < 5 * (true * (1 - true) / count) ** 0.5


def test_programs_that_say_nothing_are_found_by_what_they_do(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    # a robot looks at 15 to 59 products: two of three of its visits reach 30
    wrong, found, all_bots = one(
        demo,
        "select count(*) filter (where session_kind = 'bot' and bots.visitor_id is null), "
        "count(*) filter (where session_kind = 'bot' and bots.visitor_id is not null), "
        "count(*) filter (where bots.visitor_id is not null) "
        "from sessions left join bots using (visitor_id)",
    )

    assert wrong == 0
    assert found > 0.6 * all_bots


def test_whose_a_browser_is_said_to_be_is_as_sure_as_it_is_said(
    demo: duckdb.DuckDBPyConnection,
) -> None:
    count, right, said = one(
        demo,
        "select count(*), avg(cast(identities.visitor_id is not null as int)), "
        "avg(link_confidence) from marts.dim_visitors as known left join identities "
        "using (visitor_id, customer_id) where known.customer_id is not null",
    )

    assert count > 1_000
    assert right >= said
    assert right - said < 0.05
