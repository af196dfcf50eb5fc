"""Which days a change makes stale: before and after it, and through all that is joined."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.loading.business_days import Zones
from pipelines.loading.model_builds import Begun, Build, begin_build, finish_build
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk

pytestmark = pytest.mark.warehouse

ZONES = Zones("UTC", "Europe/Berlin")
LAST = date(2026, 6, 30)
ORDERS = (
    "order_id,customer_record_id,status,currency_code,ordered_at,cancelled_at,updated_at,"
    "is_deleted\n"
)
LINES = "order_line_id,order_id,vendor_id,product_id,quantity,unit_price,promised_at,updated_at\n"
PRODUCTS = "product_id,name,category_id,is_active,updated_at\n"
CATEGORIES = "category_id,name,updated_at\n"
INVOICES = "invoice_id,order_id,document_kind,status,currency_code,net_amount,issued_at\n"
CUSTOMERS = "customer_record_id,customer_id,updated_at\n"
FEEDS = {
    name: [{"files": f"{name}*.csv"}]
    for name in (
        "products",
        "categories",
        "invoices",
        "customers",
        "returns",
        "exchange_rates",
    )
}


def an_order(order: str, moment: str, version: int = 1, *, deleted: str = "") -> str:
    return f"{order},R1,approved,EUR,{moment},,2026-01-{version:02} 00:00:00,{deleted}\n"


def a_line(line: str, order: str, product: str = "P1", version: int = 1, promised: str = "") -> str:
    return f"{line},{order},V1,{product},1,5,{promised},2026-01-{version:02} 00:00:00\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> Path:
    folder = tmp_path_factory.mktemp("built")
    desk = a_desk(folder, parser, FEEDS)
    days = [an_order(f"O{day}", f"2026-06-{day:02} 10:00:00") for day in (1, 2, 3)]
    bring(desk, orders=ORDERS + "".join(days))
    bring(desk, order_lines=LINES + "".join(a_line(f"L{day}", f"O{day}") for day in (1, 2)))
    bring(desk, order_lines=LINES + a_line("L3", "O3", "P2"))
    bring(desk, products=PRODUCTS + "P1,Hammer,C1,true,2026-01-01\nP2,Saw,C2,true,2026-01-01\n")
    bring(desk, categories=CATEGORIES + "C1,Tools,2026-01-01\n")
    assert begun(desk).is_full
    finish(desk)
    return folder


@pytest.fixture
def desk(tmp_path: Path, parser: Parser, built: Path) -> Desk:
    shutil.copytree(built, tmp_path / "desk")
    return a_desk(tmp_path / "desk", parser, FEEDS)


def bring(desk: Desk, **contents: str) -> None:
    for feed, content in contents.items():
        count = len(list(desk.inbox.glob(f"{feed}*")))
        desk.put(f"{feed}{count}.csv", content)
        desk.ingest(feed)


def begun(desk: Desk, as_of: date = LAST, settings: str = "code", wait: int = 0) -> Begun:
    with desk.loader() as loader:
        build = Build(as_of, settings, ZONES, {"payments": wait}, 2)
        return begin_build(loader.connection, build)


def finish(desk: Desk) -> None:
    with desk.loader() as loader:
        finish_build(loader.connection)


def stale(desk: Desk) -> list[str]:
    rows = desk.query("select cast(stale_date as varchar) from raw.stale_days order by 1")
    # the last day is always one
    return [row[0].removeprefix("2026-") for row in rows if row[0] != str(LAST)]


def test_an_order_that_moves_makes_the_day_before_and_the_day_after_stale(desk: Desk) -> None:
    # 23:30 in London is the next day in Berlin
    bring(desk, orders=ORDERS + an_order("O1", "2026-06-10 22:30:00", 2))

    begun(desk)

    assert stale(desk) == ["06-01", "06-11"]


def test_a_deleted_order_makes_its_day_stale(desk: Desk) -> None:
    bring(desk, orders=ORDERS + an_order("O2", "", 2, deleted="true"))

    begun(desk)

    assert stale(desk) == ["06-02"]


def test_a_line_of_the_same_number_in_another_order_concerns_that_order_alone(desk: Desk) -> None:
    bring(desk, order_lines=LINES + a_line("L1", "O3", version=2))

    begun(desk)

    assert stale(desk) == ["06-03"]


def test_a_renamed_category_makes_the_days_of_its_products_stale(desk: Desk) -> None:
    bring(desk, categories=CATEGORIES + "C2,Saws,2026-01-01\n")

    begun(desk)

    assert stale(desk) == ["06-03"]


def test_a_product_that_moves_to_another_category_makes_the_days_of_its_orders_stale(
    desk: Desk,
) -> None:
    bring(desk, products=PRODUCTS + "P1,Hammer,C2,true,2026-01-02\n")

    begun(desk)

    assert stale(desk) == ["06-01", "06-02"]


def test_a_product_that_is_of_another_vendor_makes_the_days_of_its_orders_stale(
    desk: Desk,
) -> None:
    moved = "product_id,name,category_id,vendor_id,updated_at\nP2,Saw,C2,V2,2026-01-02\n"
    bring(desk, products=moved)

    begun(desk)

    assert stale(desk) == ["06-03"]


def test_a_return_that_names_no_line_makes_the_days_stale_of_all_orders_of_its_customer(
    desk: Desk,
) -> None:
    bring(desk, customers=CUSTOMERS + "R1,K1,2026-01-01\n")
    other = an_order("O4", "2026-06-04 10:00:00").replace("R1", "R4")
    bring(desk, orders=ORDERS + other)
    begun(desk)
    finish(desk)

    head = "return_id,customer_id,product_id,quantity,requested_at\n"
    bring(desk, returns=head + "T1,K1,P1,1,2026-06-20 10:00:00\n")
    begun(desk)
    assert stale(desk) == ["06-01", "06-02", "06-03"]
    finish(desk)

    # Where another order of that customer comes, the return may be of its lines.
    bring(desk, orders=ORDERS + an_order("O5", "2026-06-05 10:00:00"))
    begun(desk)
    assert stale(desk) == ["06-01", "06-02", "06-03", "06-05"]
    finish(desk)

    bring(desk, orders=ORDERS + an_order("O6", "2026-06-06 10:00:00").replace("R1", "R4"))
    begun(desk)
    assert stale(desk) == ["06-06"]


def test_a_return_of_a_line_concerns_the_day_of_its_order_alone(desk: Desk) -> None:
    head = "return_id,order_id,order_line_id,quantity,requested_at\n"
    bring(desk, returns=head + "T1,O2,L1,1,2026-06-20 10:00:00\n")

    begun(desk)

    assert stale(desk) == ["06-02"]


def test_a_column_that_no_model_by_day_reads_makes_no_day_stale(desk: Desk) -> None:
    bring(desk, products=PRODUCTS + "P1,Hammer,C1,false,2026-01-02\n")

    begun(desk)

    assert stale(desk) == []


def test_a_merged_customer_makes_the_days_of_its_orders_stale(desk: Desk) -> None:
    bring(desk, customers=CUSTOMERS + "R1,K1,2026-01-02\n")

    begun(desk)

    assert stale(desk) == ["06-01", "06-02", "06-03"]


def test_an_order_that_comes_after_its_invoice_takes_it_from_the_day_on_which_it_stood(
    desk: Desk,
) -> None:
    bring(desk, invoices=INVOICES + "I1,O9,invoice,open,EUR,5,2026-06-20 10:00:00\n")
    begun(desk)
    assert stale(desk) == ["06-20"]
    finish(desk)
    bring(desk, orders=ORDERS + an_order("O9", "2026-06-15 10:00:00"))

    begun(desk)

    assert stale(desk) == ["06-15", "06-20"]


def test_an_invoice_that_is_paid_makes_no_day_stale_and_one_that_is_cancelled_its_orders(
    desk: Desk,
) -> None:
    bring(desk, invoices=INVOICES + "I1,O2,invoice,open,EUR,5,2026-06-20 10:00:00\n")
    begun(desk)
    finish(desk)

    bring(desk, invoices=INVOICES + "I1,O2,invoice,paid,EUR,5,2026-06-20 10:00:00\n")
    begun(desk)
    assert stale(desk) == []

    bring(desk, invoices=INVOICES + "I1,O2,invoice,cancelled,EUR,5,2026-06-20 10:00:00\n")
    begun(desk)
    assert stale(desk) == ["06-02"]


def test_no_day_is_listed_once_a_build_is_whole_so_that_views_show_every_day(desk: Desk) -> None:
    begun(desk)
    assert desk.query("select count(*) from raw.stale_days") == [(1,)]

    finish(desk)

    assert desk.query("select count(*) from raw.stale_days") == [(0,)]


def test_a_moment_makes_an_order_stale_as_old_only_as_what_waits_from_it(desk: Desk) -> None:
    # payments are waited for from the order on, not from its cancellation
    cancelled = an_order("O1", "2026-06-01 10:00:00", 2).replace(
        ",,2026", ",2026-06-03 10:00:00,2026"
    )
    bring(desk, orders=ORDERS + cancelled)
    begun(desk)
    finish(desk)

    begun(desk, LAST + timedelta(days=1), wait=28)

    assert stale(desk) == ["06-03", "07-01"]


def test_a_credit_note_without_an_order_may_take_back_an_invoice_without_one(desk: Desk) -> None:
    rows = "I1,,invoice,cancelled,EUR,5,2026-06-20 10:00:00\n"
    rows += "I2,,invoice,open,EUR,5,2026-06-21 10:00:00\n"
    bring(desk, invoices=INVOICES + rows)
    begun(desk)
    finish(desk)
    bring(desk, invoices=INVOICES + "I3,,credit_note,open,EUR,5,2026-06-25 10:00:00\n")

    begun(desk)

    assert stale(desk) == ["06-20", "06-25"]


def test_what_was_promised_for_a_day_that_counts_now_makes_its_order_stale(desk: Desk) -> None:
    bring(desk, order_lines=LINES + a_line("L2", "O2", "P1", 2, f"{LAST + timedelta(1)} 10:00:00"))
    begun(desk)
    finish(desk)

    begun(desk, LAST + timedelta(days=1))

    assert stale(desk) == ["06-02", "07-01"]


def test_a_day_that_no_longer_counts_makes_the_same_days_stale(desk: Desk) -> None:
    begun(desk, date(2026, 6, 1))

    assert stale(desk) == ["06-01", "06-02", "06-03"]


def test_a_moment_as_old_as_an_allowance_makes_its_order_stale(desk: Desk) -> None:
    begun(desk, LAST + timedelta(days=1), wait=29)

    assert stale(desk) == ["06-02", "07-01"]


def test_a_build_that_did_not_get_whole_loses_no_day(desk: Desk) -> None:
    bring(desk, orders=ORDERS + an_order("O1", "2026-06-11 10:00:00", 2))
    begun(desk)
    bring(desk, orders=ORDERS + an_order("O2", "2026-06-12 10:00:00", 2))

    begun(desk)

    assert stale(desk) == ["06-01", "06-02", "06-11", "06-12"]
    finish(desk)
    begun(desk)
    assert stale(desk) == []


def test_the_last_day_of_a_build_that_did_not_get_whole_counts_too(desk: Desk) -> None:
    begun(desk, date(2026, 6, 1))

    begun(desk)

    assert stale(desk) == ["06-01", "06-02", "06-03"]


@pytest.mark.parametrize("was_finished", [True, False])
def test_other_code_or_another_mapping_makes_every_day_stale(
    desk: Desk, was_finished: bool
) -> None:
    assert not begun(desk).is_full
    assert begun(desk, settings="other").is_full
    if was_finished:
        finish(desk)
    # what the other code left in some models would be mixed with ours
    assert begun(desk, settings="code").is_full


def test_a_restated_rate_makes_the_days_stale_on_which_it_may_be_used(desk: Desk) -> None:
    header = "base_currency_code,currency_code,rate,rate_date,updated_at\n"
    bring(desk, exchange_rates=header + "USD,EUR,0.9,2026-05-04,2026-05-05 00:00:00\n")

    begun(desk)

    # two days, as `begun` says, and the day of the rate itself
    assert stale(desk) == ["05-04", "05-05", "05-06"]


VENDORS = "vendor_id,country_code,cut_off_time,updated_at\n"
CALENDAR = "calendar_date,country_code,occasion,kind\n"
SHIPMENTS = "shipment_id,order_id,shipped_at\n"


def a_desk_that_states_no_time_to_hand_over(desk: Desk) -> None:
    """Of order O3 another vendor's line; a parcel of another order says that there are parcels."""
    line = a_line("L3", "O3", "P2", 2).replace("V1", "V2")
    bring(desk, order_lines=LINES + line, shipments=SHIPMENTS + "S1,O9,2026-01-01 10:00:00\n")
    bring(desk, vendors=VENDORS + "V1,DE,14:00,2026-01-01\nV2,DE,14:00,2026-01-01\n")
    begun(desk)
    finish(desk)


@pytest.fixture
def undated(tmp_path: Path, parser: Parser, built: Path) -> Desk:
    shutil.copytree(built, tmp_path / "desk")
    more = {name: [{"files": f"{name}*.csv"}] for name in ("shipments", "calendar")}
    desk = a_desk(tmp_path / "desk", parser, FEEDS | more)
    a_desk_that_states_no_time_to_hand_over(desk)
    return desk


def test_a_new_cut_off_time_makes_days_stale_whose_time_to_hand_over_is_ours(undated: Desk) -> None:
    bring(undated, vendors=VENDORS + "V1,DE,15:00,2026-02-01\nV2,DE,14:00,2026-02-01\n")

    begun(undated)

    assert stale(undated) == ["06-01", "06-02"]


def test_a_holiday_makes_the_days_of_its_year_stale(undated: Desk) -> None:
    bring(undated, calendar=CALENDAR + "2025-06-04,DE,long gone,public_holiday\n")
    begun(undated)
    assert stale(undated) == []

    bring(undated, calendar=CALENDAR + "2026-06-04,DE,Corpus Christi,public_holiday\n")
    begun(undated)

    assert stale(undated) == ["06-01", "06-02", "06-03"]


def test_a_day_that_passes_may_end_a_time_that_is_ours(undated: Desk) -> None:
    begun(undated, LAST + timedelta(days=1))

    assert stale(undated) == ["06-01", "06-02", "06-03", "07-01"]
