"""Small Parquet files of billions of values are refused by their footer; honest ones load."""

import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from sources.parsing.client import Parser
from sources.parsing.request import Limits
from tests.unit.parquet_bomb import repeated_text
from tests.unit.parsing_desk import a_request, detail_of, parse_bytes, rows_of

PAYMENT = {"payment_id": "p1", "order_id": "o1", "amount": "1.00"}


def test_the_bomb_is_a_parquet_file_as_anybody_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "small.parquet"
    path.write_bytes(repeated_text(PAYMENT, 100_000, row_groups=7))

    query = f"select count(*), min(columns(*)), max(columns(*)) from '{path}'"
    assert duckdb.execute(query).fetchone() == (700_000, *["p1", "o1", "1.00"] * 2)


@pytest.mark.parametrize(("rows", "row_groups"), [(1_000_000_000, 1), (1_000_000, 1_000)])
def test_a_file_of_few_bytes_and_billions_of_values_is_refused_at_once(
    tmp_path: Path, rows: int, row_groups: int
) -> None:
    bomb = repeated_text(PAYMENT, rows, row_groups)
    # Reading them would take the processor longer than this.
    request = a_request(tmp_path, bomb, name="payments.parquet", limits=Limits(cpu_seconds=10))

    with Parser() as own:
        result = own.parse(request)

    assert (result.status, result.reason_code) == ("rejected", "compression_bomb")
    assert detail_of(result) == (
        f"{len(bomb):,} bytes hold 1,000,000,000 rows of 3 columns, 3,000,000,000 values; a file "
        "of this size may hold 67,108,864; split it into files of fewer rows, or deliver it as CSV"
    )


def test_a_list_of_any_length_counts_as_its_elements(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    duckdb.execute(
        "copy (select 'p1' as payment_id, 'o1' as order_id, 1.5 as amount, "
        f"list_resize([0], 100000, 0) as more from range(20)) to '{path}' (format parquet)"
    )
    limits = Limits(values_always_allowed=1_000_000)

    result = parse_bytes(
        parser, tmp_path / "in", path.read_bytes(), name="payments.parquet", limits=limits
    )

    assert result.reason_code == "compression_bomb"
    assert "2,000,060 values" in detail_of(result)


def test_honest_files_whose_columns_are_constant_load(parser: Parser, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"payment_id": [f"p{n}" for n in range(100_000)]},
    ).with_columns(order_id=pl.lit("o1"), amount=pl.lit(1.5), currency_code=pl.lit("EUR"))
    frame.write_parquet(tmp_path / "source", compression="zstd")
    content = (tmp_path / "source").read_bytes()

    # As many values for its size as are allowed of a file of any size, and more.
    few = Limits(values_always_allowed=0)
    for limits in (Limits(), few):
        result = parse_bytes(
            parser, tmp_path / "in", content, name="payments.parquet", limits=limits
        )
        assert (result.status, result.valid) == ("parsed", 100_000)
    assert len(set(rows_of(result, "payment_id"))) == 100_000


def test_a_file_of_nothing_but_constants_loads_up_to_the_size_of_a_normal_one(
    parser: Parser, tmp_path: Path
) -> None:
    content = repeated_text(PAYMENT, 500_000)
    started = time.monotonic()
    result = parse_bytes(parser, tmp_path, content, name="payments.parquet")

    assert (len(content) < 400, result.status, result.received) == (True, "parsed", 500_000)
    assert time.monotonic() - started < 60
