"""How long Dagster keeps what it wrote down of a run: its events, and what its steps printed."""

from datetime import datetime, timedelta
from typing import Final

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES

# A quarter: long enough to compare a run with one of the same season's start.
KEPT: Final = timedelta(days=90)
# A home of before is not cleaned at once; the next runs go on.
_MOST_AT_ONCE = 100


def forget_old_runs(instance: dg.DagsterInstance, now: datetime) -> int:
    """Deletes what is kept of runs that are older; returns of how many.

    The run that last made an asset stays: Dagster knows from it that the asset is there.
    """
    old = dg.RunsFilter(statuses=FINISHED_STATUSES, created_before=now - KEPT)
    records = instance.get_run_records(old, limit=_MOST_AT_ONCE, ascending=True)
    if not records:
        return 0
    needed = {record.asset_entry.last_run_id for record in instance.get_asset_records()}
    forgotten = [record.dagster_run.run_id for record in records]
    forgotten = [run_id for run_id in forgotten if run_id not in needed]
    for run_id in forgotten:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    return len(forgotten)
