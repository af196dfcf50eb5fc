"""The English texts that registries, contracts and marts publish; the catalogues translate them.

`Words.published` looks them up: the marts carry the English text, its translation is here.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dashboards.words.names import title_of

_ROOT = Path(__file__).parents[2]
_REGISTRY = "dbt_project/seeds/metric_registry.csv"
_CONTRACTS = "sources/contracts"
_OF_A_FEED = ("title", "what_depends")
_OF_A_METRIC = (
    *("name", "sentence", "formula", "grain", "numerator", "denominator", "metric_window"),
    *("membership_date", "exclusions", "threshold_origin", "owner", "vendor_advice"),
)
_MARTS = "dbt_project/models/marts"


def published_texts() -> Iterator[tuple[str, str]]:
    """Return every text with the file that it is from."""
    with (_ROOT / _REGISTRY).open(encoding="utf-8", newline="") as file:
        for metric in csv.DictReader(file):
            yield from ((_REGISTRY, metric[column]) for column in _OF_A_METRIC if metric[column])
    for file_ in sorted((_ROOT / _CONTRACTS).glob("*.yml")):
        contract = yaml.safe_load(file_.read_text("utf-8"))
        path = f"{_CONTRACTS}/{file_.name}"
        yield from ((path, contract[field]) for field in _OF_A_FEED if contract.get(field))
    for file_ in sorted((_ROOT / _MARTS).rglob("*.yml")):
        described: dict[str, Any] = yaml.safe_load(file_.read_text("utf-8"))
        for mart in described.get("models", ()):
            names = (mart["name"], *(column["name"] for column in mart["columns"]))
            # Many marts have a column of one name; where they all are is enough.
            yield from ((_MARTS, title_of(name)) for name in names)
