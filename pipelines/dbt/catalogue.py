"""What the marts and the metrics mean and are made from, for readers of a published version."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.dbt.manifest import Manifest, Model
from pipelines.dbt.project import DBT_FOLDER

_PAGE = "page_"
# A metric of the scorecard is rows of these columns beside its id; any other is a column of its
# own name.
_ID = "metric_id"
_OF_SCORED = ("rate", "numerator_value")


def catalogue(manifest: Manifest, compiled: Path, steps: Mapping[str, str]) -> dict[str, Any]:
    """The meaning, SQL and origin of every mart, and the columns of marts that hold each metric.

    Args:
        manifest: the project.
        compiled: where dbt left the models' compiled SQL; what is not there is shown as written.
        steps: which model each statistical step reads; dbt does not know.
    """
    return {
        "tables": {mart.name: _table(manifest, mart, compiled, steps) for mart in manifest.marts},
        "metrics": _metrics(manifest),
    }


def _table(
    manifest: Manifest, mart: Model, compiled: Path, steps: Mapping[str, str]
) -> dict[str, Any]:
    node = manifest.parsed["nodes"][mart.unique_id]
    models, feeds = _origin(manifest, mart, steps)
    written = compiled / node.get("original_file_path", "")
    return {
        "description": _line(node.get("description")),
        "columns": {
            column.name: {
                "description": _line(node["columns"][column.name].get("description")),
                "is_personal": column.is_personal,
            }
            for column in mart.columns
        },
        "sql": written.read_text("utf-8") if written.is_file() else node.get("raw_code", ""),
        "models": models,
        "feeds": feeds,
        "pages": _pages(manifest, mart),
    }


def _origin(
    manifest: Manifest, mart: Model, steps: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """The names of the models and of the sources that a mart is made from, directly or not."""
    nodes, sources = manifest.parsed["nodes"], manifest.parsed.get("sources", {})
    by_name = {model.name: model.unique_id for model in manifest.models}
    seen: set[str] = set()
    waiting = [mart.unique_id]
    while waiting:
        for parent in _parents(waiting.pop(), nodes, sources, steps, by_name):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    models = sorted(nodes[parent]["name"] for parent in seen & nodes.keys())
    feeds = sorted(str(sources[parent]["name"]) for parent in seen & sources.keys())
    return models, [feed for feed in feeds if feed not in steps]


def _parents(
    unique_id: str,
    nodes: Mapping[str, Any],
    sources: Mapping[str, Any],
    steps: Mapping[str, str],
    by_name: Mapping[str, str],
) -> list[str]:
    if unique_id in sources:
        read = by_name.get(steps.get(str(sources[unique_id]["name"]), ""))
        return [read] if read else []
    return list(nodes[unique_id].get("depends_on", {}).get("nodes", ()))


def _pages(manifest: Manifest, mart: Model) -> list[str]:
    """The dashboards' pages that read a mart, by name."""
    return sorted(
        str(exposure["name"]).removeprefix(_PAGE)
        for exposure in manifest.parsed.get("exposures", {}).values()
        if exposure["name"].startswith(_PAGE) and mart.unique_id in exposure["depends_on"]["nodes"]
    )


def _metrics(manifest: Manifest) -> dict[str, list[dict[str, str]]]:
    with (DBT_FOLDER / "seeds" / "metric_registry.csv").open(encoding="utf-8", newline="") as file:
        scored = {row[_ID]: row["is_scored"] == "true" for row in csv.DictReader(file)}
    found: dict[str, list[dict[str, str]]] = {metric: [] for metric in scored}
    for mart in manifest.marts:
        names = [column.name for column in mart.columns]
        for metric, is_scored in scored.items():
            own = [metric] if metric in names else []
            if is_scored and _ID in names:
                own += [name for name in _OF_SCORED if name in names]
            found[metric] += [{"table": mart.name, "column": name} for name in own]
    return found


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
