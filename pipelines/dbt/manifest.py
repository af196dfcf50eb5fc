"""dbt's manifest as the pipelines ask it: which models there are, what they promise and read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sources.sql import identifier

MARTS, EXPORTS = "marts", "exports"
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


@dataclass(frozen=True, slots=True)
class Model:
    """A model: where it stands, what it promises, what it reads.

    `area` is its folder below the layer; `is_shared` says that it is the same for every vendor.
    """

    unique_id: str
    name: str
    layer: str
    area: str
    schema: str
    relation: str
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    is_shared: bool = False

    @property
    def place(self) -> tuple[str, ...]:
        """Layer, area and name: the parts of its asset key."""
        return self.layer, *self.area.split("/"), self.name


class Manifest:
    """A parsed project. Every question about it is answered here and nowhere else."""

    def __init__(self, parsed: Mapping[str, Any]) -> None:
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

    def exports(self, destination: str | None = None) -> tuple[Model, ...]:
        """What leaves, to one destination or to all."""
        return tuple(
            model
            for model in self.models
            if model.layer == EXPORTS and destination in {None, model.area}
        )

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

    def key_of(self, model: Model) -> list[str]:
        """The key that a test of the model promises, or one of a model that it reads."""
        names = {column.name for column in model.columns}
        for owner in (model.unique_id, *model.reads):
            for node in self._nodes.values():
                test = node.get("test_metadata") or {}
                if test.get("name") != "unique_combination" or node["attached_node"] != owner:
                    continue
                key = [str(name) for name in test["kwargs"]["columns"]]
                if set(key) <= names:
                    return key
        return []

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
        Column(column["name"], column.get("data_type") or "", bool(_meta(column).get("pii")))
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
        reads=tuple(node.get("depends_on", {}).get("nodes", ())),
        is_shared=bool(_meta(node).get("shared")),
    )


def _meta(node: Mapping[str, Any]) -> dict[str, Any]:
    """What was noted beside a model or a column; dbt is moving it from `meta` to `config.meta`."""
    return {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}
