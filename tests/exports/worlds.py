"""A small home with people, segments and consents, as the run of a marketplace leaves it."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import yaml

from data_quality.runner import Checker
from operations.store import open_store, sqlite_url
from pipelines.exporting.definitions import DestinationFile, Export
from pipelines.exporting.destination import Destination, Kind, Opening
from pipelines.exporting.destinations import folder
from pipelines.exporting.files import Named, Sink
from pipelines.exporting.identifiers.formats import Format
from pipelines.exporting.jobs import Job
from pipelines.exporting.sending import Clock
from pipelines.home import Home
from pipelines.loading.warehouse import create_tables, open_warehouse
from pipelines.settings import PROJECT_ROOT
from sources.contract import all_contracts

MARTS = (
    "customers/mart_segment_history",
    "customers/mart_segments",
    "customers/mart_contactability",
    "customers/mart_contactability_by_vendor",
    "customers/mart_customer_attributes",
    "customers/mart_business_contactability",
    "customers/mart_lead_attributes",
    "customers/mart_vendor_customer_segments",
    "vendor_performance/mart_vendor_assortment",
    "core/dim_customers",
    "core/dim_vendors",
    "vendor_performance/mart_vendor_attributes",
)
FEEDS = ("contacts", "customers", "consents", "vendors", "leads", "lead_events")
VERSION = "20260701T060000Z-00000001"
STATED = datetime(2026, 1, 1, 12, 0)  # noqa: DTZ001 - as the warehouse has it
START = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
SEGMENT = "buyers"
_CSV = folder.Settings()


@dataclass
class Time:
    """A clock that goes only when somebody waits."""

    now: datetime = START
    waited: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


class World:
    """People of a segment, each with an address and a consent; changed as the tests want."""

    def __init__(self, empty: Path, path: Path, url: str | None = None) -> None:
        shutil.copytree(empty, path)
        self.home = Home(path)
        self.time = Time()
        self.store = open_store(url or sqlite_url(path / "operations.sqlite"))
        self.operator = self.home.published / VERSION / "operator.duckdb"

    def publish(self, people: Mapping[str, str], *, holdout: Iterable[str] = ()) -> None:
        """Makes these the members, with their addresses; who is new has allowed it, by e-mail."""
        held = set(holdout)
        with duckdb.connect(str(self.operator)) as connection:
            for mart in ("mart_segments", "mart_segment_history", "dim_customers"):
                connection.execute(f"delete from marts.{mart}")
            known = connection.execute("select customer_id from marts.mart_contactability")
            asked = {key for (key,) in known.fetchall()}
            _insert(
                connection,
                "marts.mart_segments",
                [{"segment_id": SEGMENT, "subject_kind": "customer"}],
            )
            _insert(
                connection,
                "marts.mart_segment_history",
                [
                    {
                        "subject_id": key,
                        "subject_kind": "customer",
                        "segment_id": SEGMENT,
                        "is_holdout": key in held,
                    }
                    for key in people
                ],
            )
            _insert(connection, "marts.dim_customers", [{"customer_id": key} for key in people])
        self.consent(dict.fromkeys(sorted(set(people) - asked), "granted"))
        self.addresses(people)

    def addresses(self, people: Mapping[str, str]) -> None:
        """What addresses arrived."""
        with open_warehouse(self.home.warehouse) as connection:
            connection.execute(
                "delete from raw.customers where list_contains($keys, customer_id)",
                {"keys": list(people)},
            )
            _insert(
                connection,
                "raw.customers",
                [
                    {
                        "customer_record_id": key,
                        "customer_id": key,
                        "email": email,
                        "_is_deleted": False,
                        "_row_id": int(self.time.now.timestamp()) + number,
                    }
                    for number, (key, email) in enumerate(people.items())
                ],
            )

    def consent(self, states: Mapping[str, str], **more: Any) -> None:
        """What the published version says of some people's consent to marketing by e-mail."""
        with duckdb.connect(str(self.operator)) as connection:
            for key in states:
                connection.execute(
                    "delete from marts.mart_contactability where customer_id = ?", [key]
                )
            _insert(
                connection,
                "marts.mart_contactability",
                [
                    {
                        "customer_id": key,
                        "purpose": "marketing",
                        "channel": "email",
                        "consent_state": state,
                        "text_version": "2025-01",
                        "has_address": True,
                        "is_bounced": False,
                        "is_contactable": state == "granted",
                        "stated_at": STATED,
                        **more,
                    }
                    for key, state in states.items()
                ],
            )

    def withdraw(self, key: str, *, channel: str = "email", **more: str) -> None:
        """A withdrawal that has arrived, and of which no published version knows."""
        with open_warehouse(self.home.warehouse) as connection:
            _insert(
                connection,
                "raw.consents",
                [
                    {
                        "consent_id": f"{key}-withdrawn",
                        "customer_id": key,
                        "purpose": "marketing",
                        "channel": channel,
                        "is_granted": False,
                        "source": "portal",
                        "stated_at": STATED + timedelta(days=90),
                        "_is_deleted": False,
                        "_row_id": int(self.time.now.timestamp() * 1000) + len(key),
                        **more,
                    }
                ],
            )

    def job(
        self,
        destination: Destination | None = None,
        *,
        consent: Mapping[str, tuple[str, ...]] | None = None,
        name: str = "mailing",
        sink: str = "somewhere",
        settings: folder.Settings = _CSV,
        destination_file: Mapping[str, Any] = MappingProxyType({}),
        wanted: Format | None = None,
        checker: Checker | None = None,
        **more: Any,
    ) -> Job:
        """A job that sends key and address to a destination, by default a folder of CSV files."""
        given = {
            "title": "Mailing",
            "segment": SEGMENT,
            "destination": sink,
            "purpose": "marketing",
            "channel": "email",
            "fields": {"id": "customer_id", "email": "email"},
        }
        kind = folder.KIND
        if destination is not None:
            kind = Kind(folder.Settings, opening(destination), wanted=wanted)
        file = DestinationFile.model_validate(
            {"title": "Somewhere", "kind": "folder", "consent": consent or {"marketing": ["email"]}}
            | dict(destination_file)
        )
        named = Named(
            name,
            Export.model_validate(given | more),
            Sink(sink, file, kind, settings),
        )
        clock = self.time.clock
        return Job(self.home, "shop", named, self.store, clock, {}, checker=checker)

    def close(self) -> None:
        self.store.dispose()


def make_empty(path: Path) -> None:
    """Makes the home that every world begins with: tables without rows."""
    home = Home(path)
    operator = home.published / VERSION / "operator.duckdb"
    operator.parent.mkdir(parents=True)
    (home.published / "CURRENT").write_text(VERSION)
    with duckdb.connect(str(operator)) as connection:
        connection.execute("create schema marts")
        for mart in MARTS:
            connection.execute(_table_of(mart))
    with open_warehouse(home.warehouse) as connection:
        create_tables(connection, [all_contracts()[feed] for feed in FEEDS])
    open_store(sqlite_url(path / "operations.sqlite")).dispose()


def opening(destination: Destination) -> Callable[[Any, Opening], Destination]:
    return lambda _settings, _opening: destination


def _table_of(mart: str) -> str:
    """The table as its contract has it, so that no test knows columns that there are not."""
    path = PROJECT_ROOT / "dbt_project" / "models" / "marts" / f"{mart}.yml"
    [model] = yaml.safe_load(path.read_text())["models"]
    columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
    return f"create table marts.{model['name']} ({columns})"


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
        )
