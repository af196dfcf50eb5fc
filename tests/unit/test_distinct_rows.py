"""Distinct rows under one key: kept apart, or named and held back, never one for another."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.loading.checks import account_of
from pipelines.loading.feed_lines import FeedLine, feed_lines
from pipelines.loading.quarantine_desk import summed
from pipelines.loading.rebuild import rebuild_from_landing
from sources.errors import ConfigurationError
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_desk, a_marketplace
from tests.unit.parsing_desk import detail_of

pytestmark = pytest.mark.warehouse

LINES = "order_line_id,order_id,vendor_id,quantity,unit_price\n"
NUMBERED_PER_ORDER = LINES + "".join(
    f"{line},N{order},V1,1,7.00\n" for order in range(1, 6) for line in (1, 2)
)


@pytest.fixture
def desk(tmp_path: Path, parser: Parser) -> Desk:
    return a_desk(tmp_path, parser)


def mapped(desk: Desk, feed: str, **settings: Any) -> Desk:
    desk.marketplace = a_marketplace(desk.inbox, **{feed: [{"files": f"{feed}*.csv", **settings}]})
    return desk


def reasons(desk: Desk, feed: str) -> tuple[str, ...]:
    with desk.loader() as loader:
        return tuple(each.english for each in account_of(loader.connection, feed).reasons)


def line_of(desk: Desk, feed: str) -> FeedLine:
    with desk.loader() as loader:
        lines = feed_lines(loader.connection, desk.marketplace, desk.recorded_at)
    [line] = [line for line in lines if line.feed == feed]
    return line


def test_lines_numbered_within_their_order_all_stand(desk: Desk) -> None:
    desk.put("order_lines.csv", NUMBERED_PER_ORDER)

    [outcome] = desk.ingest("order_lines").outcomes

    assert (outcome.received, outcome.applied, outcome.replaced) == (10, 10, 0)
    assert desk.query("select sum(unit_price) from raw.order_lines_current")[0][0] == 70
    assert reasons(desk, "order_lines") == ()


def test_home_whose_lines_collapsed_gets_them_back_without_a_rebuild(desk: Desk) -> None:
    desk.put("order_lines.csv", NUMBERED_PER_ORDER)
    desk.ingest("order_lines")
    # As the same file looked when the number alone was the key: the last of each number stood.
    desk.query(
        "insert into raw.order_lines_superseded select _row_id, 1 from raw.order_lines qualify "
        "row_number() over (partition by order_line_id order by _line desc) > 1"
    )
    desk.query("update raw.order_lines set _key_hash = hash(order_line_id)")
    desk.query("update raw.loads set rules_version = 'before'")
    desk.query("drop table raw.hashed_keys")
    assert len(desk.current("order_lines", "order_id")) == 2

    desk.ingest("order_lines")

    assert len(desk.current("order_lines", "order_id")) == 10
    desk.put("order_lines-2.csv", LINES + "2,N1,V1,1,9.00\n")
    desk.ingest("order_lines")
    assert desk.query("select sum(unit_price) from raw.order_lines_current")[0][0] == 72


def test_one_key_with_different_content_holds_back_and_names_the_remedy(desk: Desk) -> None:
    desk.put("order_lines.csv", LINES + "A,I1,V1,1,7.00\nB,I1,V1,1,1.00\nA,I1,V1,2,7.00\n")

    [outcome] = desk.ingest("order_lines").outcomes

    assert (outcome.received, outcome.applied, outcome.replaced) == (3, 3, 1)
    [reason] = reasons(desk, "order_lines")
    assert reason.startswith(
        "order_lines.csv: 1 key stands for 2 rows that differ, and only the last of each would "
        "count: the same order_id, order_line_id in lines 2, 4, with different quantity."
    )
    assert "order_line_id: {template: '{order_line_id}-{occurrence}'}" in reason


@pytest.mark.parametrize(
    ("feed", "header", "row"),
    [
        ("payments", "payment_id,order_id,amount,currency_code,updated_at", "1,{},5.00,EUR,{}"),
        ("shipments", "shipment_id,order_id,updated_at", "1,{},{}"),
        ("vendor_contracts", "contract_id,vendor_id,valid_from,updated_at", "1,{},2026-05-01,{}"),
    ],
)  # fmt: skip
def test_one_key_with_two_parents_holds_back_whatever_the_versions_say(
    tmp_path: Path, parser: Parser, feed: str, header: str, row: str
) -> None:
    desk = a_desk(tmp_path, parser, {feed: [{"files": f"{feed}.csv"}]})
    rows = [row.format(parent, f"2026-06-0{day} 10:00:00") for day, parent in enumerate("AB", 1)]
    desk.put(f"{feed}.csv", "\n".join([header, *rows]) + "\n")

    [outcome] = desk.ingest(feed).outcomes

    assert (outcome.quarantined, outcome.replaced) == (0, 1)
    [reason] = reasons(desk, feed)
    assert "1 key stands for 2 rows" in reason


def test_what_a_version_or_a_deletion_tells_apart_holds_nothing_back(desk: Desk) -> None:
    header = "vendor_id,name,updated_at,is_deleted\n"
    desk.put(
        "vendors.csv",
        header
        + "v1,a,2026-06-01 10:00:00,\nv1,b,2026-06-02 10:00:00,\n"
        + "v2,a,,\nv2,,,true\n"
        + "v3,c,,\nv3,c,,\n",
    )

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.applied, outcome.duplicate, outcome.replaced) == (5, 1, 2)
    assert reasons(desk, "vendors") == ()
    assert desk.current("vendors", "vendor_id", "name") == [("v1", "b"), ("v3", "c")]


def test_corrected_mapping_publishes_without_a_rebuild(desk: Desk) -> None:
    desk.put("order_lines.csv", LINES + "A,I1,V1,1,7.00\nA,I1,V1,2,7.00\n")
    desk.ingest("order_lines")
    assert reasons(desk, "order_lines")
    columns = {name: name for name in LINES.strip().split(",")}
    columns |= {"order_line_id": {"template": "{order_line_id}-{occurrence}"}}

    mapped(desk, "order_lines", columns=columns)
    desk.ingest("order_lines")

    assert reasons(desk, "order_lines") == ()


def test_file_that_was_mostly_refused_is_judged_by_its_latest_load(desk: Desk) -> None:
    rows = "".join(f"v{number},sleeping\n" for number in range(30))
    desk.put("vendors.csv", "vendor_id,status\n" + rows)
    desk.ingest("vendors")
    assert reasons(desk, "vendors") == ("vendors.csv: 30 of 30 rows are quarantined",)

    status = {"column": "status", "map": {"sleeping": "suspended"}}
    mapped(desk, "vendors", columns={"vendor_id": "vendor_id", "status": status})
    desk.ingest("vendors")

    assert reasons(desk, "vendors") == ()
    assert summed(desk.home) == []


@pytest.mark.parametrize(
    ("name", "content", "template", "keys"),
    [
        ("csv", "a,b\nx,1\ny,2\nx,3\n", "{a}-{occurrence}", ["x-1", "x-2", "y-1"]),
        ("csv", "a,b\nx,1\ny,2\nx,3\n", "{a}-{line}", ["x-2", "x-4", "y-3"]),
        ("csv", 'a,b\nx,1\n"open\nx,3\n', "{a}-{line}", ["x-2", "x-4"]),
        ("csv", "a,b\nx,1\nx,3\n", "{file}/{line}", ["vendors.csv/2", "vendors.csv/3"]),
        # A column of the source that has the name comes first.
        ("csv", "a,line\nx,L7\nx,L8\n", "{a}-{line}", ["x-L7", "x-L8"]),
        ("jsonl", '{"a":"x"}\n{"a":"x"}\n', "{a}-{line}-{occurrence}", ["x-1-1", "x-2-1"]),
        ("jsonl", '{"a":"x"}\n{"a":"x"}\n', "{a}-{occurrence}", ["x-1", "x-2"]),
        ("jsonl", '{"a":"x","line":9}\n{"a":"y"}\n', "{a}-{line}", ["x-9"]),
    ],
)  # fmt: skip
def test_templates_tell_rows_apart_by_their_place(
    tmp_path: Path, parser: Parser, name: str, content: str, template: str, keys: list[str]
) -> None:
    columns = {"vendor_id": {"template": template}}
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "vendors.*", "columns": columns}]})
    desk.put(f"vendors.{name}", content)

    desk.ingest("vendors")

    assert [row[0] for row in desk.current("vendors", "vendor_id")] == keys


def test_templates_tell_rows_of_parquet_apart(tmp_path: Path, parser: Parser) -> None:
    columns = {"vendor_id": {"template": "{a}-{occurrence}"}, "name": "b"}
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "*.parquet", "columns": columns}]})
    path = desk.inbox / "vendors.parquet"
    duckdb.sql(
        f"copy (from (values ('x', 'p'), ('y', 'q'), ('x', 'r')) as t(a, b)) to '{path}' "
        "(format parquet)"
    )

    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id", "name") == [
        ("x-1", "p"),
        ("x-2", "r"),
        ("y-1", "q"),
    ]


def test_occurrences_are_counted_within_the_rest_of_the_key(desk: Desk) -> None:
    columns = {name: name for name in LINES.strip().split(",")}
    columns["order_line_id"] = {"template": "{order_line_id}-{occurrence}"}  # type: ignore[assignment]
    mapped(desk, "order_lines", columns=columns)
    desk.put("order_lines.csv", LINES + "A,I1,V1,1,7.00\nA,I2,V1,1,7.00\nA,I1,V1,1,7.00\n")

    desk.ingest("order_lines")

    assert desk.current("order_lines", "order_id", "order_line_id") == [
        ("I1", "A-1"),
        ("I1", "A-2"),
        ("I2", "A-1"),
    ]


def test_two_equal_files_are_two_deliveries_where_rows_say_which_file(desk: Desk) -> None:
    mapped(desk, "vendors", columns={"vendor_id": {"template": "{file}-{id}"}})
    desk.put("vendors-1.csv", "id\n7\n")
    desk.put("vendors-2.csv", "id\n7\n")
    desk.ingest("vendors")

    assert desk.current("vendors", "vendor_id") == [("vendors-1.csv-7",), ("vendors-2.csv-7",)]
    assert desk.ingest("vendors").outcomes == ()
    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)
    assert len(desk.current("vendors", "vendor_id")) == 2


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [
        ("1.23457E+11", True), ("1E+11", True), ("1,5e+07", True), ("1.5E7", True),
        ("-2.50E+03", True), ("12E5", False), ("1E5", False), ("A1.5E+7", False),
        ("2.5", False), ("3e-4", False), ("00501", False), ("a+b.E+1", False),
    ],
)  # fmt: skip
def test_scientific_notation_in_a_key_or_reference_is_refused(
    desk: Desk, value: str, *, is_refused: bool
) -> None:
    quoted = f'"{value}"'
    desk.put(
        "order_lines.csv",
        LINES + f"{quoted},O1,V1,1,7.00\nL2,{quoted},V1,1,7.00\nL3,O1,{quoted},1,7.00\n",
    )

    [outcome] = desk.ingest("order_lines").outcomes

    assert outcome.quarantined == (3 if is_refused else 0)
    assert {row[1] for row in summed(desk.home)} == (
        {"scientific_notation"} if is_refused else set()
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # As numbers they would be 123457000000.0 and 100000.0: nothing would tell what they were.
        ("1.23457E+11", None), ("1.23457e11", None), ("1E+5", None), ("1E5", None),
        ("2.5e-3", None), ("-1.0E22", None),
        # Ids that became fractions because some are missing are whole again, as in Parquet.
        ("12345.0", "12345"), ("7.00", "7"), ("12345", "12345"), ("1.5", "1.5"),
        ('"12345.0"', "12345.0"), ('"1E5"', "1E5"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("broken", ["", '{"seller"\n'])
def test_numbers_as_ids_in_json_are_read_as_they_are_written(
    tmp_path: Path, parser: Parser, written: str, expected: str | None, broken: str
) -> None:
    columns = {"vendor_id": "seller.id", "name": "n"}
    desk = a_desk(tmp_path, parser, {"vendors": [{"files": "v.jsonl", "columns": columns}]})
    others = '{"seller": {"id": 1}, "n": "\\"id\\": 1.5 E2.0"}\n' + broken
    desk.put("v.jsonl", others + f'{{"seller": {{"x": 2.0, "id" : {written} }}, "n": 3.0}}\n')

    desk.ingest("vendors")

    known = [("1", '"id": 1.5 E2.0')]
    assert desk.current("vendors", "vendor_id", "name") == sorted(
        known + ([(expected, "3.0")] if expected else [])
    )
    reasons_told = {row[1] for row in summed(desk.home)}
    assert ("scientific_notation" in reasons_told) == (expected is None)


def test_scientific_notation_in_a_part_of_a_key_is_refused_too(desk: Desk) -> None:
    mapped(desk, "vendors", columns={"vendor_id": {"template": "{id}-{part}"}})
    desk.put("vendors.csv", "id,part\n1.23457E+11,1\n123457000001,1\n")

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.applied, outcome.quarantined) == (1, 1)


def test_emptier_rows_of_a_key_neither_overrule_nor_lack_anything(desk: Desk) -> None:
    header = "order_id,customer_id,status,currency_code,shipping_amount,ordered_at\n"
    moment = "2026-05-01 10:00:00"
    desk.put(
        "orders.csv",
        header
        + f"o1,c1,shipped,EUR,4.95,{moment}\no1,c1,,EUR,,{moment}\no1,c1,shipped,EUR,,{moment}\n"
        # Another customer is another order; a fuller row that is broken itself excuses nobody.
        + f"o2,c2,shipped,EUR,4.95,{moment}\no2,c3,,EUR,,{moment}\n"
        + f"o3,c4,lost,EUR,4.95,{moment}\no3,c4,,EUR,,{moment}\n",
    )

    [outcome] = desk.ingest("orders").outcomes

    assert (outcome.received, outcome.applied, outcome.duplicate, outcome.quarantined) == (
        7,
        2,
        2,
        3,
    )
    assert [row[:2] for row in desk.current("orders", "order_id", "status", "shipping_amount")] == [
        ("o1", "shipped"),
        ("o2", "shipped"),
    ]
    assert reasons(desk, "orders") == ()


def test_rows_that_a_rule_drops_are_counted_and_nothing_else(desk: Desk) -> None:
    rule = {"kind": ["shipping", "tax"], "vendor_id": ""}
    mapped(desk, "vendors", drop_when=rule, columns={"vendor_id": "vendor_id", "name": "name"})
    desk.put("vendors.csv", "vendor_id,name,kind\nv1,a,item\nv2,b,shipping\n,c,item\nv3,d, tax \n")

    [outcome] = desk.ingest("vendors").outcomes

    assert (outcome.received, outcome.applied, outcome.dropped, outcome.quarantined) == (4, 1, 3, 0)
    line = line_of(desk, "vendors")
    assert (line.files, line.new_loads, line.received) == (1, 1, 4)
    assert line.loaded + line.replaced + line.duplicate + line.dropped + line.quarantined == 4


def test_rule_over_a_column_that_is_not_there_names_it(desk: Desk) -> None:
    mapped(desk, "vendors", drop_when={"knd": "tax"}, columns={"vendor_id": "vendor_id"})
    desk.put("vendors.csv", "vendor_id,kind\nv1,item\n")

    [outcome] = desk.ingest("vendors").outcomes

    assert "column 'knd' is missing (renamed to 'kind'?)" in detail_of(outcome)


def two_products_a_line(desk: Desk) -> None:
    def product(number: int) -> dict[str, Any]:
        columns: dict[str, Any] = {
            "order_line_id": {"constant": str(number)},
            "order_id": "order",
            "vendor_id": {"constant": "v"},
            "product_id": f"sku {number}",
            "quantity": f"pieces {number}",
            "unit_price": f"price {number}",
        }
        return {"files": "order_lines*.csv", "columns": columns}

    desk.marketplace = a_marketplace(desk.inbox, order_lines=[product(1), product(2)])


def test_line_without_a_second_product_has_no_second_row(desk: Desk) -> None:
    two_products_a_line(desk)
    header = "order,sku 1,pieces 1,price 1,sku 2,pieces 2,price 2\n"
    desk.put(
        "order_lines.csv", header + "o1,A,2,1.50,B,1,7.00\no2,A,1,1.50,,,\no3,A,1,1.50,B,,2.00\n"
    )

    outcomes = desk.ingest("order_lines").outcomes

    assert [(one.applied, one.dropped, one.quarantined) for one in outcomes] == [
        (3, 0, 0),
        (1, 1, 1),
    ]
    before = desk.current("order_lines", "order_id", "order_line_id", "product_id")
    assert before == [("o1", "1", "A"), ("o1", "2", "B"), ("o2", "1", "A"), ("o3", "1", "A")]
    assert len(summed(desk.home)) == 1
    assert desk.ingest("order_lines").outcomes == ()
    rebuild_from_landing(desk.home, desk.marketplace, desk.parser, desk.recorded_at)
    assert desk.current("order_lines", "order_id", "order_line_id", "product_id") == before


def test_one_entry_of_a_file_says_nothing_of_what_the_other_refused(desk: Desk) -> None:
    two_products_a_line(desk)
    header = "order,sku 1,pieces 1,price 1,sku 2,pieces 2\n"
    desk.put("order_lines.csv", header + "o1,A,2,1.50,B,1\n")
    desk.ingest("order_lines")

    [reason] = reasons(desk, "order_lines")

    assert "column 'price 2' is missing" in reason


def test_needed_feed_whose_glob_matches_nothing_is_named(desk: Desk) -> None:
    desk.put("vendors.csv", "vendor_id\nv1\n")
    desk.ingest("vendors")
    (desk.inbox / "vendors.csv").unlink()

    assert line_of(desk, "vendors").notes == (f"no file matches vendors*.csv in {desk.inbox}",)


def test_a_template_with_occurrences_takes_no_map(tmp_path: Path) -> None:
    mapping = tmp_path / "mine.yml"
    mapping.write_text(
        "name: mine\ntitle: Mine\nfeeds:\n  vendors:\n  - files: v.csv\n    columns:\n"
        "      vendor_id: {template: '{a}-{occurrence}', map: {b: c}}\n"
    )

    with pytest.raises(ConfigurationError, match="cannot have map or pattern"):
        load_marketplace(mapping, {})
