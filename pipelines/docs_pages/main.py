"""`make docs`: pages and dbt's sources, made from the contracts and the registry of metrics."""

import orjson

from pipelines.docs_pages.dbt_sources import dbt_sources
from pipelines.docs_pages.feeds import feeds_page
from pipelines.docs_pages.metrics import read, render
from pipelines.settings import PROJECT_ROOT
from sources.contract import all_contracts
from sources.json_schema import json_schema

_DOCS = PROJECT_ROOT / "docs"
_REGISTRY = PROJECT_ROOT / "dbt_project" / "seeds" / "metric_registry.csv"
_STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"


def main() -> None:
    """Writes every generated page and file."""
    (_DOCS / "feeds.md").write_text(feeds_page(all_contracts().values()), encoding="utf-8")
    for feed, contract in all_contracts().items():
        encoded = orjson.dumps(json_schema(contract), option=orjson.OPT_INDENT_2)
        (_DOCS / "schemas" / f"{feed}.schema.json").write_bytes(encoded + b"\n")
    for path, text in dbt_sources(all_contracts().values()).items():
        (_STAGING / path).parent.mkdir(exist_ok=True)
        (_STAGING / path).write_text(text, encoding="utf-8")
    (_DOCS / "metrics.md").write_text(render(read(_REGISTRY)), encoding="utf-8")


if __name__ == "__main__":
    main()
