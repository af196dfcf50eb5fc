"""What leaves for vendors holds what was promised and nothing of anybody else."""

from pathlib import Path

import duckdb
import pytest

from data_quality.export_suites import export_suite, is_personal
from data_quality.rules import SuiteRequest
from data_quality.runner import Checker
from pipelines.checking.export_batches import Export, write_parts

pytestmark = pytest.mark.quality

COLUMNS = {
    "vendor_id": "string",
    "product_id": "string",
    "product_name": "string",
    "unit": "string",
    "rate": "double",
    "return_rate": "double",
    "customer_count": "bigint",
}
SOUND = ("V-1", "P-1", "Nokia 3310, 0049 series", "rate", 0.5, 1.0, 10)

FAULTS = {
    "columns_are_the_contracts": "alter table exports.exp_vendor__things add column email text",
    "vendor_id_product_id_is_unique": (
        "insert into exports.exp_vendor__things select * from exports.exp_vendor__things"
    ),
    "vendor_id_is_filled": "update exports.exp_vendor__things set vendor_id = null",
    "mail_like_count": "update exports.exp_vendor__things set product_name = 'to a.b@c.example'",
    "phone_like_count": "update exports.exp_vendor__things set product_name = '+49 30 1234567'",
    "foreign_vendor_count": "update exports.exp_vendor__things set product_name = 'V-2'",
    "impossible_rate_count": "update exports.exp_vendor__things set return_rate = 1.01",
    "customer_count_is_no_small_group": "update exports.exp_vendor__things set customer_count = 9",
}


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema exports")
    connection.execute("create schema marts")
    connection.execute("create table marts.dim_vendors as select unnest(['V-1', 'V-2']) vendor_id")
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"create table exports.exp_vendor__things ({columns})")
    connection.execute(f"insert into exports.exp_vendor__things values {SOUND}")
    return connection


def failed(connection: duckdb.DuckDBPyConnection, checker: Checker, folder: Path) -> dict[str, str]:
    suite = export_suite("exp_vendor__things", COLUMNS, ["vendor_id", "product_id"])
    export = Export("exp_vendor__things", "exports.exp_vendor__things", COLUMNS, suite)
    parts = write_parts(connection, export, folder)
    checker.submit(SuiteRequest(suite=suite, parts=parts), folder)
    [answer] = checker.answers()
    return {result.name: result.severity for result in answer.results if not result.is_passed}


def test_sound_export_leaves(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    assert failed(warehouse, checker, tmp_path) == {}


@pytest.mark.parametrize("check", FAULTS)
def test_unsound_export_does_not(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, check: str
) -> None:
    warehouse.execute(FAULTS[check])

    found = failed(warehouse, checker, tmp_path)

    assert found[check] == "error"


def test_score_may_be_more_than_one(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    warehouse.execute(
        "update exports.exp_vendor__things set unit = 'score', rate = 4.5, return_rate = null"
    )

    assert failed(warehouse, checker, tmp_path) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "delete from exports.exp_vendor__things",
        "update exports.exp_vendor__things set product_name = null",
    ],
)
def test_export_without_rows_or_names_leaves(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, statement: str
) -> None:
    warehouse.execute(statement)

    assert failed(warehouse, checker, tmp_path) == {}


def test_column_that_names_a_person_is_not_promised_to_anybody() -> None:
    suite = export_suite("exp_vendor__things", {"vendor_id": "string", "email": "string"}, [])

    [columns] = [rule for rule in suite.rules if rule.name == "columns_are_the_contracts"]

    assert columns.arguments["column_set"] == ["vendor_id"]


@pytest.mark.parametrize(
    ("column", "personal"),
    [
        ("email", True),
        ("contact_phone", True),
        ("customer_id", True),
        ("postal_code", True),
        ("vendor_name", False),
        ("product_name", False),
        ("shipping_amount", False),
        ("description", False),
    ],
)
def test_names_of_personal_columns_are_known(column: str, personal: bool) -> None:
    assert is_personal(column) == personal
