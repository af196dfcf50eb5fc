"""Who of a segment may be sent, and why the others may not: default deny, suppression wins.

Segments and consent are those of the published version; what arrived since may only take away:
a withdrawal that is loaded and not yet published counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from pipelines.exporting.definitions import Buyers, Export
from pipelines.exporting.fields import not_computable, selected
from pipelines.exporting.stock import is_short
from pipelines.exporting.subjects import BUILD, PUBLISHED, SOURCES
from pipelines.home import Home, noticing_holders
from pipelines.publishing.source import open_reader
from pipelines.publishing.versions import current_version
from sources.mapping_checks import suggestion
from sources.sql import identifier, literal

# Reasons that are the person's own, or the law's: whoever has them is removed, whatever the mode.
BY_CONSENT: Final = ("never_asked", "refused", "suppressed", "withdrawn", "ended")


class NothingPublishedError(Exception):
    """There is no published version, or it lacks what exports read; says what to do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection that reads the warehouse and the published version."""

    connection: duckdb.DuckDBPyConnection
    version: str


@contextmanager
def reading(home: Home) -> Iterator[Reader]:
    """Yields a reader of what is published and of what arrived; holds the home's lock.

    Raises:
        NothingPublishedError: nothing is published.
        HomeBusyError: a run is using the home.
    """
    version = current_version(home.published)
    if version is None:
        raise NothingPublishedError(
            f"nothing is published in {home.published}, so there are no segments; "
            "run `kontor run` first"
        )
    with home.writing():
        connection = open_reader(home.warehouse, BUILD, home.scratch / "exports", threads=2)
        with connection, noticing_holders():
            operator = home.published / version / "operator.duckdb"
            connection.execute(f"attach {literal(str(operator))} as {PUBLISHED} (read_only)")
            yield Reader(connection, version)


_MEMBERS: Final = f"""
select
    subject_id as row_key,
    bool_or(is_holdout) as is_holdout,
    count(*) as times
from {PUBLISHED}.marts.mart_segment_history
where segment_id = $segment and subject_kind = $subject and valid_to is null
group by subject_id
"""
# A vendor's own buyers, in the groups that it sees without knowing who is in them.
_BUYERS: Final = f"""
select
    customer_id as row_key,
    false as is_holdout,
    count(*) as times
from {PUBLISHED}.marts.mart_vendor_customer_segments
where
    vendor_id = $vendor
    and ($group_id = 'all' or rfm_segment = $group_id)
group by customer_id
"""
# Whoever was sent before is looked at as well: it may have to be removed.
_PEOPLE: Final = """
create or replace temp table people as
with members as ({members}),

everybody as (
    select row_key from members
    union
    select row_key from sent
),

allowed_to as ({allowed}){ended}

select
    everybody.row_key,
    allowed.contact_id,
    allowed.basis as consent_version,
    members.row_key is not null as is_member,
    coalesce(members.is_holdout, false) as is_holdout,
    sent.row_key is not null as was_sent,
    coalesce(members.times, 1) as times,
    case
        when allowed.subject_id is null then 'never_asked'
        when allowed.consent_state <> 'granted' then allowed.consent_state
        when {withdrawn} then 'withdrawn'
        when allowed.is_bounced then 'bounced'
        when not allowed.has_address then 'no_address'
        when not allowed.is_contactable then 'not_contactable'
    end as reason
from everybody
left join members on everybody.row_key = members.row_key
left join sent on everybody.row_key = sent.row_key
left join allowed_to as allowed on everybody.row_key = allowed.subject_id
{joined_ended}"""


def find_people(
    reader: Reader,
    export: Export,
    sent: pl.DataFrame,
    capped: Sequence[str] = (),
    buyers: Buyers | None = None,
) -> None:
    """Makes the table `rows`: everybody of the segment or sent before, with fields and reasons.

    `sent` has the columns row_key, content_hash and is_certain. `capped` are the keys that other
    exports addressed too often. `buyers` are meant where the export is for vendors.

    Raises:
        NothingPublishedError: the published version has no such segment.
    """
    connection = reader.connection
    if buyers is None:
        _check_segment(connection, export)
    connection.register("sent_frame", sent)
    connection.execute("create or replace temp table sent as select * from sent_frame")
    connection.unregister("sent_frame")
    _ask(connection, export, buyers)
    columns = [identifier(column) for column in export.fields]
    hashed = ", ".join(f"coalesce({column}, chr(0))" for column in columns)
    capped_frame = pl.DataFrame({"row_key": list(capped)}, schema={"row_key": pl.String})
    connection.register("capped", capped_frame)
    connection.execute(
        f"""
        create or replace temp table rows as
        with described as (
            select people.*, {selected(export)}
            {SOURCES[export.subject].joined}
        )
        select
            * exclude (reason),
            md5(concat_ws(chr(31), {hashed})) as content_hash,
            case
                when reason is not null then reason
                -- nobody could show what they agreed to (GDPR, article 7 (1))
                when consent_version is null then 'consent_unproven'
                when {not_computable(export.fields)} then 'not_computable'
                when not was_sent and row_key in (select row_key from capped) then 'capped'
                when not was_sent and {str(is_short(connection, export.offer)).lower()}
                    then 'low_stock'
                -- last, so that those held out are people who would be sent otherwise
                when is_holdout then 'holdout'
            end as reason
        from described
        """
    )
    connection.unregister("capped")


def denied(
    reader: Reader, export: Export, contents: Path, buyers: Buyers | None = None
) -> Mapping[str, str]:
    """Those of the rows in a run's file who may not be sent any more, with why."""
    connection = reader.connection
    rows = f"select row_key from read_parquet({literal(str(contents))})"
    connection.execute(f"create or replace temp view sent as {rows}")
    _ask(connection, export, buyers)
    found = connection.execute(
        "select row_key, case when list_contains($reasons, reason) then reason else 'holdout' end "
        "from people where was_sent and (list_contains($reasons, reason) or is_holdout)",
        {"reasons": [*BY_CONSENT, "bounced"]},
    ).fetchall()
    return {str(key): str(reason) for key, reason in found}


def _ask(connection: duckdb.DuckDBPyConnection, export: Export, buyers: Buyers | None) -> None:
    """Makes the table `people` of who is meant and of those in the table `sent`."""
    source = SOURCES[export.subject]
    meant: dict[str, str | None] = (
        {"segment": export.segment, "subject": export.subject}
        if buyers is None
        else {"vendor": buyers.vendor_id, "group_id": buyers.group_id}
    )
    if export.subject == "customer":
        # What was said of a vendor is no matter of ours, unless that one asks.
        meant.setdefault("vendor", None)
    connection.execute(
        _PEOPLE.format(
            members=_MEMBERS if buyers is None else _BUYERS,
            allowed=source.allowed if buyers is None else source.allowed_to_vendor,
            withdrawn=source.withdrawn,
            ended=f",\n{source.ended}" if source.ended else "",
            joined_ended=source.joined_ended,
        ),
        meant | {"purpose": export.purpose, "channel": export.channel},
    )


def _check_segment(connection: duckdb.DuckDBPyConnection, export: Export) -> None:
    found = {
        str(name): str(kind)
        for name, kind in connection.execute(
            "select segment_id, subject_kind from ("
            "select distinct segment_id, subject_kind, 1 as place "
            f"from {PUBLISHED}.marts.mart_segment_history union all "
            f"select segment_id, subject_kind, 2 from {PUBLISHED}.marts.mart_segments"
            ") order by place"
        ).fetchall()
    }
    if export.segment not in found:
        raise NothingPublishedError(
            f"the published version has no segment {export.segment!r}; "
            f"{suggestion(export.segment, list(found))}"
        )
    if found[export.segment] != export.subject:
        raise NothingPublishedError(
            f"the segment {export.segment} is of {found[export.segment]}s and the export of "
            f"{export.subject}s; write subject: {found[export.segment]} in its file"
        )
