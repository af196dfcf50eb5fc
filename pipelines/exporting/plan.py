"""What an export would change: the difference by key between its segment and its destination."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from operations.exports.quality import NO_QUALITY, Quality
from operations.exports.rows import PlannedValues
from output.findings.finding import Finding
from pipelines.exporting.definitions import Export
from pipelines.exporting.destination import Promise
from pipelines.exporting.people import BY_CONSENT, Reader
from sources.kill_points import reached
from sources.sql import identifier, literal

_SENT_SCHEMA: Final = {"row_key": pl.String, "content_hash": pl.String, "is_certain": pl.Boolean}
# Who is to be there afterwards. Whoever may not be addressed is in none of them.
_WANTED: Final[Mapping[str, str]] = {
    "mirror": "is_member",
    "full_file": "is_member",
    "add_only": "(is_member or was_sent)",
    "remove_only": "(is_member and was_sent)",
    # What goes although a guard holds the rest: those who may not be there any more.
    "withdraw": "was_sent",
}
_NEVER: Final = (*BY_CONSENT, "not_computable")
# `withdraw` keeps whoever did not object, whatever else holds the row back.
_FREE: Final[Mapping[bool, str]] = {
    False: "reason is null",
    True: f"coalesce(reason not in ({', '.join(map(literal, _NEVER))}), true)",
}
_ANY_CHANGES: Final = "bool_or(change is not null) over ()"
_DECIDED: Final = """
create or replace temp table decided as
with wanted as (
    select
        rows.*,
        sent.content_hash as sent_hash,
        coalesce(sent.is_certain, true) as is_certain,
        {free} and {wanted} as is_wanted
    from rows
    left join sent on rows.row_key = sent.row_key
),

changes as (
    select
        *,
        case
            when was_sent and not is_wanted then 'remove'
            when is_wanted and not is_certain then {uncertain}
            when is_wanted and {updates} and sent_hash is distinct from content_hash then 'upsert'
        end as change
    from wanted
)

select
    *,
    case
        when change is not null then change
        when is_wanted and {whole} then 'upsert'
    end as operation,
    coalesce(reason = 'holdout', false) and is_member and not was_sent and {updates}
        as is_held_out
from changes
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent: counts of rows, and why somebody has to look at it first, if so.

    `quality`: what of the fields was corrected or is unusable, where people are found by them.
    `impossible`: why it cannot be sent at all. `consent_removals` are among the removals.
    """

    counts: Mapping[str, int]
    held_by: tuple[Finding, ...]
    impossible: Finding | None
    consent_removals: int
    quality: Quality = NO_QUALITY

    @property
    def is_empty(self) -> bool:
        """Whether the destination is as it should be already."""
        return not self.counts["upsert"] + self.counts["remove"]


def sent_frame(rows: Iterable[tuple[str, str | None, bool]]) -> pl.DataFrame:
    """What a destination has, as a frame: row_key, content_hash, is_certain."""
    return pl.DataFrame(rows, schema=_SENT_SCHEMA, orient="row")


def plan(reader: Reader, export: Export, promise: Promise, *, only_withdrawn: bool = False) -> Plan:
    """What is to be sent of the table `rows` (people.find_people); makes the table `decided`.

    Where a repeated request does harm, what may have arrived is not sent again.
    """
    mode = "withdraw" if only_withdrawn else export.mode
    reader.connection.execute(
        _DECIDED.format(
            wanted=_WANTED[mode],
            free=_FREE[only_withdrawn],
            whole=_ANY_CHANGES if promise == "whole_file" else "false",
            updates="false" if mode in {"remove_only", "withdraw"} else "true",
            uncertain="'upsert'" if promise in {"natural_key", "whole_file"} else "null",
        )
    )
    counts = _counts(reader)
    twice = _count(reader, "select count(*) from rows where times > 1 and is_member")
    consent_removals = _count(
        reader,
        "select count(*) from decided where change = 'remove' and list_contains($reasons, reason)",
        reasons=list(BY_CONSENT),
    )
    held = () if only_withdrawn else tuple(_guards(export, counts, consent_removals))
    impossible = Finding.of("export_key_not_unique", n=twice) if twice else None
    return Plan(counts, held, impossible, consent_removals)


def _counts(reader: Reader) -> dict[str, int]:
    """Rows by what they are: members, sent before, wanted, operations, reasons (`not_<reason>`)."""
    row = reader.connection.execute(
        """
        select
            count(*) filter (where is_member) as members,
            count(*) filter (where was_sent) as before,
            count(*) filter (where is_wanted) as after,
            count(*) filter (where is_wanted and was_sent) as overlap,
            count(*) filter (where operation = 'upsert') as upsert,
            count(*) filter (where operation = 'remove') as remove,
            count(*) filter (where change = 'upsert' and not was_sent) as added,
            count(*) filter (where change = 'upsert' and was_sent) as changed,
            count(*) filter (where is_wanted and was_sent and change is null) as unchanged,
            count(*) filter (where is_wanted and not is_certain and operation is null) as unresolved
        from decided
        """
    )
    names = [column[0] for column in row.description or ()]
    counts = dict(zip(names, map(int, row.fetchall()[0]), strict=True))
    reasons = reader.connection.execute(
        "select reason, count(*) from decided where reason is not null and is_member "
        "group by reason order by reason"
    ).fetchall()
    return counts | {f"not_{reason}": int(count) for reason, count in reasons}


def _guards(export: Export, counts: Mapping[str, int], consent_removals: int) -> Iterator[Finding]:
    before, after = counts["before"], counts["after"]
    if export.approval == "always":
        yield Finding.of("export_always_approved")
    if not before:
        return
    if not after:
        yield Finding.of("export_empty")
    # Products of integers and decimals, so that a fifth of ten is two.
    if after and abs(after - before) > export.guards.change * before:
        yield Finding.of(
            "export_changes_much",
            before=before,
            after=after,
            most=round(float(export.guards.change) * 100),
        )
    # What people withdrew is removed in any case, and is no sign of a fault.
    removed = counts["remove"] - consent_removals
    if removed > export.guards.removed * before:
        yield Finding.of(
            "export_removes_much",
            n=removed,
            before=before,
            most=round(float(export.guards.removed) * 100),
        )


def planned_rows(reader: Reader) -> Iterator[PlannedValues]:
    """The values of the rows that are to be sent (rows.PlannedRow), by key."""
    found = reader.connection.execute(
        "select row_key, operation, content_hash, consent_version, not was_sent, "
        "case when operation = 'remove' then reason end from decided "
        "where operation is not null order by row_key"
    )
    return chain.from_iterable(iter(lambda: found.fetchmany(20_000), []))


def held_out_rows(reader: Reader) -> Iterator[tuple[str, str | None]]:
    """Who would be sent for the first time and is held out: key and version of the consent."""
    found = reader.connection.execute(
        "select row_key, consent_version from decided where is_held_out order by row_key"
    )
    while chunk := found.fetchmany(50_000):
        yield from chunk


def write_contents(reader: Reader, export: Export, path: Path) -> None:
    """Writes what is sent of each row into a file for this account only, whole or not at all."""
    draft = path.with_name(f"{path.name}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(identifier(column) for column in export.fields)
    reader.connection.execute(
        f"copy (select row_key, {columns} from decided where operation is not null "
        f"order by row_key) to {literal(str(draft))} (format parquet)"
    )
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    reached("contents_written")
    draft.replace(path)


def _count(reader: Reader, query: str, **named: object) -> int:
    row = reader.connection.execute(query, named or None).fetchone()
    return int(row[0]) if row else 0
