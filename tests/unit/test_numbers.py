"""Numbers: well written or none; what a type holds is taken by its value; digits are kept."""

import json
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.file_feeds import FileFeed
from sources.parsing.client import Parser
from tests.unit.parsing_desk import faults_of, parse_bytes, rows_of

pytestmark = pytest.mark.warehouse

LOOSE = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LINE = {"order_line_id": "id", "order_id": "id", "vendor_id": "id"}


def lines_of(parser: Parser, folder: Path, cells: list[tuple[str, str]], **spec: Any) -> list[Any]:
    """Quantity and price of order lines, or the code of what is wrong with one."""
    rows = "".join(f"l{i}|{quantity}|{price}\n" for i, (quantity, price) in enumerate(cells))
    columns = {**LINE, "quantity": "q", "unit_price": "p", **spec.pop("columns", {})}
    content = f"id|q|p\n{rows}".encode()
    result = parse_bytes(
        parser, folder, content, feed="order_lines", delimiter="|", columns=columns, **spec
    )
    found: dict[int, Any] = {
        line: (quantity, price)
        for line, quantity, price in rows_of(
            result, "_line", "quantity", "cast(unit_price as varchar)"
        )
    }
    found |= {line: code for line, code, _ in faults_of(result)}
    return [found[line] for line in range(2, len(cells) + 2)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12,50", "12.5000"),
        ("1.234,50", "1234.5000"),
        ("1.234.567,89", "1234567.8900"),
        ("1'234,50", "1234.5000"),
        ("1\u2019234,50", "1234.5000"),
        ("1 234,50", "1234.5000"),
        ("1\u00a0234,50", "1234.5000"),
        ("1\u202f234,50", "1234.5000"),
        ("1.234", "1234.0000"),
        ("+7,5", "7.5000"),
        (",5", "0.5000"),
        ("0,10000", "0.1000"),
        ("1,5E+2", "150.0000"),
        ("-0,00", "0.0000"),
        ("12.50", "invalid_decimal"),
        ("12.5", "invalid_decimal"),
        ("1,234.5", "invalid_decimal"),
        ("0.123", "invalid_decimal"),
        ("12.34,50", "invalid_decimal"),
        ("1.234 567,00", "invalid_decimal"),
        ("1234.567,00", "invalid_decimal"),
        ("1,2,3", "invalid_decimal"),
        ("12,", "invalid_decimal"),
        ("1_000", "invalid_decimal"),
        ("12,50 \u20ac", "invalid_decimal"),
        ("0,00001", "too_precise"),
        ("-12,50", "below_minimum"),
        ("\u221212,50", "below_minimum"),
        ("12,50-", "below_minimum"),
    ],
)
def test_with_a_decimal_comma_only_well_written_numbers_pass(
    parser: Parser, tmp_path: Path, written: str, expected: str
) -> None:
    [found] = lines_of(parser, tmp_path, [("1", written)], decimal_separator=",")

    assert found == (expected if "_" in expected else (1, expected))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.000", 1000),
        ("1'000", 1000),
        ("1,0", 1),
        ("1000", 1000),
        ("1.00", "invalid_integer"),
        ("1,5", "invalid_integer"),
        ("1.0000", "invalid_integer"),
        ("1_0", "invalid_integer"),
    ],
)
def test_separators_count_for_whole_numbers_too(
    parser: Parser, tmp_path: Path, written: str, expected: int | str
) -> None:
    result = parse_bytes(
        *(parser, tmp_path, f"product_id|weight_grams\np|{written}\n".encode()),
        feed="products",
        delimiter="|",
        decimal_separator=",",
    )

    found = rows_of(result, "weight_grams") or [(code,) for _, code, _ in faults_of(result)]
    assert found == [(expected,)]


def test_with_a_point_thousands_are_told_apart_only_where_the_mapping_says_how(
    parser: Parser, tmp_path: Path
) -> None:
    cells = [("1,000", "1"), ("1", "1,234.50"), ("1", "1'234.50"), ("1", "12,34"), ("1_0", "1")]

    strict = lines_of(parser, tmp_path / "a", cells)
    grouped = lines_of(parser, tmp_path / "b", cells, thousands_separator=",")

    assert strict == ["invalid_decimal"] * 5
    assert grouped[:2] == [(1000, "1.0000"), (1, "1234.5000")]
    assert grouped[2:] == ["invalid_decimal"] * 3
    with pytest.raises(ValueError, match="must differ"):
        FileFeed(files="a.csv", decimal_separator=",", thousands_separator=",")


def test_what_the_mapping_itself_gives_has_a_decimal_point(parser: Parser, tmp_path: Path) -> None:
    columns = {
        "quantity": {"constant": 2},
        "unit_price": {"column": "p", "map": {"free": "0.00"}, "default": "1.5"},
    }
    cells = [("", "9,99"), ("", "free"), ("", ""), ("", "9.99")]

    found = lines_of(parser, tmp_path, cells, decimal_separator=",", columns=columns)

    assert found == [(2, "9.9900"), (2, "0.0000"), (2, "1.5000"), "invalid_decimal"]


amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)


@LOOSE
@given(
    amount=amounts,
    group=st.sampled_from(["", ".", "'", "\u2019", "\u202f"]),
    wrong=st.integers(1, 9),
)
def test_a_grouped_number_is_its_digits_and_one_grouped_elsewhere_is_none(
    parser: Parser, amount: Decimal, group: str, wrong: int
) -> None:
    german = f"{amount:,}".replace(",", group or ";").replace(".", ",").replace(";", "")
    if group == ".":
        whole, _, cents = f"{amount:,}".partition(".")
        german = whole.replace(",", ".") + "," + cents
    misplaced = f"{wrong}{group or '.'}{wrong},00"
    with tempfile.TemporaryDirectory() as name:
        content = f"payment_id;order_id;amount\np1;o1;{german}\np2;o2;{misplaced}\n".encode()
        result = parse_bytes(parser, Path(name), content, feed="payments", decimal_separator=",")
        found = rows_of(result, "payment_id", "amount")
        faults = faults_of(result)

    assert found == [("p1", amount)]
    assert (3, "invalid_decimal", "amount") in faults


def parquet(folder: Path, select: str) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "made.parquet"
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path.read_bytes()


def payments(parser: Parser, folder: Path, content: bytes, name: str, **spec: Any) -> list[Any]:
    """The amounts of payments p1, p2, ... or the codes of what is wrong with them."""
    result = parse_bytes(parser, folder / "in", content, name=name, **spec)
    offset = 1 if name.endswith("csv") else 0
    found = dict(rows_of(result, "_line", "cast(amount as varchar)"))
    found |= {line: code for line, code, _ in faults_of(result)}
    return [found.get(line + offset) for line in range(1, len(found) + 1)]


NOISY = ["0.30000000000000004", "19.989999999999998", "33.333333333333336", "1e-17"]
CENTS = ["0.30", "19.99", "33.33", "0.00"]


def test_binary_noise_of_doubles_is_rounded_and_digits_that_someone_wrote_are_not(
    parser: Parser, tmp_path: Path
) -> None:
    values = ", ".join(f"({i}, {value}::double)" for i, value in enumerate([*NOISY, "12.345"]))
    content = parquet(
        tmp_path,
        "select 'p' || i as payment_id, 'o' as order_id, amount from (values "
        f"{values}) as made (i, amount) order by i",
    )

    found = payments(parser, tmp_path, content, "payments.parquet")

    assert found == [*CENTS, "too_precise"]


def test_single_floats_are_what_they_print(parser: Parser, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        "select 'p' || i as payment_id, 'o' as order_id, a as amount from (values "
        "(1, 19.99::float), (2, (100::float / 3)::float), (3, 12.345::float)) as made (i, a) "
        "order by i",
    )

    assert payments(parser, tmp_path, content, "payments.parquet") == [
        "19.99",
        "33.33",
        "too_precise",
    ]


def test_noise_of_json_numbers_is_rounded_and_that_of_texts_is_not(
    parser: Parser, tmp_path: Path
) -> None:
    lines = [f'{{"payment_id":"p","order_id":"o","amount":{value}}}' for value in NOISY]
    lines.append('{"payment_id":"p","order_id":"o","amount":"0.30000000000000004"}')
    lines.append('{"payment_id":"p","order_id":"o","amount":12.345}')

    found = payments(parser, tmp_path, "\n".join(lines).encode(), "payments.jsonl")
    csv = b"payment_id,order_id,amount\np,o,0.30000000000000004\n"

    assert found == [*CENTS, "too_precise", "too_precise"]
    assert payments(parser, tmp_path, csv, "payments.csv") == ["too_precise"]


def test_rounding_is_a_choice_of_the_mapping_half_up_by_the_digits(
    parser: Parser, tmp_path: Path
) -> None:
    columns = {
        "payment_id": "payment_id",
        "order_id": "order_id",
        "amount": {"column": "amount", "round": True},
    }
    csv = b"payment_id,order_id,amount\np,o,2.675\np,o,1.005\np,o,0.004\np,o,x\n"

    found = payments(parser, tmp_path, csv, "payments.csv", columns=columns)

    assert found == ["2.68", "1.01", "0.00", "invalid_decimal"]


def test_decimals_stay_strict_whatever_their_type(parser: Parser, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        "select 'p' as payment_id, 'o' as order_id, 0.300000000000000040::decimal(30,18) as amount",
    )

    assert payments(parser, tmp_path, content, "payments.parquet") == ["too_precise"]


def test_typed_numbers_know_no_separators(parser: Parser, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        "select 'p' || i as payment_id, 'o' as order_id, a as amount from (values "
        "(1, 1.25::double), (2, 1234.5::double)) as made (i, a) order by i",
    )
    lines = b'{"payment_id":"p","order_id":"o","amount":1.5}\n'
    lines += b'{"payment_id":"p","order_id":"o","amount":"1.500"}\n'

    as_parquet = payments(parser, tmp_path, content, "payments.parquet", decimal_separator=",")
    as_json = payments(parser, tmp_path, lines, "payments.jsonl", decimal_separator=",")

    assert as_parquet == ["1.25", "1234.50"]
    assert as_json == ["1.50", "1500.00"]


def test_json_numbers_keep_all_their_digits(parser: Parser, tmp_path: Path) -> None:
    # As doubles the first two would end in 69 and 44.
    written = ["81421065683424.68", "90634014733006.43", "0.12345678901234567890", "1e2"]
    lines = "\n".join(f'{{"payment_id":"p","order_id":"o","amount":{w}}}' for w in written)
    ids = b'{"payment_id":12345678901234567890123,"order_id":9007199254740993,"amount":1}\n'

    assert payments(parser, tmp_path, lines.encode(), "payments.jsonl") == [
        "81421065683424.68",
        "90634014733006.43",
        "too_precise",
        "100.00",
    ]
    result = parse_bytes(parser, tmp_path / "ids", ids, name="payments.jsonl")
    assert rows_of(result, "payment_id", "order_id") == [
        ("12345678901234567890123", "9007199254740993")
    ]


@LOOSE
@given(st.lists(st.decimals(0, 10**14 - 1, places=2, allow_nan=False), min_size=1, max_size=4))
def test_a_json_number_is_the_decimal_it_is_written_as(
    parser: Parser, amounts: list[Decimal]
) -> None:
    lines = "".join(f'{{"payment_id":"p","order_id":"o","amount":{a}}}\n' for a in amounts)
    with tempfile.TemporaryDirectory() as name:
        found = payments(parser, Path(name), lines.encode(), "payments.jsonl")

    assert [Decimal(text) for text in found] == amounts


@LOOSE
@given(st.lists(st.floats(0, 10**9, allow_nan=False), min_size=1, max_size=4))
def test_a_double_is_rounded_like_its_digits_or_refused(
    parser: Parser, amounts: list[float]
) -> None:
    lines = "".join(
        json.dumps({"payment_id": "p", "order_id": "o", "amount": a}) + "\n" for a in amounts
    )
    with tempfile.TemporaryDirectory() as name:
        found = payments(parser, Path(name), lines.encode(), "payments.jsonl")

    for text, amount in zip(found, amounts, strict=True):
        written = Decimal(repr(amount))
        cents = written.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if text == "too_precise":
            assert cents != written
            assert len(written.normalize().as_tuple().digits) < 13
        else:
            assert Decimal(text) == cents


@pytest.mark.parametrize("kind", ["double", "float"])
def test_nan_is_empty_and_infinity_no_number(parser: Parser, tmp_path: Path, kind: str) -> None:
    content = parquet(
        tmp_path,
        "select 'l' || i as order_line_id, 'o' as order_id, 'v' as vendor_id, "
        f"q::{kind} as quantity, 1::{kind} as unit_price, d::{kind} as discount_amount, "
        f"s::{kind} as product_id from (values (1, '3', 'nan', '123'), (2, 'nan', '0', 'nan'), "
        "(3, '1', 'infinity', '7')) as made (i, q, d, s) order by i",
    )

    result = parse_bytes(
        parser, tmp_path / "in", content, feed="order_lines", name="order_lines.parquet"
    )

    # Ids that became fractions because some are missing are whole again.
    assert rows_of(result, "quantity", "discount_amount", "product_id") == [(3, None, "123")]
    assert faults_of(result) == [
        (2, "missing_value", "quantity"),
        (3, "invalid_decimal", "discount_amount"),
    ]


def test_nan_in_json_is_empty(parser: Parser, tmp_path: Path) -> None:
    lines = (
        b'{"order_line_id":"l1","order_id":"o","vendor_id":"v","quantity":1,"unit_price":1,'
        b'"discount_amount":NaN,"shipping_amount":null}\n'
    )

    result = parse_bytes(parser, tmp_path, lines, feed="order_lines", name="order_lines.jsonl")

    assert rows_of(result, "discount_amount", "shipping_amount") == [(None, None)]
