"""How old a feed may grow, and what `dbt source freshness` says of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from output.findings.finding import Finding
from pipelines.checking.check_results import FRESHNESS, CheckRow
from pipelines.dbt.project import (
    DBT_FOLDER,
    DbtParseError,
    dbt_environment,
    dbt_executable,
    target_folder,
    why_dbt_stopped,
)
from pipelines.home import Home
from pipelines.settings import PipelineSettings, child_environment
from sources.contract import all_contracts

_OUTPUT = "sources.json"
# What dbt writes where a table has no row at all.
_NEVER = "0001-01-01"


def feeds_with_windows() -> list[str]:
    """The feeds of which something is expected by a time."""
    return [feed for feed, contract in all_contracts().items() if contract.windows]


def source_freshness(home: Home, settings: PipelineSettings, recorded_at: str) -> list[CheckRow]:
    """The age of every source that dbt knows, as check results; none of them blocks.

    Feeds that the marketplace does not deliver have no rows and are absent, not stale.

    Raises:
        DbtParseError: dbt could not look.
    """
    folder = target_folder(home) / "freshness"
    found = folder / _OUTPUT
    found.unlink(missing_ok=True)
    command = [dbt_executable(), "--quiet", "source", "freshness", "--project-dir", str(DBT_FOLDER)]
    done = subprocess.run(  # noqa: S603 - our own executable, no shell
        [*command, "--target-path", str(folder)],
        env=child_environment(dbt_environment(home, settings)),
        capture_output=True,
        text=True,
        check=False,
    )
    # It ends with 1 where something is stale, too; then it has written what it found.
    if not found.exists():
        raise DbtParseError(why_dbt_stopped(done.returncode, done.stdout.strip() or done.stderr))
    return rows_of(found, recorded_at)


def rows_of(found: Path, recorded_at: str) -> list[CheckRow]:
    """The check results that dbt's sources.json holds."""
    results: list[dict[str, Any]] = json.loads(found.read_text())["results"]
    rows = [_row(result, recorded_at) for result in results if result.get("max_loaded_at")]
    return sorted((row for row in rows if row is not None), key=lambda row: row.feed)


def _row(result: dict[str, Any], recorded_at: str) -> CheckRow | None:
    feed = str(result["unique_id"]).rpartition(".")[2]
    newest = str(result["max_loaded_at"])
    if newest.startswith(_NEVER):
        return None
    days = float(result["max_loaded_at_time_ago_in_s"]) / 86_400
    limits = result["criteria"]
    is_passed = result["status"] == "pass"
    allowed = limits["warn_after"]["count"]
    finding = Finding.of("feed_is_fresh", days=round(days, 1))
    if not is_passed:
        finding = Finding.of("feed_is_stale", days=round(days, 1), allowed=allowed, feed=feed)
    return CheckRow(
        run_at=recorded_at,
        feed=feed,
        check_name=f"{FRESHNESS}/last_rows",
        severity="warn",
        is_passed=is_passed,
        observed=days,
        finding=finding,
        held_back=None if is_passed else Finding.of("newer_days_missing"),
    )
