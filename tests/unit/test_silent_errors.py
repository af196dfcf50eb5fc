"""A file of another kind, or without its header, may hold a person's data: no error shows it."""

from pathlib import Path

import duckdb
import pytest

from sources.parsing.client import Parser
from sources.parsing.request import ParseResult
from tests.unit.loading_desk import a_desk
from tests.unit.parsing_desk import detail_of, parse_bytes

CANARY = "Canary Mustermann"
MAPPED = {"payment_id": "nr", "order_id": "order", "amount": "value_net"}


def reason(result: ParseResult) -> str:
    assert result.status == "rejected"
    return detail_of(result)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            f"p1,{CANARY},canary@shop.example,+49 30 4711\n".encode(),
            (
                "line 1: column 'nr' is missing; column 'order' is missing; column "
                "'value_net' is missing; the file has 4 columns, unknown are those at 1, 2, 3, 4; "
                "is it a header at all?; deliver it again with these columns, or change the mapping"
            ),
        ),
        (
            f"nr,{CANARY},value net,order\n".encode(),
            (
                "line 1: column 'value_net' is missing (renamed to 'value net'?); "
                "the file has 4 columns, unknown are those at 2, 3; deliver it again with these "
                "columns, or change the mapping"
            ),
        ),
        (b"nr", "the file has 1 column; deliver it again with these columns"),
        # An order's number is nearly what the column is called.
        (b"order-4711,x,y", "column 'order' is missing; "),
        (
            ",".join(f"canary {n}" for n in range(100)).encode(),
            "17, 18, 19, 20 and 80 more; is it a header at all?",
        ),
    ],
)
def test_unknown_names_of_columns_are_told_by_their_places(
    parser: Parser, tmp_path: Path, content: bytes, expected: str
) -> None:
    told = reason(parse_bytes(parser, tmp_path, content, columns=MAPPED))

    assert expected in told
    assert not [one for one in ("canary", "mustermann", "4711") if one in told.lower()]


def test_unknown_names_of_a_parquet_file_are_told_by_their_places(
    parser: Parser, tmp_path: Path
) -> None:
    path = tmp_path / "made.parquet"
    duckdb.sql(f'select 1 as nr, 2 as "{CANARY}"').write_parquet(str(path))

    told = reason(
        parse_bytes(parser, tmp_path, path.read_bytes(), name="payments.parquet", columns=MAPPED)
    )

    assert "the file has 2 columns, unknown are those at 2" in told
    assert CANARY not in told


@pytest.mark.parametrize(
    ("name", "content", "spec"),
    [
        ("payments.parquet", b"PAR1" + CANARY.encode() * 9 + b"PAR1", {}),
        ("payments.parquet", CANARY.encode() * 9, {}),
        ("events.jsonl", b"PAR1" + CANARY.encode() * 9 + b"PAR1", {"dialect": "ga4"}),
        ("payments.csv", CANARY.encode() + b"\n\x1f\x8b", {}),
        ("payments.csv", b"\x1f\x8b\x08\0" + CANARY.encode() * 9, {}),
        ("payments.csv", "ünsinn ".encode("latin-1") + CANARY.encode(), {}),
        ("payments.csv", b"PK\x03\x04" + CANARY.encode(), {}),
        (
            "payments.csv",
            f'payment_id,order_id,amount\n"p1,{CANARY},1\np2,o2,{CANARY}\n'.encode(),
            {"multiline": True},
        ),
        # Python takes this expression and RE2, which judges the values, does not.
        (
            "payments.csv",
            f"payment_id,order_id,amount\np1,{CANARY},1\n".encode(),
            {
                "columns": {
                    "payment_id": "payment_id",
                    "amount": "amount",
                    "order_id": {"column": "order_id", "pattern": "(?P<n>x)(?(n)y|z)"},
                }
            },
        ),
    ],
)
def test_no_reason_of_a_refused_file_shows_what_it_holds(
    parser: Parser, tmp_path: Path, name: str, content: bytes, spec: dict[str, object]
) -> None:
    feed = "events" if "dialect" in spec else "payments"

    told = reason(parse_bytes(parser, tmp_path, content, feed=feed, name=name, **spec))

    assert not [one for one in ("Canary", "Muster", str(tmp_path), "(?") if one in told]
    assert ";" in told or "," in told  # says what to do


@pytest.mark.warehouse
def test_rows_that_contradict_each_other_are_told_by_their_lines(
    parser: Parser, tmp_path: Path
) -> None:
    desk = a_desk(tmp_path, parser)
    header = "order_id,order_line_id,vendor_id,quantity,unit_price\n"
    desk.put("order_lines.csv", f"{header}{CANARY},{CANARY},v,1,1\n{CANARY},{CANARY},v,2,1\n")

    [outcome] = desk.ingest("order_lines").outcomes

    assert "the same order_id, order_line_id in lines 2, 3" in outcome.contradiction.english
    assert CANARY not in outcome.contradiction.json_text
