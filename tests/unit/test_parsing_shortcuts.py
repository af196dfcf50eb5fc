"""The ways that spare work come to what the long ways come to, whatever the values."""

import json
import re
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.parsing.client import Parser
from tests.unit.parsing_desk import faults_of, parse_bytes, rows_of

pytestmark = pytest.mark.properties

LOOSE = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
COLUMNS = ("payment_id", "order_id", "cast(amount as varchar)", "method", "paid_at")
BLANK_LINE = b"\n"  # one of them, and each line is looked at by itself

texts = st.text(st.sampled_from("ab 1\u00a0\u3000\t\u00fce+-:Z"), max_size=6)
amounts = st.sampled_from(
    [
        "1",
        "1.5",
        "1.50",
        "1.005",
        "1.500",
        "1e2",
        "1E-3",
        "-1",
        "",
        " 2 ",
        "x",
        "9" * 20,
        ".5",
        "5.",
    ]
)
times = st.sampled_from(
    [
        "2026-06-01 10:00:00",
        "2026-06-01T10:00:00Z",
        "2026-06-01T10:00:00.123Z",
        "2026-06-01T10:00:00+02:00",
        "2026-06-01 10:00+02",
        "2026-06-01 10:00:1Z",
        "2026-06-01 10:00:0Z",
        "2026-06-01 10:00:5+",
        "2026-06-01",
        "2026-06-01 24:00:00",
        "2026-06-01 10:00:61",
        "infinity",
        "",
    ]
)
values = st.one_of(
    texts,
    amounts,
    times,
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.integers(0, 9), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 9), max_size=2),
)
objects = st.fixed_dictionaries(
    {"payment_id": texts, "order_id": values, "amount": st.one_of(amounts, values)},
    optional={"method": values, "paid_at": st.one_of(times, values), "other": values},
)


def json_line(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


@LOOSE
@given(
    lines=st.lists(
        st.one_of(
            objects.map(json_line),
            st.sampled_from([b"null\n", b"[]\n", b"{}\n", b'{"a":1}{"a":2}\n', b"{\n", b" {} \n"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_json_objects_read_together_are_what_they_are_one_by_one(
    parser: Parser, lines: list[bytes]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = b"".join(lines)

        together = parse_bytes(parser, folder / "a", content, name="payments.jsonl")
        one_by_one = parse_bytes(parser, folder / "b", content + BLANK_LINE, name="payments.jsonl")

        assert rows_of(together, *COLUMNS, "_line") == rows_of(one_by_one, *COLUMNS, "_line")
        assert faults_of(together) == faults_of(one_by_one)
        assert together.received == len(lines)


@LOOSE
@given(rows=st.lists(st.tuples(texts, texts, amounts, texts, times), min_size=1, max_size=5))
def test_values_of_a_table_are_trimmed_and_typed_as_the_plain_functions_do(
    parser: Parser, rows: list[tuple[str, ...]]
) -> None:
    header = "payment_id,order_id,amount,method,paid_at\n"
    lines = "".join(",".join(f'"{value}"' for value in row) + "\n" for row in rows)
    with tempfile.TemporaryDirectory() as name:
        result = parse_bytes(parser, Path(name), (header + lines).encode())
        found = {row[-1]: row[:-1] for row in rows_of(result, *COLUMNS, "_line")}
        faulty = {line for line, _, _ in faults_of(result)}

    assert found.keys() | faulty == set(range(2, len(rows) + 2))
    for number, loaded in found.items():
        assert loaded == _converted(rows[number - 2])


def _converted(row: tuple[str, ...]) -> tuple[Any, ...]:
    """With Python's own functions over whole values."""
    payment, order, amount, method, paid = (value.strip() or None for value in row)
    cents = None if amount is None else str(Decimal(amount).quantize(Decimal("0.01")))
    return payment, order, cents, method, None if paid is None else _utc(paid)


def _utc(text: str) -> datetime:
    day, _, rest = text.replace("T", " ").partition(" ")
    found = re.fullmatch(r"(\d+):(\d+)(?::(\d+)(\.\d+)?)?(Z|[+-]\d\d(?::\d\d)?)?", rest or "0:0")
    assert found
    hours, minutes, seconds = (int(found[i] or 0) for i in (1, 2, 3))
    local = datetime.fromisoformat(day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    local += timedelta(seconds=float(found[4] or 0))
    ahead = 0 if found[5] in {None, "Z"} else int(found[5][:3])
    return local - timedelta(hours=ahead)


@LOOSE
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.decimals(-5, 5, places=2), st.datetimes()),
        min_size=1,
        max_size=6,
    )
)
def test_typed_parquet_is_what_its_texts_are(
    parser: Parser, rows: list[tuple[int, Any, Any]]
) -> None:
    listed = ", ".join(f"({number}, {price}, timestamp '{time}')" for number, price, time in rows)
    found = []
    with tempfile.TemporaryDirectory() as name:
        for types in (
            ("bigint", "decimal(18, 4)", "timestamp"),
            ("integer", "decimal(12, 2)", "timestamp"),
            ("bigint", "decimal(24, 6)", "timestamp"),
            ("varchar",) * 3,
        ):
            path = Path(name) / "source.parquet"
            duckdb.execute(
                "copy (select 'l' || n as order_line_id, 'o' as order_id, 'v' as vendor_id, "
                f"cast(n as {types[0]}) as quantity, "
                f"cast(cast(price as decimal(18, 4)) as {types[1]}) as unit_price, "
                f"cast(time as {types[2]}) as updated_at from (values {listed}) "
                f"as made (n, price, time)) to '{path}' (format parquet)"
            )
            folder, content = Path(name) / types[1], path.read_bytes()
            result = parse_bytes(parser, folder, content, name="l.parquet", feed="order_lines")
            columns = ("order_line_id", "quantity", "unit_price", "updated_at", "_line")
            found.append((rows_of(result, *columns), faults_of(result)))

    assert all(one == found[0] for one in found)
