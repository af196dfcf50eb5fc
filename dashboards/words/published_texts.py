"""The English texts that registries and contracts publish; the catalogues translate them as well.

`Words.published` looks them up: the marts carry the English text, its translation is here.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from sources.contract import all_contracts

_ROOT = Path(__file__).parents[2]
_REGISTRY = "dbt_project/seeds/metric_registry.csv"
_OF_A_METRIC = ("name", "sentence", "formula", "membership_date", "exclusions", "vendor_advice")


def published_texts() -> Iterator[tuple[str, str]]:
    """Return every text with the file that it is from."""
    with (_ROOT / _REGISTRY).open(encoding="utf-8", newline="") as file:
        for metric in csv.DictReader(file):
            yield from ((_REGISTRY, metric[column]) for column in _OF_A_METRIC if metric[column])
    for feed, contract in sorted(all_contracts().items()):
        path = f"sources/contracts/{feed}.yml"
        yield path, contract.title
        if contract.what_depends:
            yield path, contract.what_depends
