"""Expressions, conditions, groups, maps and formats of times, on rows as exports have them."""

import hashlib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from sources.column_source import ColumnSource
from sources.file_feeds import FileFeed, told_apart
from sources.parsing.client import Parser
from sources.parsing.request import how_written
from tests.unit.parsing_desk import a_request, faults_of, parse_bytes, rows_of

LINES = {
    "order_line_id": "position",
    "order_id": "number",
    "vendor_id": "seller",
    "product_id": "sku",
    "quantity": "pieces",
    "unit_price": "price",
}


def lines(parser: Parser, folder: Path, text: str, columns: dict[str, Any], **spec: Any) -> Any:
    header = "number;position;seller;sku;pieces;price;total;kind\n"
    content = (header + text).encode()
    mapping = {"feed": "order_lines", "name": "lines.csv", "delimiter": ";"}
    return parse_bytes(parser, folder, content, columns={**LINES, **columns}, **mapping, **spec)


def test_a_price_is_computed_from_numbers_in_the_files_own_writing(
    parser: Parser, tmp_path: Path
) -> None:
    result = lines(
        parser,
        tmp_path,
        "o1;1;v;p;4;;1.010,40;\no1;2;v;p;3;;10,00;\no1;3;v;p;0;;10,00;\no1;4;v;p;x;;1,00;\n",
        {"unit_price": {"expression": "total / {pieces}"}, "quantity": {"constant": 1}},
        decimal_separator=",",
    )

    # A third of ten is no price; nor is what nobody can compute.
    assert rows_of(result, "unit_price") == [(Decimal("252.60"),)]
    assert faults_of(result) == [
        (3, "too_precise", "unit_price"),
        (4, "invalid_decimal", "unit_price"),
        (5, "invalid_decimal", "unit_price"),
    ]


def test_differences_and_rounded_half_cents_are_those_of_a_calculation_by_hand(
    parser: Parser, tmp_path: Path
) -> None:
    # In doubles 9 * 1783.41 - 15248.16 is 802.5300000000007, and 1.005 lies below its half cent.
    result = lines(
        parser,
        tmp_path,
        "o1;1;v;p;9;1783.41;15248.16;\no1;2;v;p;1;1.005;0;\no1;3;v;p;3;0.095;0.01;\n",
        {"discount_amount": {"expression": "round({pieces} * {price}, 2) - {total}"}},
    )

    assert rows_of(result, "discount_amount") == [
        (Decimal("802.53"),),
        (Decimal("1.01"),),
        (Decimal("0.28"),),
    ]
    assert faults_of(result) == []


def test_what_cannot_be_computed_is_quarantined_and_what_is_empty_stays_empty(
    parser: Parser, tmp_path: Path
) -> None:
    result = lines(
        parser,
        tmp_path,
        "o1;1;v;p;2;9.99;-0.10;\no1;2;v;p;2;9.99;12,5;\no1;3;v;p;2;9.99;;\n",
        {"discount_amount": {"expression": "-total"}},
    )

    assert rows_of(result, "discount_amount") == [(Decimal("0.10"),), (None,)]
    assert faults_of(result) == [(3, "invalid_decimal", "discount_amount")]


def test_a_text_that_cannot_be_computed_is_no_id_and_no_map_gives_it_a_meaning(
    parser: Parser, tmp_path: Path
) -> None:
    rows = "o1;1;v;p;2;1.00;;\no2;1;v;p;x;1.00;;\n"
    of_pieces = {"expression": "'many' if pieces > 1 else 'one'"}

    for name, source in (
        ("product_id", {"expression": "pieces * 100"}),
        ("unit", of_pieces),
        ("unit", {**of_pieces, "map": {"one": "piece"}, "otherwise": "pack"}),
    ):
        columns = {name: source, "quantity": {"constant": 1}}
        result = lines(parser, tmp_path, rows, columns)

        assert rows_of(result, "order_id") == [("o1",)]
        assert faults_of(result) == [(3, "not_computable", name)]


def test_rows_for_which_the_condition_does_not_hold_are_dropped_and_counted(
    parser: Parser, tmp_path: Path
) -> None:
    rows = "o1;1;v;p;2;1.00;;\nC2;1;v;p;-2;1.00;;\no3;1;v;p;two;1.00;;\no4;1;v;p;5;1.00;;void\n"
    result = lines(parser, tmp_path, rows, {}, where="pieces > 0 and kind != 'void'")

    assert rows_of(result, "order_id") == [("o1",)]
    # Of `two` nobody can say whether it is above zero: it is no row that may be dropped.
    assert faults_of(result) == [(4, "invalid_decimal", "quantity")]
    assert (result.received, result.valid, result.dropped, result.quarantined) == (4, 1, 2, 1)


def test_cancelled_lines_become_returns_with_their_sign_turned(
    parser: Parser, tmp_path: Path
) -> None:
    content = b"invoice,sku,pieces\n1001,A,3\nC1002,A,-2\n"
    columns = {
        "return_id": {"template": "{invoice}-{sku}"},
        "order_id": {"expression": "match(invoice, '[0-9]+')"},
        "quantity": {"expression": "-pieces"},
        "requested_at": {"constant": "2026-06-01"},
    }

    result = parse_bytes(
        *(parser, tmp_path, content),
        feed="returns",
        name="invoices.csv",
        columns={**columns, "order_line_id": "sku"},
        where="starts_with(invoice, 'C')",
    )

    assert rows_of(result, "order_id", "quantity") == [("1002", Decimal(2))]


def test_what_only_the_first_row_of_an_order_says_is_known_in_all(
    parser: Parser, tmp_path: Path
) -> None:
    # Shopify writes an order's fields on its first row.
    result = lines(
        parser,
        tmp_path,
        "1;1;shop;a;1;5.00;;EUR\n1;2;;b;1;6.00;;\n2;1;;c;1;7.00;;\n;9;;d;1;7.00;;\n",
        {"vendor_id": {"column": "seller", "group": "first_non_empty"}},
        group_by="number",
    )

    assert rows_of(result, "order_id", "product_id", "vendor_id") == [
        ("1", "a", "shop"),
        ("1", "b", "shop"),
    ]
    assert faults_of(result) == [
        (4, "missing_value", "vendor_id"),
        (5, "missing_value", "order_id"),
    ]


def test_a_word_for_nothing_is_not_taken_for_the_groups_value(
    parser: Parser, tmp_path: Path
) -> None:
    result = lines(
        parser,
        tmp_path,
        "1;1;NULL;a;1;5.00;;\n1;2;shop;b;1;6.00;;\n",
        {"vendor_id": {"column": "seller", "group": "first_non_empty"}},
        group_by="number",
    )

    assert rows_of(result, "vendor_id") == [("shop",), ("shop",)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("Refunded", "refunded"), ("partially paid", "paid"), ("gibberish", "created"), ("", None)],
)
def test_maps_ask_for_values_then_for_patterns_and_else_give_the_rest(
    parser: Parser, tmp_path: Path, written: str, expected: str | None
) -> None:
    source = ColumnSource(
        column="kind",
        map={"refunded": "refunded"},
        map_pattern={"(partially )?paid": "paid"},
        ignore_case=True,
        otherwise="created",
    )
    row = f"o1;1;v;p;1;1.00;;{written}\n"

    result = lines(parser, tmp_path, row, {"unit": source})

    assert rows_of(result, "unit") == [(expected,)]


PAYMENT = {"payment_id": "id", "order_id": "id", "amount": {"constant": 1}}


@pytest.mark.parametrize(
    ("written", "source", "expected"),
    [
        ("10-Dez-25 08:15", {"format": "%d-%b-%y %H:%M", "language": "de"}, "2025-12-10 08:15"),
        ("3. März 2026", {"format": "%d. %B %Y", "language": "de"}, "2026-03-03 00:00"),
        ("12 août 2025", {"format": "%d %B %Y", "language": "fr"}, "2025-08-12 00:00"),
        ("5 Mai. 2026", {"format": "%d %b %Y", "language": "de"}, "2026-05-05 00:00"),
        ("46022.5", {"format": "excel_serial"}, "2025-12-31 12:00"),
        ("31.12.2025", {"format": ["%Y-%m-%d", "%d.%m.%Y"]}, "2025-12-31 00:00"),
        ("2025-12-31", {"format": ["%Y-%m-%d", "%d.%m.%Y"]}, "2025-12-31 00:00"),
    ],
)
def test_times_are_read_in_the_formats_and_languages_of_exports(
    parser: Parser, tmp_path: Path, written: str, source: dict[str, Any], expected: str
) -> None:
    columns = {**PAYMENT, "paid_at": {"column": "when", **source}}

    result = parse_bytes(parser, tmp_path, f"id,when\n1,{written}\n".encode(), columns=columns)

    assert faults_of(result) == []
    assert rows_of(result, "paid_at") == [(datetime.fromisoformat(expected),)]


@pytest.mark.parametrize("written", ["10-Dec-25", "10-Foo-25", "Dez", "59", "x"])
def test_a_time_in_another_language_or_count_is_quarantined(
    parser: Parser, tmp_path: Path, written: str
) -> None:
    source = {"column": "when", "format": ["%d-%b-%y", "excel_serial"], "language": "de"}

    result = parse_bytes(
        *(parser, tmp_path, f"id,when\n1,{written}\n".encode()),
        columns={**PAYMENT, "paid_at": source},
    )

    found = [code for _, code, _ in faults_of(result)]
    # English names are what strptime knows by itself.
    assert found == ([] if written == "10-Dec-25" else ["invalid_timestamp"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"expression": "total ** 2"}, "not an expression"),
        ({"expression": "open('x')"}, "there is no such function"),
        ({"expression": "total.real()"}, "not an expression"),
        ({"expression": "match(total, '(')"}, "not a regular expression at character 1"),
        ({"expression": "match(total, 'a(?=b)')"}, "uses lookaround"),
        ({"expression": "match(total, 'a', 1)"}, "a group that its regular expression"),
        ({"expression": "total + 'x'"}, "'+' needs a number"),
        ({"expression": "total if kind else 1"}, "'if' needs a condition"),
        ({"expression": "1 < total < 2"}, "two comparisons in one"),
        ({"expression": "(" * 60 + "1" + ")" * 60}, None),
        ({"expression": "-" * 60 + "1"}, "nested deeper"),
        ({"column": "a", "expression": "b"}, "give exactly one"),
        ({"column": "a", "ignore_case": True}, "ignore_case is about map"),
        ({"column": "a", "language": "de"}, "add format"),
        ({"column": "a", "format": "%d %b", "language": "klingon"}, "no such language"),
    ],
)
def test_an_expression_that_is_none_is_refused_before_anything_is_read(
    source: dict[str, Any], message: str | None
) -> None:
    if message is None:
        assert ColumnSource(**source)
        return
    with pytest.raises(ValidationError, match=message.replace("(", r"\(").replace("+", r"\+")):
        ColumnSource(**source)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"where": "total"}, "not a condition"),
        ({"columns": {"vendor_id": {"column": "a", "group": "first_non_empty"}}}, "group_by"),
        ({"group_by": "number"}, "group_by changes nothing"),
        ({"repeat": 3, "columns": {"vendor_id": "a"}}, "repeat needs <n>"),
        ({"columns": {"vendor_id": "Item <n>"}}, "<n> needs repeat"),
    ],
)
def test_rules_about_rows_that_mean_nothing_are_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        FileFeed(files="x.csv", **spec)


def test_an_export_may_begin_and_end_with_lines_that_are_no_rows(
    parser: Parser, tmp_path: Path
) -> None:
    # eBay writes a blank line first, and says at the end how many rows there were.
    text = "\nid;amount\n\n1;5,00\n2;116,99 €\n3;x;\n2;record(s) downloaded\nSeller ID : shop\n"

    result = parse_bytes(
        *(parser, tmp_path, text.encode("windows-1252")),
        encoding="windows-1252",
        decimal_separator=",",
        header_line=2,
        drop_lines=[r"\d+;record\(s\) downloaded", "Seller ID : .*"],
        columns={**PAYMENT, "amount": {"expression": "strip(remove(amount, '€'))"}},
    )

    assert rows_of(result, "payment_id", "amount", "_line") == [
        ("1", Decimal("5.00"), 4),
        ("2", Decimal("116.99"), 5),
    ]
    assert faults_of(result) == [(6, "invalid_decimal", "amount")]
    assert (result.received, result.dropped) == (5, 2)


def test_a_guest_is_a_customer_of_one_order(parser: Parser, tmp_path: Path) -> None:
    columns = {
        "order_id": "id",
        "ordered_at": {"constant": "2026-01-01"},
        "status": {"constant": "created"},
        "channel": {"constant": "web"},
        "customer_id": {"expression": "first(buyer, join('guest-', id))"},
    }

    result = parse_bytes(
        *(parser, tmp_path, b"id,buyer\n1,7\n2,\n"),
        feed="orders",
        name="o.csv",
        columns=columns,
        own_currency="EUR",
    )

    assert rows_of(result, "customer_id") == [("7",), ("guest-2",)]


def test_an_address_becomes_an_id_that_is_the_same_however_it_is_written(
    parser: Parser, tmp_path: Path
) -> None:
    columns = {**PAYMENT, "method": {"expression": "hashed(mail)"}}
    content = b"id,mail\n1,Ada@example.com\n2,ada@EXAMPLE.com\n3,\n"

    result = parse_bytes(parser, tmp_path, content, columns=columns)

    expected = hashlib.sha256(b"ada@example.com").hexdigest()[:32]
    assert rows_of(result, "method") == [(expected,), (expected,), (None,)]


WIDE = {
    "order_id": "id",
    "order_line_id": {"constant": "<n>"},
    "vendor_id": {"constant": "shop"},
    "product_id": "Item <n> SKU",
    "quantity": "Item <n> pieces",
    "unit_price": {"expression": "{Item <n> total} / {Item <n> pieces}"},
}


@pytest.mark.parametrize("format_name", ["csv", "parquet"])
def test_items_beside_each_other_become_rows_and_a_file_may_have_fewer(
    parser: Parser, tmp_path: Path, format_name: str
) -> None:
    # WooCommerce writes as many columns as the file's largest order has items.
    text = "id,Item 1 SKU,Item 1 pieces,Item 1 total,Item 2 SKU,Item 2 pieces,Item 2 total\n"
    path = tmp_path / f"wide.{format_name}"
    path.write_text(text + "1,a,2,10.00,b,1,3.50\n2,c,1,4.00,,,\n")
    if format_name == "parquet":
        duckdb.execute(
            f"copy (from read_csv('{path}', all_varchar = true)) to '{path}' (format parquet)"
        )
    entries = told_apart([FileFeed(files=path.name, repeat=4, columns=WIDE)])

    found = []
    for number, entry in enumerate(entries):
        request = a_request(
            tmp_path / str(number), path.read_bytes(), feed="order_lines", name=path.name
        ).model_copy(update=how_written(entry))
        result = parser.parse(request)
        assert (result.status, faults_of(result)) == ("parsed", [])
        found += rows_of(result, "order_id", "order_line_id", "product_id", "unit_price")

    assert found == [
        ("1", "1", "a", Decimal("5.00")),
        ("2", "1", "c", Decimal("4.00")),
        ("1", "2", "b", Decimal("3.50")),
    ]


def test_an_item_of_which_a_column_is_missing_is_no_smaller_order(
    parser: Parser, tmp_path: Path
) -> None:
    text = b"id,Item 1 SKU,Item 1 pieces,Item 1 total,Item 2 SKU\n1,a,2,10.00,b\n"
    second = told_apart([FileFeed(files="wide.csv", repeat=2, columns=WIDE)])[1]
    request = a_request(tmp_path, text, feed="order_lines", name="wide.csv")

    result = parser.parse(request.model_copy(update=how_written(second)))

    assert (result.status, result.reason_code) == ("rejected", "missing_column")


def test_json_and_parquet_are_computed_as_texts_are(parser: Parser, tmp_path: Path) -> None:
    columns = {**LINES, "order_line_id": {"constant": "1"}, "unit_price": {"expression": "t / n"}}
    columns |= {"quantity": "n", "order_id": "o", "vendor_id": "v", "product_id": "p"}
    text = b'{"o": "1", "v": "v", "p": "p", "n": 3, "t": 9.3}\n{"o": "2", "n": 0, "v": "v"}\n'
    path = tmp_path / "made.parquet"
    duckdb.execute(
        "copy (select '1' as o, 'v' as v, 'p' as p, 3 as n, 9.3::double as t union all "
        f"select '2', 'v', null, 0, null) to '{path}' (format parquet)"
    )
    found = []
    for name, content in (("l.jsonl", text), ("l.parquet", path.read_bytes())):
        result = parse_bytes(
            *(parser, tmp_path / name, content),
            feed="order_lines",
            name=name,
            columns=columns,
            where="n > 0",
        )
        found.append((rows_of(result, "order_id", "unit_price"), result.dropped))

    assert found == [([("1", Decimal("3.10"))], 1)] * 2
