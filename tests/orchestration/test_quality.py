"""A failed check at the borders holds the publication back, says why, and lets go when repaired."""

import dagster as dg
import pytest

from pipelines.assets import keys
from pipelines.assets.quality import GATE
from pipelines.definitions import build_definitions
from pipelines.settings import PipelineSettings
from sources.contract import all_contracts
from tests.orchestration.shop import LINES, VENDORS, Shop, open_shop

pytestmark = pytest.mark.orchestration


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(PipelineSettings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose lines are of vendors that nobody knows: another system's."""
    opened = open_shop(tmp_path_factory.mktemp("corner"))
    lines = LINES.replace(",v1,", ",x1,").replace(",v2,", ",x2,")
    more = "".join(f"m{number},o1,x1,p1,1,1.00,2026-05-02 00:00:00\n" for number in range(20))
    opened.put("lines.csv", lines + more)
    return opened


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


def test_data_of_another_system_is_not_published(shop: Shop) -> None:
    done = shop.kontor("run")

    assert done.returncode == 1
    sentence = "vendor_id names a row of vendors (vendor_id): not so in 24 of 24 rows (100.0 %)"
    assert f"order_lines, expectations: {sentence}" in done.stderr
    assert "1 failed check(s) hold back the publication of every page" in done.stderr
    assert shop.last_run["outcome"] == "blocked"
    assert not (shop.home / "published" / "CURRENT").exists()
    assert (shop.home / "data_docs" / "order_lines.html").exists()


def test_publishing_alone_is_refused_for_the_same_reason(shop: Shop) -> None:
    done = shop.kontor("publish")

    assert done.returncode == 1
    assert "order_lines: vendor_id names a row of vendors" in done.stderr


def test_repaired_vendors_let_the_lines_through(shop: Shop) -> None:
    shop.put("vendors.csv", VENDORS + "x1,Third\nx2,Fourth\n")

    done = shop.kontor("run")

    assert done.returncode == 0, done.stderr
    assert shop.ask("select count(*) from marts.fct_order_lines") == [(24,)]


def test_feeds_that_nobody_delivers_are_not_checked(shop: Shop) -> None:
    pages = {page.stem for page in (shop.home / "data_docs").iterdir()}

    assert {"index", "orders", "order_lines", "vendors", "payments"} <= pages
    assert not {"events", "shipments", "consents"} & pages
