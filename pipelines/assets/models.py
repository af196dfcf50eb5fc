"""The dbt project as assets; Dagster splits it by itself around the statistical steps."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from pipelines.as_of import as_of_date
from pipelines.assets import keys
from pipelines.assets.resources import Run
from pipelines.assets.test_selection import later_tests
from pipelines.assets.translation import KontorTranslator
from pipelines.dbt import DBT_FOLDER, dbt_environment, dbt_executable, dbt_variables
from pipelines.settings import temporary_environment

_LOG = logging.getLogger("kontor.progress")


def dbt_models(manifest: Path) -> dg.AssetsDefinition:
    """The one dbt asset definition, made from a parsed manifest."""
    nodes = json.loads(manifest.read_text())
    translator = KontorTranslator()
    names_by_key = {
        translator.get_asset_key(node): name
        for name, node in nodes["nodes"].items()
        if node["resource_type"] in {"model", "seed"}
    }

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        pool=keys.WAREHOUSE_WRITER,
    )
    def models(context: dg.AssetExecutionContext, run: Run) -> Iterator[Any]:
        """Builds and tests the models; a failing test stops what follows."""
        with run.warehouse() as connection:
            as_of = as_of_date(connection, run.shop, run.requested_as_of, run.started_at)
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        arguments += ["--vars", dbt_variables(run.shop, as_of)]
        selected = {names_by_key[key] for key in context.selected_asset_keys}
        for test in later_tests(nodes, selected):
            arguments += ["--exclude", test]
        if run.full:
            arguments.append("--full-refresh")
        dbt = DbtCliResource(
            project_dir=str(DBT_FOLDER),
            profiles_dir=str(DBT_FOLDER),
            dbt_executable=dbt_executable(),
        )
        with temporary_environment(dbt_environment(run.home, run.settings)):
            invocation = dbt.cli(arguments, context=context)
            for event in invocation.stream():
                if isinstance(event, dg.Output):
                    _LOG.info("built %s", event.metadata["unique_id"].value)
                yield event

    return models
