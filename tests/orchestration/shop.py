"""A newcomer's shop: a folder of small CSV files, a YAML file of its own, and `kontor`."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import PROJECT_ROOT, child_environment

YAML = """\
name: corner
title: Corner shop
time_zone: Europe/Berlin
currency_code: EUR
folder: inbox
feeds:
  orders: [{files: orders*.csv, time_zone: UTC}]
  order_lines: [{files: lines*.csv, time_zone: UTC}]
  vendors: [{files: vendors.csv, time_zone: UTC}]
  payments: [{files: payments.csv, time_zone: UTC}]
"""
ORDERS = """\
order_id,customer_id,status,ordered_at,updated_at
o1,c1,delivered,2026-05-01 10:00:00,2026-05-02 00:00:00
o2,c1,delivered,2026-05-03 22:30:00,2026-05-04 00:00:00
o3,c2,cancelled,2026-05-04 10:00:00,2026-05-05 00:00:00
"""
LINES = """\
order_line_id,order_id,vendor_id,product_id,quantity,unit_price,updated_at
l1,o1,v1,p1,2,10.00,2026-05-02 00:00:00
l2,o1,v2,p2,1,5.55,2026-05-02 00:00:00
l3,o2,v1,p1,1,10.00,2026-05-04 00:00:00
l4,o3,v2,p2,3,5.55,2026-05-05 00:00:00
"""
VENDORS = "vendor_id,name\nv1,First\nv2,Second\n"
PAYMENTS = "payment_id,order_id,amount\npay1,o1,25.55\npay2,o2,10.00\n"


@dataclass
class Shop:
    """The shop's folder, its home, and what `kontor` answers there."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def put(self, name: str, text: str) -> None:
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        (inbox / name).write_text(text, encoding="utf-8")

    def kontor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with self.begun(*arguments) as running:
            said, complained = running.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, running.returncode, said, complained)

    def begun(self, *arguments: str) -> subprocess.Popen[str]:
        """The same while it runs."""
        environment = child_environment(
            {
                "KONTOR_HOME": str(self.home),
                "KONTOR_MARKETPLACE": str(self.folder / "corner.yml"),
                "PYTHONPATH": str(PROJECT_ROOT),
                "COLUMNS": "200",
            }
        )
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli.main", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0o022,  # as most machines have it
        )

    @property
    def open_to_others(self) -> list[str]:
        """What in the home another account of the machine may read, write or enter."""
        everything = [self.home, *self.home.rglob("*")]
        return [
            str(path.relative_to(self.folder))
            for path in everything
            if not path.is_symlink() and path.lstat().st_mode & 0o077
        ]

    @property
    def version(self) -> str:
        return (self.home / "published" / "CURRENT").read_text().strip()

    @property
    def last_run(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "published" / "LAST_RUN.json").read_text())
        return found

    @property
    def manifest(self) -> dict[str, Any]:
        path = self.home / "published" / self.version / "manifest.json"
        found: dict[str, Any] = json.loads(path.read_text())
        return found

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        path = self.home / "published" / self.version / "operator.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def marts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every mart's rows but those of loads and checks, which tell when they happened."""
        history = {"mart_data_quality", "mart_feed_status", "mart_quarantine"}
        history |= {"mart_checks", "mart_integration_health"}
        tables = [row[0] for row in self.ask("select table_name from duckdb_tables() order by all")]
        return {
            name: self.ask(f"select * from marts.{name} order by all")
            for name in tables
            if name not in history
        }


def open_shop(folder: Path) -> Shop:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corner.yml").write_text(YAML, encoding="utf-8")
    shop = Shop(folder)
    files = {"orders.csv": ORDERS, "lines.csv": LINES, "vendors.csv": VENDORS}
    for name, text in {**files, "payments.csv": PAYMENTS}.items():
        shop.put(name, text)
    return shop
