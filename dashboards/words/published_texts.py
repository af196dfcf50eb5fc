"""The English texts that registries, contracts and marts publish; the catalogues translate them.

`Words.published` looks them up: the marts carry the English text, its translation is here.
"""

import csv
import re
from collections.abc import Iterator, Mapping
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
_MODELS = "dbt_project/models"
_MARTS = f"{_MODELS}/marts"
# As dbt reads them: a text that several descriptions share, and where one of them takes it.
_SHARED = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
_TAKEN = re.compile(r"""{{ *doc\(['"](\w+)['"]\) *}}""")


def published_texts() -> Iterator[tuple[str, str]]:
    """Return every text with the file that it is from."""
    with (_ROOT / _REGISTRY).open(encoding="utf-8", newline="") as file:
        for metric in csv.DictReader(file):
            yield from ((_REGISTRY, metric[column]) for column in _OF_A_METRIC if metric[column])
    for file_ in sorted((_ROOT / _CONTRACTS).glob("*.yml")):
        contract = yaml.safe_load(file_.read_text("utf-8"))
        path = f"{_CONTRACTS}/{file_.name}"
        yield from ((path, contract[field]) for field in _OF_A_FEED if contract.get(field))
    shared = _shared_texts()
    for file_ in sorted((_ROOT / _MARTS).rglob("*.yml")):
        described: dict[str, Any] = yaml.safe_load(file_.read_text("utf-8"))
        for mart in described.get("models", ()):
            # Many marts have a column of one name; where they all are is enough.
            for each in (mart, *mart["columns"]):
                yield _MARTS, title_of(each["name"])
                yield _MARTS, _described(each["description"], shared)


def _shared_texts() -> dict[str, str]:
    files = sorted((_ROOT / _MODELS).rglob("*.md"))
    return {name: text for file in files for name, text in _SHARED.findall(file.read_text("utf-8"))}


def _described(description: str, shared: Mapping[str, str]) -> str:
    """Return a description in one line, as a version's catalogue publishes it."""
    whole = _TAKEN.sub(lambda taken: shared[taken[1]], description)
    return " ".join(whole.split())
