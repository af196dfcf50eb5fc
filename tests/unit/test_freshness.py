"""What dbt found of a feed's age becomes a finding."""

import json
from pathlib import Path

from output.findings.finding import Finding
from pipelines.checking.freshness import rows_of


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
    assert rows["payments"].finding == Finding.of(
        "feed_is_stale", days=10.0, allowed=2, feed="payments"
    )
    assert rows["payments"].held_back == Finding.of("newer_days_missing")
    assert rows["orders"].held_back is None
