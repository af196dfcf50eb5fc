"""What Dagster is told: every feed, one dbt project, one writer, a schedule, a watched inbox."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from output.findings.finding import Finding
from pipelines.assets import keys
from pipelines.automation import inbox_files, refresh_warehouse_daily, unpublished_runs
from pipelines.dbt.manifest import Manifest
from pipelines.definitions import build_definitions
from pipelines.runs.run import _chosen
from pipelines.settings import PROJECT_ROOT, PipelineSettings
from sources.contract import all_contracts
from tests.orchestration.shop import Shop, open_shop

pytestmark = pytest.mark.orchestration


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    opened = open_shop(tmp_path)
    monkeypatch.setenv("KONTOR_HOME", str(opened.home))
    monkeypatch.setenv("KONTOR_MARKETPLACE", str(tmp_path / "corner.yml"))
    return opened


def test_every_feed_is_an_asset_with_blocking_checks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    for feed in all_contracts():
        node = graph.get(keys.raw(feed))
        assert node.group_name == keys.INGEST
        found = {key.name: graph.get(key) for key in graph.get_check_keys_for_assets({node.key})}
        assert found["reconciliation"].blocking
        assert found["usable_files"].blocking
        assert found["distinct_rows"].blocking
        assert not found["quarantined_rows"].blocking


def test_a_process_without_dbt_is_told_the_same(
    definitions: dg.Definitions, empty_home: Path
) -> None:
    script = (
        "from installation.imports import do_without; do_without('dbt')\n"
        "from pathlib import Path\n"
        "from pipelines.definitions import build_definitions\n"
        "from pipelines.settings import PipelineSettings\n"
        f"told = build_definitions(PipelineSettings(home=Path({str(empty_home)!r})))\n"
        "graph = told.resolve_asset_graph()\n"
        "print(*sorted(map(repr, [*graph.get_all_asset_keys(), *graph.asset_check_keys])), "
        "sep='\\n')\n"
    )
    graph = definitions.resolve_asset_graph()

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )

    here = sorted(map(repr, [*graph.get_all_asset_keys(), *graph.asset_check_keys]))
    assert done.stdout.splitlines() == here


def test_a_subject_has_one_group(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    groups = {graph.get(key).group_name or "" for key in graph.get_all_asset_keys()}

    # "quality" beside "data_quality" would be one subject in two places
    words = {group: frozenset(group.split("_")) for group in groups}
    alike = [(one, other) for one in groups for other in groups if words[one] < words[other]]
    assert "data_quality" in groups
    assert alike == []


def test_what_is_published_waits_for_every_mart_and_every_load(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()

    upstream = graph.get_ancestor_asset_keys(keys.PUBLISHED_WAREHOUSE)

    assert {keys.raw(feed) for feed in all_contracts()} <= upstream
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert marts
    assert marts <= graph.get(keys.PUBLISHED_WAREHOUSE).parent_keys
    assert keys.prediction("vendor_rate_posteriors") in upstream


def test_dbt_starts_before_the_predictions_after_them_and_after_the_segments(
    definitions: dg.Definitions,
) -> None:
    job = definitions.resolve_job_def("refresh_warehouse")

    parts = [node.name for node in job.graph.nodes if node.name.startswith("models")]

    # Rules ask for predictions, and marts show who is in a segment.
    assert sorted(parts) == ["models", "models_2", "models_3"]


def test_one_run_writes_at_a_time(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh_warehouse")

    pools = {node.definition.pool for node in job.graph.nodes}

    assert pools == {keys.WAREHOUSE_WRITER}
    settings = (PROJECT_ROOT / "pipelines" / "runs" / "dagster.yaml").read_text()
    assert "default_limit: 1" in settings
    assert "granularity: run" in settings


def test_warehouse_is_refreshed_daily_unless_somebody_stops_it() -> None:
    minute, hour, *days = str(refresh_warehouse_daily.cron_schedule).split()
    assert minute.isdigit()
    assert hour.isdigit()
    assert days == ["*", "*", "*"]
    assert refresh_warehouse_daily.job_name == "refresh_warehouse"
    assert refresh_warehouse_daily.default_status == dg.DefaultScheduleStatus.RUNNING


def look(cursor: str | None) -> dg.SensorResult:
    context = dg.build_sensor_context(cursor=cursor)
    found = inbox_files.evaluate_tick(context)
    return dg.SensorResult(run_requests=found.run_requests, cursor=found.cursor or context.cursor)


def test_inbox_asks_for_one_run_when_its_files_are_at_rest(shop: Shop) -> None:
    arriving = look(None)
    at_rest = look(arriving.cursor)
    again = look(at_rest.cursor)

    assert not arriving.run_requests
    assert len(at_rest.run_requests or []) == 1
    assert not again.run_requests

    shop.put("orders-2.csv", "order_id\n")
    assert not look(again.cursor).run_requests
    asked = look(look(again.cursor).cursor)
    assert len(asked.run_requests or []) == 1

    # A run tells that it is not read.
    (shop.folder / "inbox" / "orders-3.csv").symlink_to("orders-2.csv")
    assert len(look(look(asked.cursor).cursor).run_requests or []) == 1


def test_inbox_that_is_published_already_asks_for_nothing(shop: Shop) -> None:
    version = shop.home / "published" / "v1"
    version.mkdir(parents=True)
    (version / "manifest.json").write_text('{"built_at": "2999-01-01T00:00:00Z"}')
    (shop.home / "published" / "CURRENT").write_text("v1")

    first = look(None)
    second = look(first.cursor)

    assert not first.run_requests
    assert not second.run_requests


def test_inbox_of_a_broken_marketplace_says_what_is_wrong(shop: Shop) -> None:
    (shop.folder / "corner.yml").write_text("name: corner\n")

    found = inbox_files.evaluate_tick(dg.build_sensor_context())

    assert "corner.yml" in str(found.skip_message)


def fail(name: str) -> None:
    """Runs a job that fails, and tells it as the daemon does."""
    job = build_definitions(PipelineSettings()).resolve_job_def(name)
    with dg.instance_for_test() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        failure = next(e for e in result.all_events if e.is_job_failure)
        context = dg.build_run_status_sensor_context(
            sensor_name="unpublished_runs",
            dagster_event=failure,
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        unpublished_runs(context)


def test_run_of_the_daemon_that_fails_is_told_to_the_pages(shop: Shop) -> None:
    shop.put("orders.csv", "order_id\n")

    fail("refresh_warehouse")

    assert shop.last_run["outcome"] == "blocked"
    assert shop.last_run["version"] is None
    [reason] = shop.last_run["reasons"]
    assert Finding.model_validate(reason).english.startswith(
        "orders, usable_files: orders.csv: rejected (a mapped column is missing): "
        "line 1: column 'status' is missing"
    )


def test_comparison_of_the_night_that_fails_is_told_to_the_pages(shop: Shop) -> None:
    fail("compare_rebuilt_days")

    assert shop.last_run["outcome"] == "failed"
    text = "the last build of the models was not completed"
    assert shop.last_run["reasons"] == [Finding.of("stopped_by_step", words=text).model_dump()]


def test_test_waits_for_the_part_that_builds_its_last_model() -> None:
    def node(kind: str, *reads: str) -> dict[str, object]:
        return {"resource_type": kind, "name": kind, "depends_on": {"nodes": list(reads)}}

    step = "source.shop.predictions.chances"
    parsed = {
        "nodes": {
            "model.first": node("model"),
            "model.last": node("model", step),
            "test.within": {**node("test", "model.first"), "name": "within"},
            "test.across": {**node("test", "model.first", "model.last"), "name": "across"},
        },
        "sources": {step: {}},
        "child_map": {step: ["model.last"], "model.first": [], "model.last": []},
    }

    manifest = Manifest(parsed)

    assert manifest.later_tests({"model.first"}) == ["across"]
    assert manifest.later_tests({"model.last"}) == []


def test_environment_is_left_as_it_was() -> None:
    assert "DBT_TARGET_PATH" not in os.environ  # noqa: TID251 - that is the test


def test_loading_alone_starts_no_check_of_other_jobs(definitions: dg.Definitions) -> None:
    """Dagster adds every check of the assets that are asked for, unless the checks are named."""
    job = definitions.resolve_job_def("ingest_feeds")

    chosen = _chosen(job, {keys.raw("events")}, set())

    found = chosen.asset_layer.asset_graph
    assert {key.name for key in found.asset_check_keys} == {
        "reconciliation", "usable_files", "distinct_rows", "quarantined_rows",
    }  # fmt: skip
    assert keys.raw("orders") in chosen.asset_layer.executable_asset_keys
    assert keys.raw("events") not in chosen.asset_layer.executable_asset_keys


def test_of_a_settled_feed_only_its_own_step_is_left_out(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh_warehouse")

    chosen = _chosen(job, set(), {keys.raw("vendors")})

    left = chosen.asset_layer.asset_graph
    assert keys.raw("vendors") not in chosen.asset_layer.executable_asset_keys
    named = {key.name for key in left.asset_check_keys if key.asset_key == keys.raw("vendors")}
    assert "expectations" in named
    assert not named & {"reconciliation", "usable_files", "quarantined_rows"}
