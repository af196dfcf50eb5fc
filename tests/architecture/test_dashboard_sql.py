"""The dashboards read marts only, and a vendor's query never forgets the vendor."""

import ast
import csv
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from dashboards.gate.downloads import LISTINGS
from dashboards.listings.listing import Listing
from dashboards.pages import PAGES
from dashboards.queries.questions import question
from pipelines.dbt.manifest import Manifest
from pipelines.docs_pages.page_queries import queries_behind, uses_of
from pipelines.publishing.tables import published_tables

ROOT = Path(__file__).parents[2]
DASHBOARDS = ROOT / "dashboards"
SQL = DASHBOARDS / "queries" / "sql"
QUERIES = sorted(SQL.glob("*.sql"))
VENDOR_QUERIES = [path for path in QUERIES if "vendor" in question(path.stem).audience]

# Definitions are the same for everybody.
SHARED_TABLES = {"mart_metrics", "mart_trailing_windows"}
AGGREGATES = {"count", "max", "min", "sum"}
ALLOWED_FUNCTIONS = AGGREGATES | {
    *("abs", "and", "case", "cast", "coalesce", "contains", "dayofweek_iso", "if", "lower"),
    *("median", "or", "timestamp_trunc"),
}


def parsed(path: Path) -> exp.Select:
    statements = sqlglot.parse(path.read_text(), dialect="duckdb")
    assert len(statements) == 1, f"{path.name} holds {len(statements)} statements"
    statement = statements[0]
    assert isinstance(statement, exp.Select), f"{path.name} is not a select"
    return statement


def test_there_are_queries_for_each_audience_and_for_both() -> None:
    audiences = {question(path.stem).audience for path in QUERIES}

    assert audiences == {
        frozenset({"operator"}), frozenset({"vendor"}), frozenset({"operator", "vendor"})
    }  # fmt: skip


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_marts_only(path: Path) -> None:
    tables = list(parsed(path).find_all(exp.Table))

    assert tables
    for table in tables:
        assert table.db == "marts", f"{table.sql()} is not a mart"
        assert not table.catalog
        assert isinstance(table.this, exp.Identifier), f"{table.sql()} is a function"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_calls_no_function_that_could_read_a_file(path: Path) -> None:
    called = {function.sql_name().lower() for function in parsed(path).find_all(exp.Func)}
    unknown = {function.name.lower() for function in parsed(path).find_all(exp.Anonymous)}

    assert called | unknown <= ALLOWED_FUNCTIONS | {"anonymous"}
    assert unknown <= ALLOWED_FUNCTIONS


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_names_its_columns(path: Path) -> None:
    stars = [star for star in parsed(path).find_all(exp.Star) if not star.find_ancestor(exp.Count)]

    assert not stars


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_holds_no_literal_of_a_vendor_and_no_dynamic_text(path: Path) -> None:
    text = path.read_text()

    assert "{" not in text
    assert ";" not in text


@pytest.mark.parametrize("path", VENDOR_QUERIES, ids=lambda path: path.stem)
def test_a_vendor_query_binds_the_vendor_in_every_select(path: Path) -> None:
    for select in parsed(path).find_all(exp.Select):
        tables = {table.name for table in select.find_all(exp.Table)}
        if tables <= SHARED_TABLES:
            continue
        where = select.args.get("where")
        assert where is not None
        # Only a condition on the top level of the `and` holds for every row.
        conditions = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
        assert any(_binds_vendor(condition) for condition in conditions), path.name
        assert "vendor_id" in {column.alias_or_name for column in select.expressions}


@pytest.mark.parametrize("path", VENDOR_QUERIES, ids=lambda path: path.stem)
def test_a_vendor_query_joins_only_rows_of_the_same_vendor(path: Path) -> None:
    for join in parsed(path).find_all(exp.Join):
        table = join.this
        if table.name in SHARED_TABLES:
            continue
        columns = {column.name for column in join.args["on"].find_all(exp.Column)}
        assert "vendor_id" in columns, f"{path.name} joins {table.name} without the vendor"


def _binds_vendor(condition: exp.Expression) -> bool:
    return (
        isinstance(condition, exp.EQ)
        and isinstance(condition.left, exp.Column)
        and condition.left.name == "vendor_id"
        and isinstance(condition.right, exp.Parameter | exp.Placeholder)
        and condition.right.name == "vendor_id"
    )


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_only_columns_that_the_models_promise(
    path: Path, manifest: dict[str, Any]
) -> None:
    tables = published_tables(Manifest(manifest))
    for audience in question(path.stem).audience:
        published = tables.vendor if audience == "vendor" else tables.operator
        promised = {
            table.name: {column.name: column.data_type for column in table.columns}
            for table in published
        }
        schema = {"marts": promised}
        qualify(parsed(path), schema=schema, dialect="duckdb", validate_qualify_columns=True)


def test_windows_that_pages_name_are_published() -> None:
    seed = ROOT / "dbt_project" / "seeds" / "trailing_windows.csv"
    with seed.open(newline="") as file:
        published = {row["window_id"] for row in csv.DictReader(file)}
    named = {
        found
        for path in DASHBOARDS.rglob("*.py")
        for found in re.findall(r'"(last_\d+_days|all_time)"', path.read_text())
    }

    assert "last_90_days" in named
    assert named <= published


def test_every_query_is_asked() -> None:
    uses = uses_of(DASHBOARDS, {path.stem for path in QUERIES})
    asked = {
        query
        for path in (DASHBOARDS / "app_pages").glob("[!_]*.py")
        for query in queries_behind(f"app_pages.{path.stem}", uses)
    }

    assert asked == {path.stem for path in QUERIES}


def test_whatever_is_asked_is_there() -> None:
    named = {
        node.args[1].value
        for path in (DASHBOARDS / "queries").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"rows", "one"}
        and isinstance(node.args[1], ast.Constant)
    }

    assert named | {listing.query for listing in LISTINGS} == {path.stem for path in QUERIES}


def test_every_list_can_be_had_as_a_file() -> None:
    declared = {
        listing.name
        for path in modules("components")
        for listing in vars(import_module(f"dashboards.components.{path.stem}")).values()
        if isinstance(listing, Listing)
    }

    assert declared == {listing.name for listing in LISTINGS}
    assert len(declared) == len(LISTINGS)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_a_list_is_sorted_and_told_apart_by_columns_of_its_query(listing: Listing) -> None:
    returned = {column.alias_or_name for column in parsed(SQL / f"{listing.query}.sql").expressions}
    orders = [*listing.default_order, *(column.order for column in listing.columns if column.order)]

    assert {order.column for order in orders} | {*listing.key} <= returned
    # the declaration sorts and pages; a question that does so itself would do it twice
    assert not [
        key for key in ("order", "limit") if parsed(SQL / f"{listing.query}.sql").args.get(key)
    ]


def test_every_page_is_in_the_registry() -> None:
    registered = {page.show.__module__ for page in PAGES}

    found = {path.stem for path in modules("app_pages")} - {"__init__"}
    assert registered == {f"dashboards.app_pages.{name}" for name in found}


def modules(folder: str) -> list[Path]:
    return sorted((DASHBOARDS / folder).rglob("*.py"))


@pytest.mark.parametrize("path", modules("app_pages"), ids=lambda path: path.stem)
def test_a_page_knows_neither_duckdb_nor_sql(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    texts = [
        node.value.lower()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert not {name for name in imported if name.split(".")[0] in {"duckdb", "sqlalchemy"}}
    assert not [text for text in texts if text.lstrip().startswith(("select ", "with "))]
    assert not [text for text in texts if "marts." in text]


@pytest.mark.parametrize("path", modules("app_pages"), ids=lambda path: path.stem)
def test_a_page_calculates_nothing(path: Path) -> None:
    arithmetic = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
    found = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.BinOp) and isinstance(node.op, arithmetic)
    ]

    assert not found


@pytest.mark.parametrize("path", modules("."), ids=lambda path: path.stem)
def test_a_cached_function_cannot_leak_from_one_viewer_to_another(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef) or not _is_cached(function):
            continue
        names = [argument.arg for argument in function.args.args + function.args.kwonlyargs]
        body = "\n".join(ast.unparse(statement) for statement in function.body)
        assert not [name for name in names if name.startswith("_")], function.name
        for secret in ("session_state", "st.user", "query_params", "viewer"):
            assert secret not in body, f"{function.name} reads {secret}"


def _is_cached(function: ast.FunctionDef) -> bool:
    return any("cache" in ast.unparse(decorator) for decorator in function.decorator_list)


@pytest.mark.parametrize("path", modules("."), ids=lambda path: path.stem)
def test_no_module_lets_data_be_markdown_or_script(path: Path) -> None:
    text = path.read_text()

    assert "unsafe_allow_html" not in text
    assert "unsafe_allow_javascript" not in text
    assert "download_button(" not in text


def test_only_one_module_opens_published_files() -> None:
    opening = [path.name for path in modules(".") if "duckdb.connect" in path.read_text()]

    assert opening == ["connections.py"]
