"""A broken line costs itself alone: a file's sound lines are what they are without it.

A sound file is read by DuckDB as a whole and any other line by line; both ways come to the same.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources.parsing.client import Parser
from sources.parsing.csv_lines import LineJudge
from tests.unit.parsing_desk import faults_of, parse_bytes, rows_of

pytestmark = pytest.mark.warehouse

LOOSE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADER = "vendor_id,name,city\n"
Outcome = dict[int, Any]


def outcomes(parser: Parser, content: bytes, name: str, *columns: str, **spec: Any) -> Outcome:
    """By line: what was loaded of it, or the code of what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        result = parse_bytes(parser, Path(folder), content, name=name, **spec)
        assert result.status == "parsed", result.reason_detail
        found: Outcome = {line: code for line, code, _ in faults_of(result)}
        for line, *values in rows_of(result, "_line", *columns):
            found.setdefault(line, []).append(tuple(values))
        return found


def of_csv(parser: Parser, lines: list[str | bytes]) -> Outcome:
    encoded = [line if isinstance(line, bytes) else line.encode() for line in lines]
    content = HEADER.encode() + b"".join(line + b"\n" for line in encoded)
    return outcomes(parser, content, "vendors.csv", "vendor_id", "name", "city", feed="vendors")


fields = st.sampled_from(
    [
        "", "a", " a", "a ", "  ", '"a"', '"a,b"', '"a""b"', 'a"b', '5" wide', '17"', ' "a"',
        '"a" ', '"a" "b"', '"a"b', '"a', '""', '" "', '"""', "\u00fc", "\ta", "\\N", "NULL", "\0",
        'a""b', '  "a', "'a'", "#", "name", "1e5",
    ]
)  # fmt: skip
csv_lines = st.builds(
    lambda number, first, rest: f"v{number}{first}," + ",".join(rest),
    st.integers(0, 9),
    st.sampled_from(["", " ", "\t", '"']),
    st.lists(fields, min_size=1, max_size=4),
)
broken_lines = st.sampled_from(
    ["v", "v,a,b,c,d", 'v,"a"b,"c', b"v,\xff,c", "", "   ", 'v,"a"b"c,"d']
)


@LOOSE
@given(lines=st.lists(csv_lines, min_size=1, max_size=6), broken=broken_lines)
@example(lines=['v1,5" wide,c'], broken="v")
@example(lines=['v1,17",c', "v2,a,b"], broken="v")
@example(lines=["\t\t,,", "v2,a,b"], broken="v")
def test_a_broken_line_of_csv_behind_others_changes_none_of_them(
    parser: Parser, lines: list[str], broken: str | bytes
) -> None:
    without = of_csv(parser, list(lines))
    beside = of_csv(parser, [*lines, broken])

    number = len(lines) + 2
    is_blank = isinstance(broken, str) and not broken.strip()
    assert isinstance(beside.pop(number, None), str) is not is_blank
    assert beside == without


@LOOSE
@given(
    lines=st.lists(csv_lines, min_size=2, max_size=6),
    place=st.integers(0, 5),
    opening=st.sampled_from(['v,"open,c', 'v,a,"', '"v,a,b']),
)
def test_a_quote_left_open_swallows_no_line_and_alters_none(
    parser: Parser, lines: list[str], place: int, opening: str
) -> None:
    place = min(place, len(lines))
    without = of_csv(parser, list(lines))
    beside = of_csv(parser, [*lines[:place], opening, *lines[place:]])

    assert isinstance(beside.pop(place + 2), str)
    for line, outcome in without.items():
        there = beside[line + (line >= place + 2)]
        # What may be the end of the open value is put aside as well.
        assert there in (outcome, "unclosed_quote")


@LOOSE
@given(line=st.text(st.sampled_from('", a\t'), max_size=9), count=st.integers(1, 3))
@example(line='"a" "b"', count=1)
@example(line='a,b,""', count=2)
def test_a_line_is_judged_as_the_reader_of_whole_files_judges_it(line: str, count: int) -> None:
    names = ", ".join(f"'c{i}': 'varchar'" for i in range(count))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "file.csv"
        last = ",".join("z" * count)
        path.write_text(f"{last}\n{line}\n{last}\n", encoding="utf-8")
        try:
            read = connection.execute(
                f"select * from read_csv('{path}', auto_detect = false, header = false, "
                f"delim = ',', quote = '\"', escape = '\"', columns = {{{names}}}, "
                "strict_mode = true, store_rejects = true, rejects_limit = 0)"
            ).fetchall()
            rejects = connection.execute("select count(*) from reject_errors").fetchone()
        except duckdb.InvalidInputException:
            read, rejects = [], (1,)

    is_record = len(read) == 3 and rejects == (0,) and read[2] == tuple("z" * count)
    if line.strip(" "):  # other lines are blank
        assert (LineJudge(",", count).fault_of(line.encode()) is None) is is_record


members = st.one_of(
    st.sampled_from(
        [
            '"a"', '" a\\t"', "1", "1.50", "1e3", "12345678901234567890123", "1234567890123456.78",
            "0.30000000000000004", "true", "null", "NaN", '"NaN"', "-0.0", "[1, 2.50]",
            '{"b": 1.0}', '"\\u00e9\\ud83d\\ude00"', '"NULL"', '"\\\\N"', "1E-7",
        ]
    ),
    st.floats(allow_nan=False, allow_infinity=False).map(json.dumps),
)  # fmt: skip
json_lines = st.lists(
    st.tuples(st.sampled_from(["payment_id", "order_id", "amount", "method", "other"]), members),
    max_size=5,
).map(lambda pairs: "{" + ", ".join(f'"{name}": {value}' for name, value in pairs) + "}")
broken_json = st.sampled_from(
    [
        "{",
        "[]",
        "null",
        '{"amount": 1',
        b'{"a": "\xff"}',
        '{"a": 1} {"b": 2}',
        '{"a": 01}',
        "",
        "\t{",
    ]
)


def of_json(parser: Parser, lines: list[str | bytes], **spec: Any) -> Outcome:
    encoded = [line if isinstance(line, bytes) else line.encode() for line in lines]
    content = b"".join(line + b"\n" for line in encoded)
    columns = ("payment_id", "order_id", "amount", "method")
    return outcomes(parser, content, "payments.jsonl", *columns, **spec)


@LOOSE
@given(
    lines=st.lists(json_lines, min_size=1, max_size=6),
    broken=broken_json,
    place=st.integers(0, 5),
    is_nested=st.booleans(),
)
@example(lines=['{"payment_id": 1, "payment_id": 2}'], broken="{", place=0, is_nested=False)
def test_a_broken_line_of_json_changes_no_other(
    parser: Parser, lines: list[str], broken: str | bytes, place: int, *, is_nested: bool
) -> None:
    columns = {"payment_id": "payment_id", "order_id": "order_id.b", "amount": "amount"}
    spec: dict[str, Any] = {"columns": columns} if is_nested else {}
    place = min(place, len(lines))
    without = of_json(parser, list(lines), **spec)
    beside = of_json(parser, [*lines[:place], broken, *lines[place:]], **spec)

    assert isinstance(beside.pop(place + 1, None), str) is bool(broken)
    assert {line - (line > place): outcome for line, outcome in beside.items()} == without


values = st.sampled_from(
    ['"x"', "1", "1.50", "NaN", "12345678901234567890123", "0.1", "null", "true", '"1e3"', "1e3"]
)
calls = st.tuples(values, values, values).map(
    lambda three: (
        f'{{"type": "track", "event": "Product Viewed", "messageId": {three[0]}, '
        f'"anonymousId": {three[1]}, "timestamp": "2026-06-01T10:00:00Z", '
        f'"properties": {{"product_id": "p", "price": {three[2]}}}}}'
    )
)


@LOOSE
@given(lines=st.lists(calls, min_size=1, max_size=4), place=st.integers(0, 4))
def test_a_broken_call_of_a_tracker_changes_no_other(
    parser: Parser, lines: list[str], place: int
) -> None:
    def of_calls(given_lines: list[str]) -> Outcome:
        content = "".join(line + "\n" for line in given_lines).encode()
        columns = ("event_id", "visitor_id", "product_id", "unit_price", "value_amount")
        return outcomes(parser, content, "events.jsonl", *columns, feed="events", dialect="segment")

    place = min(place, len(lines))
    without = of_calls(lines)
    beside = of_calls([*lines[:place], "{", *lines[place:]])

    assert beside.pop(place + 1) == "invalid_json"
    assert {line - (line > place): outcome for line, outcome in beside.items()} == without


def test_a_return_inside_quotes_beside_a_broken_line_is_a_part_of_its_value(
    parser: Parser,
) -> None:
    assert of_csv(parser, ["v1,", 'v2,"x\ry",c']) == {
        2: "wrong_column_count",
        3: [("v2", "x\ry", "c")],
    }
