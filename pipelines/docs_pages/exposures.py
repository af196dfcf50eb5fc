"""dbt's exposures: which models each page, each destination and each export of people rests on.

A page's tables are those of the queries behind it, read from the dashboards' source: the two
programs do not import each other.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp

from pipelines.dbt.manifest import VENDOR, Export, Manifest
from pipelines.docs_pages.page_queries import queries_behind, uses_of
from pipelines.docs_pages.yaml_text import quoted
from pipelines.exporting.files import Unusable, all_exports
from pipelines.exporting.subjects import marts_read
from pipelines.settings import PROJECT_ROOT
from sources.errors import ConfigurationError

_HEAD = """# Made by `make docs` from the pages' queries and from the exports; do not edit.
exposures:
"""
# What a page uses that asks any mart, whichever its reader chooses.
_EXPLORING = "from dashboards.exploring import"
SHIPPED_EXPORTS = PROJECT_ROOT / "marketplaces" / "exports"
_SEGMENT_MARTS = {"mart_segment_history", "mart_segments"}
_EXPOSURE = """  - name: {name}
    label: {label}
    type: {kind}
    description: {description}
    owner: {{name: Kontor}}
    depends_on:{reads}
"""


def exposures(manifest: Manifest, dashboards: Path) -> str:
    """The YAML of every page's exposure, every destination's, and every shipped export's."""
    exports = manifest.exports()
    found = [*_pages(manifest, exports, dashboards), *_destinations(exports), *_segments()]
    return _HEAD + "\n".join(found)


def _pages(manifest: Manifest, exports: Iterable[Export], dashboards: Path) -> Iterator[str]:
    for_vendors = {e.table: e.model.name for e in exports if e.destination == VENDOR}
    files = {path.stem: path for path in (dashboards / "queries/sql").glob("*.sql")}
    uses = uses_of(dashboards, set(files))
    for page in sorted((dashboards / "app_pages").glob("[!_]*.py")):
        audience, _, subject = page.stem.partition("_")
        read = {
            for_vendors[table] if audience == VENDOR else table
            for query in queries_behind(f"app_pages.{page.stem}", uses)
            if audience in _audience(files[query])
            for table in _tables(files[query])
        }
        if _EXPLORING in page.read_text("utf-8"):
            read |= {mart.name for mart in manifest.marts}
        label = f"{subject.replace('_', ' ').capitalize()}, for {audience}s"
        description = (ast.get_docstring(ast.parse(page.read_text("utf-8"))) or "").partition("\n")[
            0
        ]
        yield _exposure(f"page_{page.stem}", label, "dashboard", description, read)


def _destinations(exports: Iterable[Export]) -> Iterator[str]:
    by_destination: dict[str, set[str]] = {}
    for export in exports:
        by_destination.setdefault(export.destination, set()).add(export.model.name)
    for destination, read in by_destination.items():
        name = f"export_{destination.replace('/', '_')}"
        description = f"What leaves for {destination}: models of exports and columns of marts."
        yield _exposure(name, f"Export {destination}", "application", description, read)


def _segments() -> Iterator[str]:
    """The exports of people that come with the marketplaces; they read what is published."""
    for folder in sorted(path for path in SHIPPED_EXPORTS.glob("*") if path.is_dir()):
        for each in all_exports(folder):
            if isinstance(each, Unusable):
                raise ConfigurationError(list(each.problems))
            export = each.export
            whom = f"The segment {export.segment}" if export.segment else "Buyers of vendors"
            description = f"{whom}, sent to {export.destination}."
            read = marts_read(export.subject, for_vendors=export.for_vendors) | _SEGMENT_MARTS
            yield _exposure(f"sent_{each.name}", export.title, "application", description, read)


def _exposure(name: str, label: str, kind: str, description: str, read: set[str]) -> str:
    reads = "".join(f"\n      - ref('{model}')" for model in sorted(read)) or " []"
    return _EXPOSURE.format(
        name=name, label=quoted(label), kind=kind, description=quoted(description), reads=reads
    )


def _audience(path: Path) -> set[str]:
    """Who may ask a query, as its first line says; a component may ask others for others."""
    first = path.read_text("utf-8").partition("\n")[0]
    return set(first.removeprefix("-- audience: ").split(", "))


def _tables(path: Path) -> set[str]:
    """The published tables that a query reads."""
    statement = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    return {table.name for table in statement.find_all(exp.Table) if table.db == "marts"}
