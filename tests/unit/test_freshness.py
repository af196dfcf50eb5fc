"""How old a feed may be is what its contract says of its delivery, everywhere the same."""

import json
from pathlib import Path

import yaml

from pipelines.checking.freshness import WINDOWS, rows_of
from pipelines.settings import PROJECT_ROOT
from sources.contract import all_contracts

STAGING = PROJECT_ROOT / "dbt_project/models/staging"


def test_dbt_and_dagster_know_the_same_windows() -> None:
    feeds = {
        table["name"]: table
        for path in STAGING.glob("*/_*__sources.yml")
        for source in yaml.safe_load(path.read_text())["sources"]
        for table in source["tables"]
        if table["name"] in all_contracts()
    }

    for feed, table in feeds.items():
        windows = WINDOWS.get(all_contracts()[feed].delivery)
        found = (table.get("config") or {}).get("freshness")
        if windows is None:
            assert found is None, feed
            continue
        days = (windows.warn_after.days, windows.error_after.days)
        assert (found["warn_after"]["count"], found["error_after"]["count"]) == days, feed
    assert feeds.keys() == all_contracts().keys()


def test_stale_feed_is_said_and_absent_one_is_not(tmp_path: Path) -> None:
    def result(feed: str, status: str, newest: str, seconds: float) -> dict[str, object]:
        return {
            "unique_id": f"source.kontor.shop.{feed}",
            "status": status,
            "max_loaded_at": newest,
            "max_loaded_at_time_ago_in_s": seconds,
            "criteria": {"warn_after": {"count": 2, "period": "day"}},
        }

    found = tmp_path / "sources.json"
    results = [
        result("orders", "pass", "2026-06-30T05:00:00", 3600.0),
        result("payments", "error", "2026-06-20T05:00:00", 10 * 86_400.0),
        result("reviews", "error", "0001-01-01T00:00:00+00:00", 6e10),
        {"unique_id": "source.kontor.crm.leads", "status": "runtime error"},
    ]
    found.write_text(json.dumps({"results": results}))

    rows = {row.feed: row for row in rows_of(found, "2026-07-01 05:00:00")}

    assert set(rows) == {"orders", "payments"}
    assert rows["orders"].is_passed
    assert not rows["payments"].is_passed
    assert not rows["payments"].holds_back
    assert rows["payments"].sentence == (
        "the last rows came 10.0 days ago; 2 are usual: look at the delivery of payments"
    )
    assert rows["payments"].held_back == (
        "Nothing is held back; newer days are missing from what reads the feed."
    )
    assert rows["orders"].held_back == ""
