"""The English texts that registries and contracts publish; the catalogues translate them as well.

`Words.published` looks them up: the marts carry the English text, its translation is here.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import yaml

_ROOT = Path(__file__).parents[2]
_REGISTRY = "dbt_project/seeds/metric_registry.csv"
_CONTRACTS = "sources/contracts"
_OF_A_FEED = ("title", "what_depends")
_OF_A_METRIC = ("name", "sentence", "formula", "membership_date", "exclusions", "vendor_advice")


def published_texts() -> Iterator[tuple[str, str]]:
    """Return every text with the file that it is from."""
    with (_ROOT / _REGISTRY).open(encoding="utf-8", newline="") as file:
        for metric in csv.DictReader(file):
            yield from ((_REGISTRY, metric[column]) for column in _OF_A_METRIC if metric[column])
    for file_ in sorted((_ROOT / _CONTRACTS).glob("*.yml")):
        contract = yaml.safe_load(file_.read_text("utf-8"))
        path = f"{_CONTRACTS}/{file_.name}"
        yield from ((path, contract[field]) for field in _OF_A_FEED if contract.get(field))
