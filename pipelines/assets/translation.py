"""How dbt's nodes become Dagster's assets: the same keys as everywhere, groups by area."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from pipelines.assets import keys
from pipelines.dbt.manifest import place_of


class KontorTranslator(DagsterDbtTranslator):
    """Keys are [layer, area, name]; sources are the loader's and the predictions' assets."""

    def __init__(self) -> None:
        super().__init__(
            settings=DagsterDbtTranslatorSettings(
                enable_asset_checks=True,
                enable_source_tests_as_checks=False,
                # One asset of ours may write several sources: the days that are stale.
                enable_duplicate_source_asset_keys=True,
            )
        )

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """As by default; but what reads loaded tables, or none, waits until all are loaded.

        The day that a build is for is that of the last order loaded, and a part of the project
        that could begin earlier would be one more start of dbt.
        """
        spec = super().get_asset_spec(manifest, unique_id, project)
        loaded = {"raw", "quarantine"}
        if all(dep.asset_key.path[0] in loaded for dep in spec.deps):
            others = [dg.AssetDep(key) for key in (*keys.LEDGER, keys.STALE_DAYS)]
            unique = {dep.asset_key: dep for dep in [*spec.deps, *others]}
            return spec.replace_attributes(deps=unique.values())
        return spec

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The key of a model, a seed or a source table."""
        meta = (dbt_resource_props.get("config") or {}).get("meta") or {}
        meta = meta or dbt_resource_props.get("meta") or {}
        given = (meta.get("dagster") or {}).get("asset_key")
        if given:
            return dg.AssetKey(given)
        if dbt_resource_props["resource_type"] == "source":
            return keys.source(str(dbt_resource_props["name"]))
        return keys.model(*place_of(dbt_resource_props))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Staging and intermediate by layer; marts by their area."""
        fqn = dbt_resource_props["fqn"]
        if len(fqn) <= 3:
            return "core"
        return str(fqn[2]) if fqn[1] == "marts" else str(fqn[1])
