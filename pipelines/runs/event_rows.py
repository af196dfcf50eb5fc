"""The rows of Dagster's index of all runs, and the statements that write them, made once each."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from sqlalchemy import Connection, Insert, Table, Update, bindparam

NEW_EVENT = SqlEventLogStorageTable.insert()
_INDEXED = {*ASSET_EVENTS, *ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS}


def is_indexed(event: EventLogEntry) -> bool:
    """Whether the index of all runs holds an event too: it is of an asset, a check or a run."""
    return event.is_dagster_event and event.dagster_event_type in _INDEXED


def put(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Gives the row of a key these values; makes it where there is none."""
    named = {f"of_{name}": value for name, value in key.items()}
    if not connection.execute(_changed(table, tuple(key)), {**named, **values}).rowcount:
        connection.execute(_new(table), {**key, **values})


def executions(
    event: EventLogEntry, row: Mapping[str, Any], event_id: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The key and the values of each execution of a check of which an event tells.

    Args:
        event: that a check is planned, or was evaluated.
        row: the event's own.
        event_id: of that row.
    """
    told: Any = event.get_dagster_event().event_specific_data
    status, found = AssetCheckExecutionRecordStatus.PLANNED, {}
    if isinstance(told, AssetCheckEvaluation):
        partitions, target = [told.partition], told.target_materialization_data
        status = (
            AssetCheckExecutionRecordStatus.SUCCEEDED
            if told.passed
            else AssetCheckExecutionRecordStatus.FAILED
        )
        found = {"materialization_event_storage_id": target.storage_id if target else None}
    else:
        subset = told.partitions_subset
        partitions = list(subset.get_partition_keys()) if subset else [None]
    for partition in partitions:
        key = {
            "asset_key": told.asset_key.to_string(),
            "check_name": told.check_name,
            "run_id": event.run_id,
            "partition": partition,
            # Of no run, every evaluation stands for itself.
            **({} if event.run_id else {"evaluation_event_storage_id": event_id}),
        }
        yield (
            key,
            {
                "execution_status": status.value,
                "evaluation_event": row["event"],
                "evaluation_event_timestamp": row["timestamp"],
                "evaluation_event_storage_id": event_id,
                **found,
            },
        )


@cache
def _new(table: Table) -> Insert:
    return table.insert()


@cache
def _changed(table: Table, key: tuple[str, ...]) -> Update:
    found = [table.c[name].is_not_distinct_from(bindparam(f"of_{name}")) for name in key]
    return table.update().where(*found)
