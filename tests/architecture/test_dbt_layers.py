"""Rules of the dbt project, read from its manifest."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from data_quality.destinations import destination_of
from pipelines.dbt.manifest import Manifest
from pipelines.loading.stale_days import CONCERNS
from pipelines.loading.stale_sessions import SESSION_FEEDS
from sources.contract import all_contracts

PROJECT = Path(__file__).parents[2] / "dbt_project"
LAYER_PREFIXES = {
    "staging": r"stg_[a-z]+(_[a-z]+)*__[a-z_]*(s|inventory|calendar)$",
    "intermediate": r"int_[a-z_]+$",
    "marts": r"(dim_[a-z_]+s|fct_[a-z_]+s|mart_[a-z_]+)$",
    "exports": r"exp_[a-z]+(_[a-z]+)*__[a-z_]+$",
}

Node = dict[str, Any]


def models(manifest: Node, layer: str | None = None) -> Iterator[Node]:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and layer in (None, layer_of(node)):
            yield node


def layer_of(node: Node) -> str:
    return str(node["path"]).split("/")[0]


# Which days are built is no data: models of every layer are restricted by it. Decision 22.
WHAT_IS_BUILT = {
    *("source.kontor.kontor.stale_days", "source.kontor.kontor.stale_session_days"),
    *("source.kontor.kontor.stale_visitors", "model.kontor.int_orders_stale"),
}


def parents(manifest: Node, node: Node) -> list[Node]:
    everything = manifest["nodes"] | manifest["sources"]
    read = set(node["depends_on"]["nodes"]) - WHAT_IS_BUILT
    return [everything[parent] for parent in sorted(read)]


def test_staging_reads_one_source_and_nothing_else(manifest: Node) -> None:
    for node in models(manifest, "staging"):
        read = parents(manifest, node)

        assert [parent["resource_type"] for parent in read] == ["source"], node["name"]


def test_staging_stands_in_the_folder_of_the_system_that_it_reads(manifest: Node) -> None:
    for node in models(manifest, "staging"):
        [read] = parents(manifest, node)
        system = read["source_name"]
        # a source of dbt has one schema, so rows of the quarantine are one of their own
        folder = "kontor" if system == "quarantine" else system

        assert node["fqn"][1:3] == ["staging", folder], node["name"]
        assert node["name"].startswith(f"stg_{folder}__"), node["name"]


def test_only_staging_reads_sources_except_marts_that_read_predictions(manifest: Node) -> None:
    for layer in ("intermediate", "marts", "exports"):
        for node in models(manifest, layer):
            sources = {
                parent["source_name"]
                for parent in parents(manifest, node)
                if parent["resource_type"] == "source"
            }

            assert sources <= ({"predictions"} if layer == "marts" else set()), node["name"]


def test_marts_never_read_staging(manifest: Node) -> None:
    for node in models(manifest, "marts"):
        read = {layer_of(p) for p in parents(manifest, node) if p["resource_type"] == "model"}

        assert read <= {"intermediate", "marts"}, node["name"]


def test_intermediates_read_of_the_marts_the_facts_alone(manifest: Node) -> None:
    # a fact is what happened, at its finest: whoever sums or compares it need not copy it
    for node in models(manifest, "intermediate"):
        for read in parents(manifest, node):
            if read["resource_type"] == "model" and not read["name"].startswith("fct_"):
                assert layer_of(read) in {"staging", "intermediate"}, node["name"]


def test_facts_read_no_other_mart(manifest: Node) -> None:
    for node in models(manifest, "marts"):
        if node["name"].startswith("fct_"):
            read = {layer_of(p) for p in parents(manifest, node) if p["resource_type"] == "model"}

            assert read == {"intermediate"}, node["name"]


def test_exports_read_marts_and_each_other_only(manifest: Node) -> None:
    for node in models(manifest, "exports"):
        read = {layer_of(parent) for parent in parents(manifest, node)}

        assert read <= {"marts", "exports"}, node["name"]


def test_names_begin_with_their_layer(manifest: Node) -> None:
    for node in models(manifest):
        assert re.fullmatch(LAYER_PREFIXES[layer_of(node)], node["name"]), node["name"]


def test_a_model_is_described_and_unit_tested_in_the_file_beside_it(manifest: Node) -> None:
    beside = {
        node["name"]: str(Path(node["original_file_path"]).with_suffix(".yml"))
        for node in models(manifest)
    }

    for node in models(manifest):
        assert node["patch_path"] == f"kontor://{beside[node['name']]}", node["name"]
    for test in manifest["unit_tests"].values():
        assert test["original_file_path"] == beside[test["model"]], test["name"]


def test_a_contract_says_what_depends_on_its_feed_exactly_if_something_does(manifest: Node) -> None:
    project = Manifest(manifest)
    # what shows how the data is doing reads every feed, and depends on none
    health = {mart.name for mart in project.marts if mart.area == "data_quality"}
    marts = project.marts_by_feed()

    said = {feed for feed, contract in all_contracts().items() if contract.what_depends}

    assert said == {feed for feed in all_contracts() if set(marts[feed]) - health}


def built_on_stale_days(manifest: Node) -> Iterator[Node]:
    """Models by day that trust the loader's days; others compare each day with what they hold."""
    for node in models(manifest):
        is_by_day = node["config"]["materialized"] == "incremental"
        if is_by_day and not node["config"]["meta"].get("days_are_compared"):
            yield node


def test_a_change_of_every_feed_that_models_by_day_read_leads_to_days(manifest: Node) -> None:
    everything = manifest["nodes"] | manifest["sources"]
    waiting = list(built_on_stale_days(manifest))
    read = set()
    while waiting:
        for parent in parents(manifest, waiting.pop()):
            if parent["resource_type"] == "source":
                read.add(parent["name"])
            elif parent["resource_type"] == "model":
                waiting.append(everything[parent["unique_id"]])

    # payouts are compared by spans of days, in each run, which also asks whether a feed has rows
    # at all; public holidays follow from other feeds
    in_each_run = {"payouts", "feed_days", "public_holidays"}
    assert read - in_each_run == set(CONCERNS) | SESSION_FEEDS


def test_the_times_that_models_by_day_read_are_held_against_the_last_day(
    manifest: Node,
) -> None:
    everything = manifest["nodes"]
    waiting = list(built_on_stale_days(manifest))
    held, dated = 0, set(CONCERNS) - {"exchange_rates", "calendar"}
    while waiting:
        node = waiting.pop()
        for parent in parents(manifest, node):
            if parent["resource_type"] != "model":
                continue
            waiting.append(everything[parent["unique_id"]])
            feed = parent["name"].partition("__")[2]
            # a rate and a working day are looked up by the order's day, which counts when it does
            if layer_of(parent) != "staging" or feed not in dated:
                continue
            for name, column in all_contracts()[feed].columns.items():
                is_read = all(
                    re.search(rf"\b{name}\b", each["raw_code"]) for each in (parent, node)
                )
                if column.type in {"timestamp", "date"} and is_read:
                    assert name in CONCERNS[feed].moments, f"{feed}.{name}"
                    held += 1
    assert held


def test_models_by_day_are_restricted_to_stale_days(manifest: Node) -> None:
    for node in built_on_stale_days(manifest):
        assert node["config"]["partition_by"], node["name"]
        above = [node, *(p for p in parents(manifest, node) if p["resource_type"] == "model")]
        restricted = [
            each for each in above if re.search(r"is_(stale|since_stale_day)\(", each["raw_code"])
        ]
        of_orders = [each for each in above if "is_of_stale_order(" in each["raw_code"]]
        assert restricted or of_orders, node["name"]


def test_schema_is_the_layer(manifest: Node) -> None:
    for node in models(manifest):
        assert node["schema"] == layer_of(node), node["name"]


def test_every_description_ends_with_the_grain(manifest: Node) -> None:
    for node in models(manifest):
        assert re.search(r"One row per [^.]+\.$", node["description"].strip()), node["name"]


def test_marts_and_exports_have_an_enforced_contract_of_described_columns(manifest: Node) -> None:
    for layer in ("marts", "exports"):
        for node in models(manifest, layer):
            assert node["config"]["contract"]["enforced"], node["name"]
            for column in node["columns"].values():
                assert column["description"], f"{node['name']}.{column['name']}"
                assert column["data_type"], f"{node['name']}.{column['name']}"


def test_a_contract_promises_the_columns_that_are_selected(manifest: Node) -> None:
    for layer in ("marts", "exports"):
        for node in models(manifest, layer):
            selected = _parsed(node).named_selects

            assert sorted(selected) == sorted(node["columns"]), node["name"]


def test_every_mart_says_its_last_day(manifest: Node) -> None:
    for node in models(manifest, "marts"):
        assert "as_of_date" in node["columns"], node["name"]


def test_every_mart_has_its_key_and_an_invariant_tested(manifest: Node) -> None:
    tested: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            kind = node["test_metadata"]["name"]
            tested.setdefault(node["attached_node"], set()).add(kind)

    for node in models(manifest, "marts"):
        assert {"unique_combination", "expression_holds"} <= tested[node["unique_id"]], node["name"]


def test_exports_are_named_for_a_destination_that_has_rules(manifest: Node) -> None:
    for export in Manifest(manifest).exports():
        assert destination_of(export.destination), export.name
        if not export.is_slice:
            prefix = f"exp_{export.destination.replace('/', '_')}__"
            assert export.model.name.startswith(prefix), export.model.name


def test_every_export_has_a_key(manifest: Node) -> None:
    for export in Manifest(manifest).exports():
        assert export.key, export.name


def test_personal_columns_leave_only_for_destinations_that_may_have_them(manifest: Node) -> None:
    parsed = Manifest(manifest)
    personal = {
        column.name for model in parsed.models for column in model.columns if column.is_personal
    }
    # a vendor's own town is not personal, the buyer's is
    allowed = {("vendor/dim_vendors", "city")}

    assert {"customer_id", "customer_name"} <= personal
    for export in parsed.exports():
        may_have_them = destination_of(export.destination).allows_personal_data
        for column in export.columns:
            name = f"{export.name}.{column.name}"
            assert may_have_them or not column.is_personal, name
            if column.name in personal and (export.name, column.name) not in allowed:
                assert column.is_personal, f"{name} is personal elsewhere, and not marked here"


def test_what_is_one_vendors_carries_the_vendor_or_is_shared(manifest: Node) -> None:
    for export in Manifest(manifest).exports():
        if destination_of(export.destination).is_one_vendors:
            columns = {column.name for column in export.columns}

            assert export.model.is_shared != ("vendor_id" in columns), export.name


def test_model_that_chooses_between_branches_has_a_unit_test(manifest: Node) -> None:
    covered = {test["model"] for test in manifest["unit_tests"].values()}

    for node in models(manifest):
        if node["name"] not in covered:
            branches = [case for case in _parsed(node).find_all(exp.Case) if _is_branching(case)]

            assert not branches, f"{node['name']} has a case without a unit test"


def _without_comments(node: Node) -> str:
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", node["raw_code"], flags=re.DOTALL)


def _parsed(node: Node) -> exp.Query:
    # a stand-in for each macro is enough to find the expressions around it
    statements = re.sub(r"\{%.*?%\}", "", _without_comments(node), flags=re.DOTALL)
    sql = re.sub(r"\{\{ config.*?\}\}", "", statements, flags=re.DOTALL)
    sql = re.sub(r"\{\{ quoted\('(\w+)'\) \}\}", r'"\1"', sql)
    sql = re.sub(r"\{\{.*?\}\}", "stand_in", sql, flags=re.DOTALL)
    parsed = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(parsed, exp.Query), node["name"]
    return parsed


def _is_branching(case: exp.Case) -> bool:
    """A filter inside count(distinct case when x then id end) chooses no value between branches."""
    return len(case.args["ifs"]) > 1 or case.args.get("default") is not None
