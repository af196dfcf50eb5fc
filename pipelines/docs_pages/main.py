"""`make docs`: what is made from contracts, the registry of metrics, the models and the pages."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from pipelines.analytics.steps import STEPS
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import DBT_FOLDER, dbt_environment, parse_project, target_folder
from pipelines.docs_pages.dbt_predictions import dbt_predictions
from pipelines.docs_pages.dbt_sources import dbt_sources
from pipelines.docs_pages.env_example import env_example
from pipelines.docs_pages.exposures import exposures
from pipelines.docs_pages.feeds import feeds_page
from pipelines.docs_pages.metrics import read, render
from pipelines.home import Home
from pipelines.settings import PROJECT_ROOT, PipelineSettings
from sources.contract import all_contracts
from sources.json_schema import json_schema

_DOCS = PROJECT_ROOT / "docs"
_REGISTRY = DBT_FOLDER / "seeds" / "metric_registry.csv"
_EXPOSURES = DBT_FOLDER / "models" / "_exposures.yml"
_STAGING = DBT_FOLDER / "models" / "staging"
_PREDICTIONS = DBT_FOLDER / "models" / "marts" / "_predictions__sources.yml"


def main() -> None:
    """Writes every generated page and file."""
    (PROJECT_ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    (_DOCS / "feeds.md").write_text(feeds_page(all_contracts().values()), encoding="utf-8")
    for feed, contract in all_contracts().items():
        if contract.is_own:
            continue  # nobody produces it
        encoded = orjson.dumps(json_schema(contract), option=orjson.OPT_INDENT_2)
        (_DOCS / "schemas" / f"{feed}.schema.json").write_bytes(encoded + b"\n")
    for path, text in dbt_sources(all_contracts().values()).items():
        (_STAGING / path).parent.mkdir(exist_ok=True)
        (_STAGING / path).write_text(text, encoding="utf-8")
    (_DOCS / "metrics.md").write_text(render(read(_REGISTRY)), encoding="utf-8")
    _PREDICTIONS.write_text(dbt_predictions(STEPS), encoding="utf-8")
    written = exposures(_manifest(), PROJECT_ROOT / "dashboards")
    _EXPOSURES.write_text(written, encoding="utf-8")


def _manifest() -> Manifest:
    """The project's manifest; parsed without the exposures, which may name models that are gone."""
    with TemporaryDirectory() as folder:
        home, project = Home(Path(folder)), Path(folder) / "project"
        shutil.copytree(DBT_FOLDER, project, ignore=shutil.ignore_patterns(_EXPOSURES.name))
        parse_project(project, dbt_environment(home, PipelineSettings()))
        return Manifest.read(target_folder(home) / "manifest.json")


if __name__ == "__main__":
    main()
