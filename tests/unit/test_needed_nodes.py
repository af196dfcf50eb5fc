"""What a build needs, of a project that can be followed by eye.

orders ──> placed (view) ──> kept (incremental) ──> daily (table) ──> page (view)
               └──────────── sought (table of stale orders) ──┘
reviews ─> rated (table) ──> [chances] ──> judged (table)
loads ───> account (table)
"""

from typing import Any

import dagster as dg
import pytest

from pipelines.assets.kept_models import with_kept
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import Touched, needed_nodes, part_of

DAY, KIND = "macro.kontor.as_of_date", "macro.kontor.reads_stale_days"
STEPS = {"chances": "rated"}
QUIET = Touched(frozenset(), has_day_moved=False, was_full=False)


def _model(kind: str, *reads: str, calls: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "config": {"materialized": kind},
        "depends_on": {"nodes": list(reads), "macros": list(calls)},
    }


def _test(*reads: str) -> dict[str, Any]:
    nodes = {"nodes": list(reads), "macros": []}
    return {"resource_type": "test", "config": {"materialized": "test"}, "depends_on": nodes}


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    sources = {
        f"source.{schema}.{name}": {"schema": schema, "name": name, "identifier": table}
        for schema, name, table in (
            ("raw", "orders", "orders_current"), ("raw", "review_versions", "reviews"),
            ("raw", "loads", "loads"), ("raw", "stale_days", "stale_days"),
            ("raw", "public_holidays", "public_holidays"), ("predictions", "chances", "chances"),
        )
    }  # fmt: skip
    nodes = {
        "model.placed": _model("view", "source.raw.orders", calls=("macro.kontor.restricted",)),
        "model.sought": _model("table", "source.raw.stale_days", "model.placed", calls=(KIND,)),
        "model.kept": _model("incremental", "model.placed", "model.sought", "seed.kinds"),
        "model.daily": _model("table", "model.kept", calls=(DAY,)),
        "model.page": _model("view", "model.daily", calls=(DAY,)),
        "model.rated": _model("table", "source.raw.review_versions"),
        "model.judged": _model("table", "source.predictions.chances"),
        "model.account": _model("table", "source.raw.loads"),
        "model.counted": _model("table", "source.raw.public_holidays"),
        "seed.kinds": {**_model("seed"), "resource_type": "seed", "depends_on": {"macros": []}},
        "test.placed": _test("model.placed"),
        "test.across": _test("model.rated", "model.judged"),
        "test.account": _test("model.account"),
    }
    for unique_id, node in nodes.items():
        node |= {"name": unique_id.partition(".")[2], "fqn": ["kontor", unique_id]}
    children: dict[str, list[str]] = {}
    for unique_id, node in nodes.items():
        for read in node["depends_on"].get("nodes", ()):
            children.setdefault(read, []).append(unique_id)
    calls = {"macro.kontor.restricted": [KIND], DAY: [], KIND: []}
    macros = {name: {"depends_on": {"macros": called}} for name, called in calls.items()}
    return Manifest({"nodes": nodes, "sources": sources, "child_map": children, "macros": macros})


ALWAYS = {"model.account", "test.account", "model.sought"}


def test_where_nothing_came_only_what_the_run_itself_writes_is_needed(manifest: Manifest) -> None:
    assert needed_nodes(manifest, QUIET, STEPS) == ALWAYS


def test_new_rows_need_all_that_reads_them_but_views(manifest: Manifest) -> None:
    touched = Touched(frozenset({"orders"}), has_day_moved=False, was_full=False)

    # the view's text is as it was, and what its test says of the rows may not be
    expected = ALWAYS | {"model.kept", "model.daily", "model.counted", "test.placed"}
    assert needed_nodes(manifest, touched, STEPS) == expected


def test_rows_reach_what_reads_them_by_way_of_a_step(manifest: Manifest) -> None:
    touched = Touched(frozenset({"reviews"}), has_day_moved=False, was_full=False)

    expected = ALWAYS | {"model.rated", "model.judged", "test.across"}
    assert needed_nodes(manifest, touched, STEPS) == expected


def test_another_day_needs_what_names_it_and_all_that_reads_that(manifest: Manifest) -> None:
    touched = Touched(frozenset(), has_day_moved=True, was_full=False)

    expected = ALWAYS | {"model.daily", "model.page", "model.counted"}
    assert needed_nodes(manifest, touched, STEPS) == expected


def test_after_a_build_of_every_day_restricted_views_get_their_other_text(
    manifest: Manifest,
) -> None:
    touched = Touched(frozenset(), has_day_moved=False, was_full=True)

    assert needed_nodes(manifest, touched, STEPS) == ALWAYS | {"model.placed"}


def test_a_part_asks_for_its_models_and_for_tests_that_wait_for_no_other(
    manifest: Manifest,
) -> None:
    touched = Touched(frozenset({"reviews"}), has_day_moved=False, was_full=False)
    needed = needed_nodes(manifest, touched, STEPS)
    last = {"model.judged"}
    first = {name for name in manifest.parsed["nodes"] if name.startswith("model.")} - last

    begun, ended = part_of(manifest, needed, first), part_of(manifest, needed, last)

    assert begun.models == {"model.account", "model.sought", "model.rated"}
    assert begun.names == ("model.account", "model.rated", "model.sought", "test.account")
    assert ended.models == last
    assert ended.names == ("model.judged", "test.across")


def test_kept_models_come_after_what_they_read_and_before_what_reads_them(
    manifest: Manifest,
) -> None:
    """Sought and kept are built, placed is a view between the source and them."""
    selected = {name for name in manifest.parsed["nodes"] if not name.startswith("test.")}
    selected -= {"model.rated", "model.judged", "model.account", "model.counted"}
    names = ("model.sought", "model.kept")
    built = [dg.Output(None, name, metadata={"unique_id": name}) for name in names]

    found = with_kept(iter(built), manifest, selected, selected - set(names), dg.Output)

    order = [each.output_name if each in built else each.value for each in found]
    assert order == [
        "model.placed", "seed.kinds", "model.sought", "model.kept", "model.daily", "model.page",
    ]  # fmt: skip
