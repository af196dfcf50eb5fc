"""The checks at the borders as Dagster sees them; what they hold back is in test_kontor_run.py."""

import dagster as dg
import pytest

from pipelines.assets import keys
from pipelines.assets.quality import GATE
from sources.contract import all_contracts

pytestmark = pytest.mark.orchestration


def test_publication_waits_for_the_gates_of_both_borders(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh_warehouse")
    upstream = job.graph.dependency_structure.input_to_upstream_outputs_for_node(
        "published__warehouse"
    )

    outputs = {str(output) for found in upstream.values() for output in found}

    assert sum(GATE in output for output in outputs) == 2


def test_each_feed_has_its_checks_and_a_freshness_policy(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    for feed, contract in all_contracts().items():
        node = graph.get(keys.raw(feed))
        names = {key.name for key in graph.get_check_keys_for_assets({node.key})}
        assert "expectations" in names
        has_window = contract.windows is not None
        assert (node.freshness_policy is not None) == has_window
        assert ("freshness" in names) == has_window
    for key in (keys.CHECK_RESULTS, keys.EXPORT_RESULTS):
        [gate] = graph.get_check_keys_for_assets({key})
        assert graph.get(gate).blocking


def test_looking_at_the_age_of_sources_is_a_job_of_its_own(definitions: dg.Definitions) -> None:
    alone = definitions.resolve_job_def("check_freshness")
    daily = definitions.resolve_job_def("refresh_warehouse")

    assert [node.name for node in alone.graph.nodes] == ["freshness_checks"]
    assert "freshness_checks" not in {node.name for node in daily.graph.nodes}
