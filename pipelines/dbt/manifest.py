"""dbt's manifest as the pipelines ask it: which models there are, what they promise and read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sources.sql import identifier

MARTS, EXPORTS = "marts", "exports"
# The destination of which a mart's columns may be marked; the publisher slices them by vendor.
VENDOR = "vendor"
# Where the build file is attached if no model says it.
_CATALOG = "warehouse"
# Seeds lie in no folder; this is where they stand among the assets.
_SEEDS = ("seeds", "registry")


@dataclass(frozen=True, slots=True)
class Column:
    """One promised column."""

    name: str
    data_type: str
    is_personal: bool = False
    is_for_vendors: bool = False
    is_vendor_reference: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A model: where it stands and what it promises.

    `area` is its folder below the layer; `is_shared` says that it is the same for every vendor,
    `vendor_table` under which name a mart's columns reach vendors, if not under its own,
    `day_column` by which days it is kept, if it is not built whole in each run.
    """

    unique_id: str
    name: str
    layer: str
    area: str
    schema: str
    relation: str
    columns: tuple[Column, ...]
    is_shared: bool = False
    vendor_table: str = ""
    day_column: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """Layer, area and name: the parts of its asset key."""
        return self.layer, *self.area.split("/"), self.name


@dataclass(frozen=True, slots=True)
class Export:
    """A table that leaves: a model of `exports/`, or a mart of which only some columns leave.

    `table` is what the table is called where it arrives.
    """

    destination: str
    table: str
    model: Model
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """By which it is asked for: destination and table."""
        return f"{self.destination}/{self.table}"

    @property
    def is_slice(self) -> bool:
        """Whether it is declared on a mart; other models are exports as a whole."""
        return self.model.layer == MARTS

    @property
    def query(self) -> str:
        """What leaves, as SQL; an export model is read whole, so that too much is noticed."""
        names = [identifier(column.name) for column in self.columns] if self.is_slice else ["*"]
        return f"select {', '.join(names)} from {self.model.relation}"


@dataclass(frozen=True, slots=True)
class WarningTest:
    """A data test that warns and stops nothing; `subject` is the model that it is about."""

    unique_id: str
    name: str
    subject: str
    description: str


class ManifestError(ValueError):
    """The models contradict each other; the message says how."""


class Manifest:
    """A parsed project. Every question about it is answered here and in `catalogue`."""

    def __init__(self, parsed: Mapping[str, Any]) -> None:
        self.parsed = parsed
        self._nodes: Mapping[str, Any] = parsed.get("nodes", {})
        self._sources: Mapping[str, Any] = parsed.get("sources", {})
        self._children: Mapping[str, Iterable[str]] = parsed.get("child_map", {})

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """The manifest that dbt wrote to a file."""
        return cls(json.loads(path.read_text("utf-8")))

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The enabled models of all layers, by name."""
        found = [
            _model(name, node)
            for name, node in self._nodes.items()
            if node["resource_type"] == "model" and node.get("config", {}).get("enabled", True)
        ]
        return tuple(sorted(found, key=lambda model: model.name))

    @property
    def marts(self) -> tuple[Model, ...]:
        """What the operator's file holds."""
        return tuple(model for model in self.models if model.layer == MARTS)

    def exports(self, destination: str | None = None) -> tuple[Export, ...]:
        """What leaves, to one destination or to all, by name.

        Raises:
            ManifestError: two models are the same table of one destination.
        """
        found: dict[str, Export] = {}
        for export in self._exports():
            other = found.setdefault(export.name, export)
            if other is not export:
                names = f"{other.model.name} and {export.model.name}"
                raise ManifestError(f"{names} are both the table {export.name}")
        return tuple(
            found[name] for name in sorted(found) if destination in {None, found[name].destination}
        )

    def _exports(self) -> Iterator[Export]:
        for model in self.models:
            marked = tuple(column for column in model.columns if column.is_for_vendors)
            if model.layer == EXPORTS:
                table = model.name.partition("__")[2]
                key = self._key_of(model, model.columns)
                yield Export(model.area, table, model, model.columns, key)
            elif model.layer == MARTS and marked:
                table = model.vendor_table or model.name
                yield Export(VENDOR, table, model, marked, self._key_of(model, marked))
            elif marked:
                raise ManifestError(f"{model.name} is no mart, and columns are marked for vendors")

    @property
    def catalog(self) -> str:
        """Under which name the build file must be attached: views name their catalog."""
        named = {
            node["database"]
            for node in self._nodes.values()
            if node["resource_type"] == "model" and node.get("database")
        }
        return named.pop() if len(named) == 1 else _CATALOG

    @property
    def built(self) -> dict[tuple[str, ...], str]:
        """The unique ids of all that dbt builds, models and seeds, by their place."""
        return {
            place_of(node): str(name)
            for name, node in self._nodes.items()
            if node["resource_type"] in {"model", "seed"}
        }

    def key_of(self, model: Model) -> tuple[str, ...]:
        """The key that a test of the model promises; empty where none does."""
        return self._key_of(model, model.columns)

    def _key_of(self, model: Model, columns: Iterable[Column]) -> tuple[str, ...]:
        """The key that a test of the model promises, of those whose columns are all there."""
        names = {column.name for column in columns}
        for node in self._nodes.values():
            test = node.get("test_metadata") or {}
            if test.get("name") != "unique_combination":
                continue
            key = tuple(str(name) for name in test["kwargs"]["columns"])
            if node["attached_node"] == model.unique_id and names.issuperset(key):
                return key
        return ()

    def marts_by_feed(self) -> dict[str, list[str]]:
        """The marts that read a source, directly or not, by the source's name."""
        marts = {model.unique_id: model.name for model in self.marts}
        return {
            str(source["name"]): sorted(
                marts[name] for name in self._below([source_id]) if name in marts
            )
            for source_id, source in self._sources.items()
        }

    def later_tests(self, selected: set[str]) -> list[str]:
        """Names of the tests that touch the selected nodes and one that is built after them.

        dbt would run a test as soon as one of its models is selected. Where Dagster splits the
        project around a statistical step, the rest of the test's models does not exist yet; the
        part that builds the last of them runs the test.
        """
        # dbt does not know what a statistical step reads, so all that reads one may come later.
        steps = {name for name in self._sources if ".predictions." in name}
        later = self._below(selected | steps) - selected
        return sorted(
            str(node["name"])
            for node in self._nodes.values()
            if node["resource_type"] == "test"
            and later & set(node["depends_on"]["nodes"])
            and selected & set(node["depends_on"]["nodes"])
        )

    @cached_property
    def warning_tests(self) -> tuple[WarningTest, ...]:
        """The data tests of severity warn, by name."""
        found = [
            WarningTest(
                unique_id=str(unique_id),
                name=str(node["name"]),
                subject=self._subject_of(node),
                description=" ".join((node.get("description") or "").split()),
            )
            for unique_id, node in self._nodes.items()
            if node["resource_type"] == "test" and node["config"]["severity"].lower() == "warn"
        ]
        return tuple(sorted(found, key=lambda test: test.name))

    def _subject_of(self, test: Mapping[str, Any]) -> str:
        """What a test is about: as it says itself, else the model that it stands at or reads."""
        read = [test.get("attached_node"), *test["depends_on"]["nodes"]]
        names = [str(name).rpartition(".")[2] for name in read if name]
        return str(_meta(test).get("subject") or (names[0] if names else ""))

    def _below(self, start: Iterable[str]) -> set[str]:
        """All models, seeds and snapshots that read one of the nodes, directly or not."""
        seen: set[str] = set()
        waiting = list(start)
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in seen and child.startswith(("model.", "seed.", "snapshot.")):
                    seen.add(child)
                    waiting.append(child)
        return seen


def place_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The folders and the name of a model or a seed as the manifest lists it."""
    _project, *folders, name = node["fqn"]
    return (*(folders or _SEEDS), name)


def _model(unique_id: str, node: Mapping[str, Any]) -> Model:
    layer, *areas, name = place_of(node)
    relation = f"{identifier(node['schema'])}.{identifier(node.get('alias') or node['name'])}"
    columns = tuple(
        Column(
            name=column["name"],
            data_type=column.get("data_type") or "",
            is_personal=bool(_meta(column).get("pii")),
            is_for_vendors=bool(_meta(column).get("vendor")),
            is_vendor_reference=bool(_meta(column).get("vendor_reference")),
        )
        for column in node["columns"].values()
    )
    return Model(
        unique_id=unique_id,
        name=name,
        layer=layer,
        area="/".join(areas),
        schema=node["schema"],
        relation=relation,
        columns=columns,
        is_shared=bool(_meta(node).get("shared")),
        vendor_table=str(_meta(node).get("vendor_table", "")),
        day_column=_day_column(node.get("config", {})),
    )


def _day_column(config: Mapping[str, Any]) -> str:
    is_kept_by_day = config.get("materialized") == "incremental"
    return str((config.get("partition_by") or [""])[0]) if is_kept_by_day else ""


def _meta(node: Mapping[str, Any]) -> dict[str, Any]:
    """What was noted beside a model or a column; dbt is moving it from `meta` to `config.meta`."""
    return {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}
