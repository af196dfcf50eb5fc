"""Which tables are published, and what each promises, as dbt's manifest says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VENDOR_PREFIX = "exp_vendor__"


@dataclass(frozen=True, slots=True)
class Column:
    """One promised column."""

    name: str
    data_type: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A relation of the warehouse and the table it becomes in a published file's schema marts."""

    name: str
    schema: str
    relation: str
    columns: tuple[Column, ...]
    is_shared: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the promised columns."""
        return tuple(column.name for column in self.columns)

    def has(self, *names: str) -> bool:
        """Whether all of these columns are promised."""
        return set(names) <= set(self.column_names)


@dataclass(frozen=True, slots=True)
class PublishedTables:
    """Everything that is published from one warehouse."""

    catalog: str  # views name their catalog, so the warehouse has to be attached under it
    operator: tuple[PublishedTable, ...]
    vendor: tuple[PublishedTable, ...]


def read_tables(manifest: Path) -> PublishedTables:
    """The models below marts/ for the operator and those below exports/vendor/ for vendors."""
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model"]
    operator = [_table(node, node["name"]) for node in _below(models, "marts")]
    vendor = [
        _table(node, node["name"].removeprefix(VENDOR_PREFIX))
        for node in _below(models, "exports", "vendor")
        if node["name"].startswith(VENDOR_PREFIX)
    ]
    catalogs = {node["database"] for node in models if node.get("database")}
    return PublishedTables(
        catalog=catalogs.pop() if len(catalogs) == 1 else "warehouse",
        operator=tuple(sorted(operator, key=lambda table: table.name)),
        vendor=tuple(sorted(vendor, key=lambda table: table.name)),
    )


def _below(models: list[dict[str, Any]], *folders: str) -> Iterator[dict[str, Any]]:
    for node in models:
        enabled = node.get("config", {}).get("enabled", True)
        if enabled and tuple(Path(node["path"]).parts[: len(folders)]) == folders:
            yield node


def _table(node: dict[str, Any], name: str) -> PublishedTable:
    columns = tuple(
        Column(column["name"], column.get("data_type") or "", bool(_meta(column).get("pii")))
        for column in node["columns"].values()
    )
    relation = f"{quoted(node['schema'])}.{quoted(node.get('alias') or node['name'])}"
    return PublishedTable(
        name=name,
        schema=node["schema"],
        relation=relation,
        columns=columns,
        is_shared=bool(_meta(node).get("shared")),
    )


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    """What was noted beside a model or a column; dbt is moving it from `meta` to `config.meta`."""
    return {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}


def quoted(identifier: str) -> str:
    """An identifier as SQL takes it, whatever it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL takes it where no value can be bound, as in attach."""
    return "'" + text.replace("'", "''") + "'"
