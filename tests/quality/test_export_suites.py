"""What leaves holds what was promised, and nobody of whom its destination may not know."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_quality.destinations import UnknownDestination
from data_quality.export_suites import is_personal, is_rate
from data_quality.rules import SuiteRequest
from data_quality.runner import Checker
from pipelines.checking import check_results
from pipelines.checking.desk import QualityDesk
from pipelines.checking.export_batches import export_batches, write_parts
from pipelines.dbt.manifest import Manifest
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named

pytestmark = pytest.mark.quality

VENDOR_MODEL = "exports/vendor/exp_vendor__things"
VENDOR_SLICE = "marts/vendor_performance/mart_things"
CONTACTS = "exports/marketing/letters/exp_marketing_letters__contacts"

COLUMNS = {
    "vendor_id": "string",
    "product_id": "string",
    "product_name": "string",
    "bought_from_vendor_id": "string",
    "unit": "string",
    "rate": "double",
    "return_rate": "double",
    "customer_count": "bigint",
}
SOUND = ("V-1", "P-1", "Nokia 3310, 0049 series", "V-1", "rate", 0.5, 1.0, 10)
PERSON = {"contact_id": "string", "email": "string", "segment": "string", "open_rate": "double"}
PERSONAL = frozenset({"contact_id", "email"})

FAULTS = {
    "vendor_id_product_id_is_unique": "insert into {0} select * from {0}",
    "vendor_id_is_filled": "update {0} set vendor_id = null",
    "foreign_vendor_count": "update {0} set bought_from_vendor_id = 'V-2'",
    "impossible_rate_count": "update {0} set return_rate = 1.01",
    "customer_count_is_no_small_group": "update {0} set customer_count = 9",
}


def parsed(
    path: str,
    columns: dict[str, str],
    key: list[str],
    marked: dict[str, dict[str, bool]] | None = None,
    **meta: bool,
) -> Manifest:
    """A project with one model, as dbt parses it."""
    name, schema = path.rpartition("/")[2], path.partition("/")[0]
    noted = marked or {}
    model: dict[str, Any] = {
        "resource_type": "model",
        "name": name,
        "schema": schema,
        "fqn": ["kontor", *path.split("/")],
        "config": {"meta": meta},
        "columns": {
            column: {"name": column, "data_type": kind, "meta": noted.get(column, {})}
            for column, kind in columns.items()
        },
    }
    test = {
        "resource_type": "test",
        "attached_node": f"model.kontor.{name}",
        "test_metadata": {"name": "unique_combination", "kwargs": {"columns": key}},
    }
    return Manifest({"nodes": {f"model.kontor.{name}": model, "test.kontor.key": test}})


def things(path: str) -> Manifest:
    """What vendors get of things: a model of exports or, declared, most of a mart's columns."""
    marked = {name: {"vendor": True} for name in COLUMNS} if path == VENDOR_SLICE else {}
    return parsed(path, COLUMNS, ["vendor_id", "product_id"], marked)


def contacts(path: str, personal: frozenset[str] = PERSONAL) -> Manifest:
    """A list of people; those columns are marked as personal."""
    return parsed(path, PERSON, ["contact_id"], {name: {"pii": True} for name in personal})


def relation(path: str) -> str:
    """Where a model stands in the warehouse."""
    return f"{path.partition('/')[0]}.{path.rpartition('/')[2]}"


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema exports; create schema marts")
    connection.execute("create table marts.dim_vendors as select unnest(['V-1', 'V-2']) vendor_id")
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"create table {relation(VENDOR_MODEL)} ({columns})")
    connection.execute(f"insert into {relation(VENDOR_MODEL)} values {SOUND}")
    connection.execute(
        f"create table {relation(VENDOR_SLICE)} as "
        f"select *, 'a@b.example' as owner_email from {relation(VENDOR_MODEL)}"
    )
    connection.execute(
        f"create table {relation(CONTACTS)} as select 'C-1' as contact_id, "
        "'a.b@c.example' as email, 'regulars' as segment, cast(55 as double) as open_rate"
    )
    connection.execute(
        f"create table exports.exp_vendor__contacts as from {relation(CONTACTS)};"
        "alter table exports.exp_vendor__contacts add column vendor_id text default 'V-1'"
    )
    return connection


def failed(
    connection: duckdb.DuckDBPyConnection, checker: Checker, folder: Path, manifest: Manifest
) -> dict[str, str]:
    """The checks of the one export that did not pass, with their severity."""
    [batch] = export_batches(manifest)
    parts = write_parts(connection, batch, folder)
    checker.submit(SuiteRequest(suite=batch.suite, parts=parts, docs_folder=str(folder)), folder)
    [answer] = checker.answers()
    assert answer.results
    return {result.name: result.severity for result in answer.results if not result.is_passed}


@pytest.mark.parametrize("path", [VENDOR_MODEL, VENDOR_SLICE])
def test_sound_export_leaves(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, path: str
) -> None:
    assert failed(warehouse, checker, tmp_path, things(path)) == {}


@pytest.mark.parametrize("check", FAULTS)
@pytest.mark.parametrize("path", [VENDOR_MODEL, VENDOR_SLICE])
def test_unsound_export_does_not(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, path: str, check: str
) -> None:
    warehouse.execute(FAULTS[check].format(relation(path)))

    found = failed(warehouse, checker, tmp_path, things(path))

    assert found[check] == "error"


@pytest.mark.parametrize(
    ("check", "text"),
    [("mail_like_count", "to a.b@c.example"), ("phone_like_count", "call +49 30 1234567")],
)
def test_address_that_is_masked_on_its_way_to_vendors_is_a_warning(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, check: str, text: str
) -> None:
    warehouse.execute(f"update {relation(VENDOR_MODEL)} set product_name = '{text}'")

    assert failed(warehouse, checker, tmp_path, things(VENDOR_MODEL)) == {check: "warn"}


def test_equal_values_name_no_vendor_and_a_vendors_own_id_may_be_an_address(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    # product V-2 of vendor V-1, as where everything is numbered from 1
    warehouse.execute(
        f"update {relation(VENDOR_MODEL)} set product_id = 'V-2', product_name = 'V-2', "
        "vendor_id = 'shop@v.example', bought_from_vendor_id = null"
    )

    assert failed(warehouse, checker, tmp_path, things(VENDOR_MODEL)) == {}


def test_declared_reference_names_no_other_vendor(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    marked = {"product_name": {"vendor_reference": True}}
    manifest = parsed(VENDOR_MODEL, COLUMNS, ["vendor_id", "product_id"], marked)
    warehouse.execute(f"update {relation(VENDOR_MODEL)} set product_name = 'V-2'")

    assert failed(warehouse, checker, tmp_path, manifest) == {"foreign_vendor_count": "error"}


def test_column_that_nobody_promised_does_not_leave(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    warehouse.execute(f"alter table {relation(VENDOR_MODEL)} add column colour text")

    found = failed(warehouse, checker, tmp_path, things(VENDOR_MODEL))

    assert found == {"columns_are_the_contracts": "error"}


def test_results_and_pages_name_the_destination_and_the_table(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    [batch] = export_batches(things(VENDOR_SLICE))

    failed(warehouse, checker, tmp_path, things(VENDOR_SLICE))

    assert batch.suite.name == "vendor/mart_things"
    assert (tmp_path / "vendor__mart_things.html").exists()


def test_an_export_that_holds_the_same_is_not_checked_again(
    checker: Checker, tmp_path: Path
) -> None:
    home, table = Home(tmp_path), relation(VENDOR_MODEL)
    shop, manifest = marketplace_named("demo", home), things(VENDOR_MODEL)
    claim_warehouse(home, shop.name)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())

    def asked(*statements: str, everything: bool = False) -> list[str]:
        desk = QualityDesk(home, shop, checker, "2026-07-01 05:00:00")
        with open_warehouse(home.warehouse) as connection:
            for statement in statements:
                connection.execute(statement)
            exports = desk.ask_about_exports(connection, manifest, everything=everything)
            desk.collect(connection, manifest)
        return exports

    def failed_now() -> set[str]:
        with open_warehouse(home.warehouse) as connection:
            return {r.check_name for r in check_results.results(connection) if not r.is_passed}

    made = f"create schema exports; create table {table} ({columns})"
    assert asked(made, f"insert into {table} values {SOUND}") == ["vendor/things"]
    # built anew with the same rows in another order, as each run builds it
    assert asked(f"create or replace table {table} as from {table} order by rate desc") == []
    assert asked(FAULTS["impossible_rate_count"].format(table)) == ["vendor/things"]
    assert asked() == []
    assert failed_now() == {"expectations/impossible_rate_count"}  # and stays until it is repaired
    assert asked(f"update {table} set return_rate = 1") == ["vendor/things"]
    assert failed_now() == set()
    assert asked(f"alter table {table} add column colour text") == ["vendor/things"]
    assert failed_now() == {"expectations/columns_are_the_contracts"}
    assert asked(f"alter table {table} drop column colour", everything=True) == ["vendor/things"]
    # what left before and came back has no results until it is checked
    with open_warehouse(home.warehouse) as connection:
        check_results.forget_exports(connection, [])
    assert asked() == ["vendor/things"]


def test_score_may_be_more_than_one(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    warehouse.execute(
        f"update {relation(VENDOR_MODEL)} set unit = 'score', rate = 4.5, return_rate = null"
    )

    assert failed(warehouse, checker, tmp_path, things(VENDOR_MODEL)) == {}


@pytest.mark.parametrize("statement", ["delete from {0}", "update {0} set product_name = null"])
def test_export_without_rows_or_names_leaves(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, statement: str
) -> None:
    warehouse.execute(statement.format(relation(VENDOR_MODEL)))

    assert failed(warehouse, checker, tmp_path, things(VENDOR_MODEL)) == {}


def test_contact_list_may_hold_the_addresses_that_its_contract_marks(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    # nor does it need a vendor, and its rates are per cent
    assert failed(warehouse, checker, tmp_path, contacts(CONTACTS)) == {}


@pytest.mark.parametrize("personal", [PERSONAL, frozenset[str]()])
def test_the_same_list_does_not_leave_for_vendors(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, personal: frozenset[str]
) -> None:
    manifest = contacts("exports/vendor/exp_vendor__contacts", personal)

    found = failed(warehouse, checker, tmp_path, manifest)

    assert found["columns_are_the_contracts"] == "error"


def test_personal_column_that_is_not_marked_does_not_leave_for_anybody(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    found = failed(warehouse, checker, tmp_path, contacts(CONTACTS, frozenset({"contact_id"})))

    assert found == {"columns_are_the_contracts": "error", "mail_like_count": "error"}


@pytest.mark.parametrize(
    ("check", "text"),
    [("mail_like_count", "ask x@y.example"), ("phone_like_count", "+49 30 1234567")],
)
def test_address_in_a_column_that_is_not_marked_does_not_leave_for_anybody(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, check: str, text: str
) -> None:
    warehouse.execute(f"update {relation(CONTACTS)} set segment = '{text}'")

    assert failed(warehouse, checker, tmp_path, contacts(CONTACTS)) == {check: "error"}


def test_nobody_is_in_a_contact_list_twice(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    warehouse.execute(f"insert into {relation(CONTACTS)} from {relation(CONTACTS)}")

    found = failed(warehouse, checker, tmp_path, contacts(CONTACTS))

    assert found == {"contact_id_is_unique": "error"}


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_vendors_get_has_their_id_or_is_shared(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path, is_shared: bool
) -> None:
    warehouse.execute("create table exports.exp_vendor__words as select 'late' as word")
    path = "exports/vendor/exp_vendor__words"
    manifest = parsed(path, {"word": "string"}, ["word"], shared=is_shared)

    found = failed(warehouse, checker, tmp_path, manifest)

    assert found == ({} if is_shared else {"columns_are_the_contracts": "error"})


def test_marked_column_of_a_mart_that_is_personal_does_not_leave(
    warehouse: duckdb.DuckDBPyConnection, checker: Checker, tmp_path: Path
) -> None:
    marked = {name: {"vendor": True, "pii": name == "product_name"} for name in COLUMNS}
    manifest = parsed(VENDOR_SLICE, COLUMNS, ["vendor_id", "product_id"], marked)

    found = failed(warehouse, checker, tmp_path, manifest)

    assert found == {"columns_are_the_contracts": "error"}


@pytest.mark.parametrize("folder", ["vendors", "marketing", "marketing/letters/daily", "vendor/x"])
def test_nothing_leaves_for_a_destination_without_rules(folder: str) -> None:
    with pytest.raises(UnknownDestination, match=f"exports/{folder} is no destination"):
        export_batches(contacts(f"exports/{folder}/exp_{folder.replace('/', '_')}__contacts"))


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


@pytest.mark.parametrize(
    ("column", "rate"),
    [("return_rate", True), ("tax_share", True), ("rate", True), ("exchange_rate", False)],
)
def test_a_share_of_one_is_told_from_a_price_of_money(column: str, rate: bool) -> None:
    assert is_rate(column) == rate
