"""dbt's exposures: which models each page and each destination of exports rests on.

A page's tables are those of the queries that it names, read from the dashboards' source: the two
programs do not import each other.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import sqlglot
from sqlglot import exp

from pipelines.dbt.manifest import VENDOR, Export, Manifest
from pipelines.docs_pages.yaml_text import quoted

_HEAD = """# Made by `make docs` from the pages' queries and from the exports; do not edit.
exposures:
"""
_EXPOSURE = """  - name: {name}
    label: {label}
    type: {kind}
    description: {description}
    owner: {{name: Kontor}}
    depends_on:{reads}
"""


def exposures(manifest: Manifest, dashboards: Path) -> str:
    """The YAML of every page's exposure and every destination's."""
    exports = manifest.exports()
    return _HEAD + "\n".join([*_pages(exports, dashboards), *_destinations(exports)])


def _pages(exports: Iterable[Export], dashboards: Path) -> Iterator[str]:
    for_vendors = {e.table: e.model.name for e in exports if e.destination == VENDOR}
    queries = {path.stem: _tables(path) for path in (dashboards / "queries/sql").glob("*.sql")}
    asking = {
        path.stem: _queries_by_function(path, set(queries))
        for path in (dashboards / "queries").glob("*.py")
    }
    for page in sorted((dashboards / "app_pages").glob("[!_]*.py")):
        tree = ast.parse(page.read_text("utf-8"))
        read = {
            for_vendors[table] if query.startswith(f"{VENDOR}_") else table
            for query in _queries_of_page(tree, asking)
            for table in queries[query]
        }
        audience, _, subject = page.stem.partition("_")
        label = f"{subject.replace('_', ' ').capitalize()}, for {audience}s"
        description = (ast.get_docstring(tree) or "").partition("\n")[0]
        yield _exposure(f"page_{page.stem}", label, "dashboard", description, read)


def _destinations(exports: Iterable[Export]) -> Iterator[str]:
    by_destination: dict[str, set[str]] = {}
    for export in exports:
        by_destination.setdefault(export.destination, set()).add(export.model.name)
    for destination, read in by_destination.items():
        name = f"export_{destination.replace('/', '_')}"
        description = f"What leaves for {destination}: models of exports and columns of marts."
        yield _exposure(name, f"Export {destination}", "application", description, read)


def _exposure(name: str, label: str, kind: str, description: str, read: set[str]) -> str:
    reads = "".join(f"\n      - ref('{model}')" for model in sorted(read)) or " []"
    return _EXPOSURE.format(
        name=name, label=quoted(label), kind=kind, description=quoted(description), reads=reads
    )


def _tables(path: Path) -> set[str]:
    """The published tables that a query reads."""
    statement = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    return {table.name for table in statement.find_all(exp.Table) if table.db == "marts"}


def _queries_by_function(path: Path, queries: set[str]) -> dict[str, set[str]]:
    """The queries that each function of a module names, itself or by one that it calls."""
    functions = [
        node
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    named = {
        function.name: {
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value in queries
        }
        for function in functions
    }
    called = {
        function.name: {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        for function in functions
    }
    for _ in functions:  # no chain of calls is longer than this
        named = {
            name: own.union(*(named[other] for other in called[name] & named.keys()))
            for name, own in named.items()
        }
    return named


def _queries_of_page(tree: ast.Module, asking: Mapping[str, Mapping[str, set[str]]]) -> set[str]:
    """The queries behind the functions that a page takes from the modules of queries."""
    modules = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dashboards.queries"
        for alias in node.names
    }
    return {
        query
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
        for query in asking[modules[node.value.id]].get(node.attr, ())
    }
