"""The shop's tables as PostgreSQL has them: a schema, and a CSV for each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sources.contract import Column, all_contracts
from sources.simulator.feed_files import DATED_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

# The shop's tables; the ERP's invoices lie beside them, as in a small company.
TABLES = ("orders", "order_lines", "vendors", "invoices")
SQL_TYPES = {"text": "text", "integer": "bigint", "timestamp": "timestamp"}


def write_postgres(feeds: Path, folder: Path) -> None:
    """Writes schema.sql and, for each table, the CSV that COPY ... (format csv, header) takes."""
    folder.mkdir(parents=True, exist_ok=True)
    statements = ["create schema if not exists shop;"]
    for table in TABLES:
        statements.append(create_table(table))
        dated = table in DATED_SUFFIX
        paths = sorted((feeds / table).glob("*.csv")) if dated else [feeds / f"{table}.csv"]
        with (folder / f"{table}.csv").open("wb") as target:
            for place, path in enumerate(paths):
                with path.open("rb") as source:
                    header = source.readline()
                    if place == 0:
                        target.write(header)
                    shutil.copyfileobj(source, target)
    (folder / "schema.sql").write_text("\n\n".join(statements) + "\n", "utf-8")


def create_table(table: str) -> str:
    """The table with the contract's columns, its key, and an index for reading by cursor."""
    contract = all_contracts()[table]
    columns = [f"    {name} {sql_type(column)}" for name, column in contract.columns.items()]
    key = f"    primary key ({', '.join(contract.key)})"
    body = ",\n".join([*columns, key])
    index = f"create index {table}_changed on shop.{table} ({contract.version});"
    return f"create table shop.{table} (\n{body}\n);\n{index}"


def sql_type(column: Column) -> str:
    """PostgreSQL's type of a column."""
    kind = SQL_TYPES.get(column.type, column.type).replace("decimal", "numeric")
    return f"{kind} not null" if column.required else kind
