"""dbt's sources are made from the contracts, and nobody edits them."""

import yaml

from pipelines.docs_pages.dbt_sources import dbt_sources
from pipelines.settings import PROJECT_ROOT
from sources.contract import Contract, all_contracts

STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"
# What the pipelines write of their own work has no contract.
OWN = "kontor/_kontor__sources.yml"


def a_contract(feed: str, delivery: str) -> Contract:
    return Contract.model_validate(
        {
            "feed": feed,
            "title": feed,
            "description": "The shop's own. One row per thing.",
            "system": "shop",
            "delivery": delivery,
            "key": ["thing_id"],
            "columns": {
                "thing_id": {"type": "text", "description": "The thing."},
                "is_deleted": {"type": "boolean", "description": "Whether it is gone."},
            },
        }
    )


def test_the_sources_are_those_of_the_contracts() -> None:
    committed = {
        str(path.relative_to(STAGING)): path.read_text("utf-8")
        for path in STAGING.glob("*/*__sources.yml")
    }
    del committed[OWN]

    assert committed == dbt_sources(all_contracts().values()), "make docs"


def test_a_feed_may_be_as_old_as_its_delivery_says_and_an_occasional_one_as_it_likes() -> None:
    [text] = dbt_sources([a_contract("weekly", "weekly"), a_contract("now", "occasional")]).values()

    [source] = yaml.safe_load(text)["sources"]

    assert source["name"] == "shop"
    assert source["schema"] == "raw"
    assert source["tables"] == [
        {
            "name": "now",
            "identifier": "now_current",
            "description": "The shop's own. One row per thing.",
        },
        {
            "name": "weekly",
            "identifier": "weekly_current",
            "description": "The shop's own. One row per thing.",
            "config": {
                "freshness": {
                    "warn_after": {"count": 9, "period": "day"},
                    "error_after": {"count": 21, "period": "day"},
                }
            },
        },
    ]
