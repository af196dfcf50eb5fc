"""What a build of some days needs: a model that nothing touched since the last one stays as it is.

A model is touched where a table that it reads, directly or not, has other rows, or where its text
names the last day and that moved. A view holds no rows, so it is made anew for its text alone.
Decision 22.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.dbt.manifest import Manifest
from sources.contract import all_contracts

# The macros of which a text differs from build to build: it names the last day, or is restricted to
# the stale days where not every day is built.
LAST_DAY, KIND_OF_BUILD = "macro.kontor.as_of_date", "macro.kontor.reads_stale_days"
# They say which rows are built; what is in them follows from what touched those.
_DAYS = {"stale_days", "stale_session_days", "stale_visitors"}
# Written when a build begins, from rows of these feeds and the last day.
_FOLLOWING = {"public_holidays": {"calendar", "orders", "vendors"}}
_PREDICTIONS = "predictions"


@dataclass(frozen=True, slots=True)
class Touched:
    """How the build that was begun last differs from the last whole one, beside its stale days.

    `feeds` are those of which something was loaded since; `was_full` says that the whole one was of
    every day.
    """

    feeds: frozenset[str]
    has_day_moved: bool
    was_full: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Of the models that are built together: those that are needed, and what dbt is asked for."""

    models: frozenset[str]
    names: tuple[str, ...]


def needed_nodes(manifest: Manifest, touched: Touched, steps: Mapping[str, str]) -> set[str]:
    """The unique ids of the models to build and of the tests to run.

    Args:
        manifest: the project.
        touched: what differs from the last whole build.
        steps: which model each statistical step reads; dbt does not know.
    """
    dated = callers(manifest, LAST_DAY) if touched.has_day_moved else set()
    restricted = callers(manifest, KIND_OF_BUILD)
    reached = _reached(manifest, _changed_sources(manifest, touched) | dated, steps)
    found = set()
    for unique_id in reached | restricted:
        node = manifest.parsed["nodes"][unique_id]
        kind = node["config"].get("materialized")
        if node["resource_type"] != "model" or kind == "incremental":
            is_needed = unique_id in reached
        elif kind == "view":
            is_needed = unique_id in dated or (touched.was_full and unique_id in restricted)
        else:
            # A table of what is stale in this build is never that of the last one.
            is_needed = unique_id in reached or unique_id in restricted
        if is_needed:
            found.add(unique_id)
    return found


def part_of(manifest: Manifest, needed: set[str], selected: set[str]) -> Part:
    """What is needed of the selected models, with the tests that run once they stand."""
    nodes = manifest.parsed["nodes"]
    later = set(manifest.later_tests(selected))
    tests = [
        unique_id
        for unique_id in needed
        if nodes[unique_id]["resource_type"] == "test"
        and nodes[unique_id]["name"] not in later
        and selected & set(nodes[unique_id]["depends_on"]["nodes"])
    ]
    models = needed & selected
    asked = sorted([*models, *tests])
    return Part(frozenset(models), tuple(str(nodes[each]["fqn"][-1]) for each in asked))


def _changed_sources(manifest: Manifest, touched: Touched) -> set[str]:
    """The sources with other rows; what the pipelines write of their own work changes each time."""
    feeds = all_contracts()
    found = set()
    for unique_id, source in manifest.parsed["sources"].items():
        # A feed's current rows, or all its versions.
        table = source["identifier"].removesuffix("_current")
        if table in feeds:
            is_changed = table in touched.feeds
        elif table in _FOLLOWING:
            is_changed = touched.has_day_moved or bool(_FOLLOWING[table] & touched.feeds)
        else:
            is_changed = table not in _DAYS and source["schema"] != _PREDICTIONS
        if is_changed:
            found.add(unique_id)
    return found


def _reached(manifest: Manifest, start: Iterable[str], steps: Mapping[str, str]) -> set[str]:
    """The nodes among some, and all that read them, also by way of a statistical step."""
    nodes, children = manifest.parsed["nodes"], manifest.parsed["child_map"]
    sources = {str(source["name"]): name for name, source in manifest.parsed["sources"].items()}
    predicted: dict[str, list[str]] = {}
    for step, model in steps.items():
        predicted.setdefault(model, []).append(sources[step])
    seen = set(start)
    waiting = list(seen)
    while waiting:
        node = waiting.pop()
        made = predicted.get(nodes[node]["name"], []) if node in nodes else []
        for child in [*children.get(node, ()), *made]:
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return {name for name in seen if name in nodes and nodes[name]["resource_type"] != "seed"}


def callers(manifest: Manifest, macro: str) -> set[str]:
    """The unique ids of the nodes in whose text a macro has a part, also by way of others."""
    called, macros = {macro}, manifest.parsed["macros"]
    found: set[str] = set()
    while called != found:
        found = set(called)
        called |= {
            name for name, each in macros.items() if called & set(each["depends_on"]["macros"])
        }
    return {
        name
        for name, node in manifest.parsed["nodes"].items()
        if found & set(node["depends_on"].get("macros", ()))
    }
