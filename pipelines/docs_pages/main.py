"""`make docs`: the pages of docs/ that are made from contracts and from the registry of metrics."""

import orjson

from pipelines.docs_pages.feeds import feeds_page
from pipelines.docs_pages.metrics import read, render
from pipelines.settings import PROJECT_ROOT
from sources.contract import all_contracts
from sources.json_schema import json_schema

_DOCS = PROJECT_ROOT / "docs"
_REGISTRY = PROJECT_ROOT / "dbt_project" / "seeds" / "metric_registry.csv"


def main() -> None:
    """Writes every generated page."""
    (_DOCS / "feeds.md").write_text(feeds_page(all_contracts().values()), encoding="utf-8")
    for feed, contract in all_contracts().items():
        encoded = orjson.dumps(json_schema(contract), option=orjson.OPT_INDENT_2)
        (_DOCS / "schemas" / f"{feed}.schema.json").write_bytes(encoded + b"\n")
    (_DOCS / "metrics.md").write_text(render(read(_REGISTRY)), encoding="utf-8")


if __name__ == "__main__":
    main()
