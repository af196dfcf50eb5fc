"""What every warehouse promises to a step, asked of each of them."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.assets.resources import Run
from pipelines.loading.relations import (
    BuildFile,
    ParquetFolder,
    RelationMissingError,
    Warehouse,
)
from pipelines.settings import PipelineSettings

ROWS = pl.DataFrame(
    {
        "vendor_id": ["v-2", "v-1", None],
        "unit_count": [3, None, 2**60],
        "rate": [0.1, None, 0.30000000000000004],
        "is_late": [True, None, False],
        "window_end": [date(2026, 7, 1), None, date(1970, 1, 1)],
        "gmv": [Decimal("0.10"), None, Decimal("9999999999999999.99")],
        "seen_at": [datetime(2026, 3, 29, 2, 30, 0, 123456), None, datetime(2026, 1, 1)],  # noqa: DTZ001
    },
    schema_overrides={"gmv": pl.Decimal(18, 2)},
)


@pytest.fixture(params=["build file", "parquet"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    if request.param == "parquet":
        yield ParquetFolder(tmp_path)
        return
    with duckdb.connect() as connection:
        yield BuildFile(connection)


def test_what_was_put_in_comes_out_with_its_types_in_a_fixed_order(warehouse: Warehouse) -> None:
    warehouse.replace("predictions", "rates", ROWS)
    first = warehouse.read("predictions", "rates")

    warehouse.replace("predictions", "rates", ROWS.reverse())

    assert first.equals(warehouse.read("predictions", "rates"))
    assert first.schema == ROWS.schema
    # nulls last, as DuckDB sorts
    assert first.equals(ROWS.sort("vendor_id", nulls_last=True))


def test_a_table_that_is_replaced_has_nothing_left_of_the_old_one(warehouse: Warehouse) -> None:
    warehouse.replace("predictions", "rates", ROWS)
    shorter = ROWS.select("vendor_id", n=pl.lit(1, pl.Int64)).head(1)

    warehouse.replace("predictions", "rates", shorter)

    assert warehouse.read("predictions", "rates").equals(shorter)


def test_an_empty_table_keeps_its_columns(warehouse: Warehouse) -> None:
    warehouse.replace("predictions", "rates", ROWS.head(0))

    assert warehouse.read("predictions", "rates").equals(ROWS.head(0))
    assert not warehouse.holds("predictions", "rates", "vendor_id", "v-1")


def test_a_value_is_found_in_its_column_only(warehouse: Warehouse) -> None:
    assert not warehouse.holds("predictions", "rates", "vendor_id", "v-1")

    warehouse.replace("predictions", "rates", ROWS)

    assert warehouse.holds("predictions", "rates", "vendor_id", "v-1")
    assert not warehouse.holds("predictions", "rates", "vendor_id", "another")
    # a table that an older version of Kontor made
    assert not warehouse.holds("predictions", "rates", "not_there_yet", "v-1")


def test_what_is_not_there_is_said_by_name(warehouse: Warehouse) -> None:
    with pytest.raises(RelationMissingError, match=r"predictions\.rates"):
        warehouse.read("predictions", "rates")


def test_one_table_is_not_the_other(warehouse: Warehouse) -> None:
    warehouse.replace("predictions", "rates", ROWS)
    warehouse.replace("predictions", "forecasts", ROWS.head(1))
    warehouse.replace("intermediate", "rates", ROWS.head(2))

    heights = [
        warehouse.read(*place).height
        for place in [
            ("predictions", "rates"),
            ("predictions", "forecasts"),
            ("intermediate", "rates"),
        ]
    ]

    assert heights == [3, 1, 2]


def test_files_that_spark_wrote_are_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "intermediate" / "sums"
    folder.mkdir(parents=True)
    for number, part in enumerate((ROWS.head(1), ROWS.tail(2))):
        part.write_parquet(folder / f"part-{number:05}-c000.snappy.parquet")
    (folder / "_SUCCESS").touch()

    assert (
        ParquetFolder(tmp_path)
        .read("intermediate", "sums")
        .equals(ROWS.sort("vendor_id", nulls_last=True))
    )
    with pytest.raises(FileExistsError, match="another writer"):
        ParquetFolder(tmp_path).replace("intermediate", "sums", ROWS)


def test_a_write_that_fails_leaves_the_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = ParquetFolder(tmp_path)
    tables.replace("predictions", "rates", ROWS)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            tables.replace("predictions", "rates", ROWS.head(1))

    assert tables.read("predictions", "rates").height == 3
    # and what was left lying does not stop the next one
    tables.replace("predictions", "rates", ROWS.head(1))
    assert tables.read("predictions", "rates").height == 1


def test_a_name_that_leaves_the_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'\.\./raw' is no name"):
        ParquetFolder(tmp_path).read("../raw", "rates")


@pytest.mark.parametrize(("engine", "kind"), [("duckdb", BuildFile), ("spark", ParquetFolder)])
def test_the_setting_decides_where_a_step_reads(
    engine: str, kind: type[Warehouse], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_ENGINE", engine)
    run = Run()
    run._settings = PipelineSettings(home=tmp_path)

    assert isinstance(run.tables(duckdb.connect()), kind)
