"""A clean marketplace passes; each kind of breakage is found by the check that is meant for it."""

import os
import signal
from pathlib import Path

import pytest

from data_quality.rules import SuiteRequest
from data_quality.runner import Checker
from data_quality.suites import feed_suite
from pipelines.checking.feed_batches import FeedBatch, rows_sql, write_parts
from pipelines.loading.warehouse import open_warehouse
from sources.child_process import how_it_ended
from sources.contract import all_contracts
from tests.quality.inspection import Inspection

pytestmark = pytest.mark.quality

SOME = "hash(_row_id) % 20 = 0"  # a twentieth of the rows
MOST = "hash(_row_id) % 20 > 4"  # three quarters

FAULTS = {
    "a key twice": (
        "insert into raw.orders select * replace (-1 as _row_id) from raw.orders limit 1",
        "orders/order_id_is_unique",
        "error",
    ),
    "one currency that is none": (
        (
            "update raw.orders set currency_code = 'EUX' where order_id = "
            "(select min(order_id) from raw.orders)"
        ),
        "orders/currency_code_is_in_the_list",
        "warn",
    ),
    "every currency none": (
        "update raw.orders set currency_code = 'EUX'",
        "orders/currency_code_is_in_the_list",
        "error",
    ),
    "a status nobody knows": (
        f"update raw.orders set status = 'lost' where {SOME}",
        "orders/status_is_in_the_list",
        "warn",
    ),
    "lines of unknown vendors": (
        f"update raw.order_lines set vendor_id = 'X' || vendor_id where {SOME}",
        "order_lines/vendor_id_is_known",
        "warn",
    ),
    "lines of another system": (
        f"update raw.order_lines set vendor_id = 'X' || vendor_id where {MOST}",
        "order_lines/vendor_id_is_known",
        "error",
    ),
    "delivered before shipped": (
        f"update raw.shipments set delivered_at = shipped_at - interval 1 hour where {SOME}",
        "shipments/delivered_at_is_not_before_shipped_at",
        "warn",
    ),
    "two columns exchanged": (
        (
            "update raw.shipments set delivered_at = shipped_at, shipped_at = delivered_at "
            "where delivered_at is not null"
        ),
        "shipments/delivered_at_is_not_before_shipped_at",
        "error",
    ),
    "shipped before ordered": (
        f"update raw.shipments set shipped_at = shipped_at - interval 90 day where {SOME}",
        "shipments/shipped_at_is_not_before_order_ordered_at",
        "warn",
    ),
    "orders of tomorrow": (
        (
            "update raw.orders set ordered_at = timestamp '2026-07-01 06:00:00' where order_id = "
            "(select min(order_id) from raw.orders)"
        ),
        "orders/latest_plausible_at_is_not_before_ordered_at",
        "warn",
    ),
    "orders without lines": (
        f"delete from raw.order_lines where {SOME}",
        "orders/line_count_is_plausible",
        "warn",
    ),
    "payments that do not fit": (
        f"update raw.payments set amount = amount * 2 where {MOST}",
        "orders/paid_ratio_is_plausible",
        "warn",
    ),
    "a price in another unit": (
        f"update raw.order_lines set unit_price = 5000000 where {SOME}",
        "order_lines/unit_price_is_plausible",
        "warn",
    ),
    "a name that turns its neighbours around": (
        (
            "update raw.vendors set name = 'Go' || chr(8238) || 'dlo' where vendor_id = "
            "(select min(vendor_id) from raw.vendors)"
        ),
        "vendors/name_is_plain_text",
        "warn",
    ),
    "addresses that are none": (
        f"update raw.customers set email = 'nobody at home' where {SOME}",
        "customers/email_is_well_formed",
        "warn",
    ),
    "orders of another age": (
        (
            "insert into raw.orders select * replace ('old' as order_id, -1 as _row_id, "
            "timestamp '2019-01-01' as ordered_at, timestamp '2026-07-02' as _recorded_at) "
            "from raw.orders limit 1"
        ),
        "orders/too_old_count",
        "warn",
    ),
}


def test_clean_marketplace_raises_nothing(inspection: Inspection) -> None:
    failures = inspection.failures(feeds=["orders"])

    assert {name: row.finding.english for name, row in failures.items()} == {}
    checked = {row.feed for row in inspection.results()}
    assert checked == set(inspection.marketplace.feeds)


@pytest.mark.parametrize("fault", FAULTS)
def test_breakage_is_found_by_the_check_that_is_meant_for_it(
    inspection: Inspection, fault: str
) -> None:
    statement, check, severity = FAULTS[fault]

    failures = inspection.failures(statement, feeds=[check.partition("/")[0]])

    assert check in failures, sorted(failures)
    assert failures[check].severity == severity
    held_back = failures[check].held_back
    assert held_back is not None
    assert (held_back.code == "all_held_back") == (severity == "error")


def an_event(event_id: str, **columns: str) -> str:
    values = {
        "event_id": f"'{event_id}'",
        "item_number": "0",
        "event_type": "'page_viewed'",
        "visitor_id": "'v1'",
        "occurred_at": "timestamp '2026-06-30 10:00:00'",
        "received_at": "timestamp '2026-06-30 10:00:01'",
        "_is_deleted": "false",
        "_row_id": f"hash('{event_id}') % 1000000",
        "_recorded_at": "timestamp '2026-07-01'",
        "_sequence": "9000",
        **columns,
    }
    return f"insert into raw.events ({', '.join(values)}) values ({', '.join(values.values())})"


EVENT_FAULTS = {
    "reused_event_id_count": {"event_type": "'order_completed'", "item_number": "1"},
    "anonymous_share": {"visitor_id": "null"},
    "bot_share": {"is_bot": "true", "_row_id": "77"},
    "late_share": {"received_at": "timestamp '2026-07-03'"},
    "skew_share": {"received_at": "timestamp '2026-06-30 09:00:00'"},
}


@pytest.mark.parametrize("fact", EVENT_FAULTS)
def test_clickstream_that_cannot_be_is_found(
    inspection: Inspection, checker: Checker, tmp_path: Path, fact: str
) -> None:
    contract = all_contracts()["events"]
    suite = feed_suite(contract.model_dump(), frozenset({"events"}))
    answers = []
    with open_warehouse(inspection.home.warehouse) as connection:
        # Beside a year's events three would be no share at all.
        connection.execute("truncate raw.events")
        for extra in ({}, EVENT_FAULTS[fact]):
            connection.execute(an_event("e1", **extra))
            for number in range(len(extra)):
                connection.execute(an_event(f"e{number + 2}", **extra))
            parts = write_parts(connection, FeedBatch(contract, suite, "UTC", "UTC"), tmp_path)
            checker.submit(SuiteRequest(suite=suite, parts=parts), tmp_path)
            answers += checker.answers()

    failed = [{r.name for r in answer.results if not r.is_passed} for answer in answers]
    assert fact not in failed[0]
    assert fact in failed[1]


def test_refused_visitor_may_be_nameless(inspection: Inspection, tmp_path: Path) -> None:
    contract = all_contracts()["events"]
    suite = feed_suite(contract.model_dump(), frozenset({"events"}))
    with open_warehouse(inspection.home.warehouse) as connection:
        connection.execute(an_event("e1", visitor_id="null", has_analytics_consent="false"))
        parts = write_parts(connection, FeedBatch(contract, suite, "UTC", "UTC"), tmp_path)
        [(share,)] = connection.execute(
            f"select anonymous_share from '{parts['facts']}'"
        ).fetchall()

    assert share == 0


def test_unsubscribing_has_to_be_a_refusal(inspection: Inspection, tmp_path: Path) -> None:
    contract = all_contracts()["consents"]
    suite = feed_suite(contract.model_dump(), frozenset({"consents", "messages"}))
    counts = []
    with open_warehouse(inspection.home.warehouse) as connection:
        connection.execute(
            "insert into raw.messages (message_id, contact_id, channel, unsubscribed_at, "
            "_is_deleted, _row_id) values ('m1', 'c1', 'email', timestamp '2026-06-01', false, 1)"
        )
        for consent in (None, "false"):
            if consent:
                connection.execute(
                    "insert into raw.consents (consent_id, contact_id, purpose, channel, "
                    "is_granted, stated_at, _is_deleted, _row_id) values ('k1', 'c1', "
                    f"'marketing', 'any', {consent}, timestamp '2026-06-01', false, 1)"
                )
            parts = write_parts(connection, FeedBatch(contract, suite, "UTC", "UTC"), tmp_path)
            query = f"select unsuppressed_count from '{parts['facts']}'"
            counts.append(connection.execute(query).fetchall())

    assert counts == [[(1,)], [(0,)]]


def test_a_day_alone_is_not_before_a_time_of_the_same_day(
    inspection: Inspection, tmp_path: Path
) -> None:
    contract = all_contracts()["payments"]
    suite = feed_suite(contract.model_dump(), frozenset({"payments", "orders"}))
    # Berlin's 30 June begins at 22:00 UTC; who pays at 12:00 what was ordered at 12:30 paid before.
    paid = {"same day": "06-29 22:00", "day before": "06-28 22:00", "half an hour": "06-30 12:00"}
    with open_warehouse(inspection.home.warehouse) as connection:
        connection.execute("truncate raw.payments")
        connection.execute(
            "insert into raw.orders (order_id, ordered_at, _is_deleted, _row_id) "
            "values ('timed', timestamp '2026-06-30 12:30:00', false, 1)"
        )
        for number, (name, moment) in enumerate(paid.items()):
            connection.execute(
                "insert into raw.payments (payment_id, order_id, paid_at, _is_deleted, _row_id) "
                f"values ('{name}', 'timed', timestamp '2026-{moment}:00', false, {number})"
            )
        batch = FeedBatch(contract, suite, "UTC", "Europe/Berlin")
        parts = write_parts(connection, batch, tmp_path)
        before = connection.execute(
            f"select paid_at < order_ordered_at from '{parts['rows']}' order by paid_at desc"
        ).fetchall()

    assert before == [(True,), (False,), (True,)]


def test_every_contract_has_a_suite_that_can_be_asked(
    inspection: Inspection, tmp_path: Path
) -> None:
    everything = frozenset(all_contracts())
    with open_warehouse(inspection.home.warehouse) as connection:
        for contract in all_contracts().values():
            suite = feed_suite(contract.model_dump(), everything)
            parts = write_parts(connection, FeedBatch(contract, suite, "UTC", "UTC"), tmp_path)

            assert set(parts) <= {"rows", "facts"}
            assert len(suite.rules) == len({rule.name for rule in suite.rules})


def test_only_what_changed_is_checked_again(inspection: Inspection) -> None:
    first = inspection.asked("delete from raw.checked_feeds")
    second = inspection.asked()
    after_vendors = inspection.asked(
        "update raw.loads set sequence = 100000 where sequence = "
        "(select max(sequence) from raw.loads where feed = 'vendors')"
    )
    in_full = inspection.asked(everything=True)

    assert set(first) == set(inspection.marketplace.feeds) == set(in_full)
    assert second == []
    # Orders, lines and shipments name vendors; customers and payments do not.
    assert {"vendors", "orders", "order_lines", "shipments"} <= set(after_vendors)
    assert not {"customers", "payments"} & set(after_vendors)


def test_failure_stays_until_its_feed_is_repaired(inspection: Inspection) -> None:
    inspection.failures("update raw.orders set currency_code = 'EUX'", feeds=["orders"])

    inspection.asked()

    [kept] = [row for row in inspection.results() if row.holds_back]
    assert kept.check_name == "expectations/currency_code_is_in_the_list"


def test_sample_of_a_large_feed_is_bounded_and_always_the_same(inspection: Inspection) -> None:
    contract = all_contracts()["order_lines"]
    suite = feed_suite(contract.model_dump(), frozenset({"order_lines"}))
    batch = FeedBatch(contract, suite, "UTC", "UTC", most_rows=200)
    with open_warehouse(inspection.home.warehouse) as connection:
        newest = connection.execute(
            "select order_line_id from raw.order_lines_current order by _row_id desc limit 100"
        ).fetchall()
        samples = [
            connection.execute(
                f"select order_line_id from ({rows_sql(connection, batch)}) order by 1"
            ).fetchall()
            for _ in range(2)
        ]

    assert samples[0] == samples[1]
    assert 100 < len(samples[0]) <= 260
    assert set(newest) <= set(samples[0])


def test_no_personal_value_is_written_down(inspection: Inspection) -> None:
    planted = "zelda.planted@private.example"
    statements = [
        f"update raw.customers set email = '{planted} oops', name = '{planted}' where {SOME}",
        f"update raw.orders set status = '{planted}' where {SOME}",
        f"update raw.vendors set name = '{planted}' || chr(8238), email = '{planted} oops'",
    ]

    failures = inspection.failures(*statements, feeds=["customers", "orders", "vendors"])

    assert {"customers/email_is_well_formed", "orders/status_is_in_the_list"} <= set(failures)
    assert not [text for text in inspection.texts() if "planted" in text]
    orders = (inspection.home.data_docs / "orders.html").read_text()
    assert "unexpected values found" in orders  # how many, and of how many


def test_pages_run_and_load_nothing(inspection: Inspection) -> None:
    inspection.asked("delete from raw.checked_feeds")

    pages = {page.name: page.read_text() for page in inspection.home.data_docs.iterdir()}

    assert {"index.html", "orders.html", "vendors.html"} <= set(pages)
    for page in pages.values():
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page
        assert "default-src 'none'" in page
    assert "must be unique" in pages["orders.html"]


def test_checker_that_dies_costs_one_suite_and_says_so(
    inspection: Inspection, tmp_path: Path
) -> None:
    contract = all_contracts()["vendors"]
    suite = feed_suite(contract.model_dump(), frozenset({"vendors"}))
    with open_warehouse(inspection.home.warehouse) as connection:
        parts = write_parts(connection, FeedBatch(contract, suite, "UTC", "UTC"), tmp_path)
    with Checker(ending=how_it_ended) as checker:
        checker.submit(SuiteRequest(suite=suite, parts=parts), tmp_path)
        assert checker.process_id is not None
        os.kill(checker.process_id, signal.SIGKILL)
        # Gone before the next is asked for: whose answer must not be taken for the first one's.
        os.waitid(os.P_PID, checker.process_id, os.WEXITED | os.WNOWAIT)
        checker.submit(SuiteRequest(suite=suite, parts=parts), tmp_path)
        first, second = checker.answers()

    [result] = first.results
    assert not result.is_passed
    assert result.severity == "warn"
    assert "the checker was killed by signal 9 (SIGKILL)" in result.finding.english
    assert "KONTOR_MEMORY_LIMIT" in result.finding.english
    assert all(found.is_passed for found in second.results)
    assert len(second.results) == len(suite.rules)


def test_checker_that_takes_too_long_is_not_waited_for(tmp_path: Path) -> None:
    suite = feed_suite(all_contracts()["vendors"].model_dump(), frozenset())
    with Checker(wall_seconds=0.01) as checker:
        checker.submit(SuiteRequest(suite=suite, parts={}), tmp_path)
        [answer] = checker.answers()

    assert "it took longer than 0.01 seconds" in answer.results[0].finding.english


def test_part_that_cannot_be_read_is_said_without_its_text(
    checker: Checker, tmp_path: Path
) -> None:
    suite = feed_suite(all_contracts()["vendors"].model_dump(), frozenset())
    missing = str(tmp_path / "secret.parquet")

    checker.submit(SuiteRequest(suite=suite, parts={"rows": missing}), tmp_path)
    [answer] = checker.answers()

    assert "FileNotFoundError" in answer.results[0].finding.english
    assert "secret" not in answer.results[0].finding.english
