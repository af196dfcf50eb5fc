"""Who is in which segment: evaluated once a day at most, and kept as it was found.

`raw.segment_members` only grows. A membership is a row without an end; the row that ends it has the
same beginning and a higher number. Of rows that are alike but for end and number the last counts.
A day before the last one evaluated is not evaluated again: what is on record of it stands. Whether
somebody is held back is drawn when the membership begins, and stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import duckdb
import polars as pl

from operations.segments.definitions import Definition
from operations.segments.holdouts import NOBODY, held_back
from operations.segments.query import Query, query_of
from operations.segments.references import CircleError
from operations.segments.rules import Rule
from operations.segments.vocabulary import CUSTOMER, SubjectKind
from operations.segments.writing import written
from output.findings.finding import Finding
from pipelines.segmentation.definitions import Broken, Found

_OPEN: Final = """
create or replace temp table open_members as
select segment_id, version, subject_id, valid_from, is_holdout, subject_kind
from (
    select *
    from raw.segment_members
    qualify row_number() over (
        partition by segment_id, version, subject_id, valid_from order by number desc
    ) = 1
)
where valid_to is null
"""
_ENDED: Final = """
insert into raw.segment_members
select
    $number,
    members.segment_id,
    members.version,
    members.subject_id,
    members.valid_from,
    $day,
    members.is_holdout,
    members.subject_kind
from open_members as members
where
    members.segment_id = $segment_id
    and not (
        members.version = $version
        and members.subject_id in (select subject_id from answers where answer)
    )
order by members.version, members.subject_id
"""
_ENTERING: Final = """
create or replace temp table entering as
select answers.subject_id
from answers
where
    answers.answer
    and answers.subject_id not in (
        select subject_id
        from open_members
        where segment_id = $segment_id and version = $version
    )
order by answers.subject_id
"""
_BEGUN: Final = """
insert into raw.segment_members
select
    $number,
    $segment_id,
    $version,
    entering.subject_id,
    $day,
    null,
    entering.subject_id in (select subject_id from held_back),
    $subject_kind
from entering
order by entering.subject_id
"""


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """Under which number, for which day, and by which key."""

    number: int
    as_of: date
    key: bytes


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a segment's evaluation came to; without counts where it failed, and then with why."""

    segment_id: str
    version: str
    origin: str
    title: str
    rule: str
    members: int | None
    unknown: int | None
    finding: Finding
    holdout_share: Decimal = NOBODY
    subject_kind: SubjectKind = CUSTOMER.kind

    @property
    def is_evaluated(self) -> bool:
        """Whether its members are those of today."""
        return self.members is not None


def record_members(
    connection: duckdb.DuckDBPyConnection, found: Found, as_of: date, key: bytes
) -> list[Evaluated]:
    """Evaluates every segment and appends what changed; returns what each came to, by its name.

    `key` draws who is held back.

    One that cannot be evaluated keeps its members, and the others go on. Nothing is done, and the
    results of then are left, where a later day was evaluated before.
    """
    row = connection.execute("select max(as_of_date) from raw.segments").fetchone()
    if row and row[0] is not None and row[0] > as_of:
        return []
    connection.execute(_OPEN)
    row = connection.execute(
        "select coalesce(max(number), 0) + 1 from raw.segment_members"
    ).fetchone()
    number = int(row[0]) if row else 1
    results = [_failed(each) for each in found.broken.values()]
    results += [
        _evaluated(
            connection,
            definition,
            # of customers those of customers
            {
                name: each.rule
                for name, each in found.usable.items()
                if each.subject == definition.subject
            },
            _Evaluation(number, as_of, key),
        )
        for definition in found.usable.values()
    ]
    _end_retired(connection, {each.segment_id for each in results}, number, as_of)
    results.sort(key=lambda each: each.segment_id)
    _write(connection, results, as_of)
    return results


def _evaluated(
    connection: duckdb.DuckDBPyConnection,
    definition: Definition,
    rules: dict[str, Rule],
    this: _Evaluation,
) -> Evaluated:
    try:
        query = query_of({"answer": definition.rule}, rules, this.as_of, definition.subject)
        connection.execute("begin transaction")
        try:
            counts = _append(connection, definition, query, this)
            connection.execute("commit")
        except duckdb.Error:
            connection.execute("rollback")
            raise
    except CircleError as error:
        return _not(definition, Finding.of("rule_circle", chain=" → ".join(error.chain)))
    except LookupError as error:
        # It was read, so it is one that has a fault of its own.
        return _not(definition, Finding.of("segment_names_broken", name=str(error.args[0])))
    except duckdb.Error:
        # Its text may quote values of customers.
        return _not(definition, Finding.of("segment_failed"))
    members, unknown = counts
    return _result(definition, Finding.of("segment_evaluated", n=members), members, unknown)


def _append(
    connection: duckdb.DuckDBPyConnection,
    definition: Definition,
    query: Query,
    this: _Evaluation,
) -> tuple[int, int]:
    connection.execute("create or replace temp table answers (subject_id varchar, answer boolean)")
    connection.execute(f"insert into answers {query.sql}", dict(query.values))
    named: dict[str, object] = {
        "segment_id": definition.segment_id,
        "version": definition.version,
    }
    connection.execute(_ENTERING, named)
    _draw(connection, definition, this.key)
    named |= {"number": this.number, "day": this.as_of}
    connection.execute(_ENDED, named)
    connection.execute(_BEGUN, named | {"subject_kind": definition.subject.kind})
    row = connection.execute(
        "select count(*) filter (where answer), count(*) filter (where answer is null) from answers"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _draw(connection: duckdb.DuckDBPyConnection, definition: Definition, key: bytes) -> None:
    """Makes the table of those who enter and are held back; SQL knows no keyed hash."""
    drawn: list[str] = []
    if definition.holdout_share:
        rows = connection.execute("select subject_id from entering").fetchall()
        customers = (str(customer) for (customer,) in rows)
        drawn = held_back(key, definition.segment_id, definition.holdout_share, customers)
    frame = pl.DataFrame({"subject_id": drawn}, schema={"subject_id": pl.String})
    connection.register("drawn", frame)
    connection.execute("create or replace temp table held_back as select * from drawn")
    connection.unregister("drawn")


def _end_retired(
    connection: duckdb.DuckDBPyConnection, known: Iterable[str], number: int, as_of: date
) -> None:
    connection.execute(
        "insert into raw.segment_members "
        "select $number, segment_id, version, subject_id, valid_from, $day, is_holdout, "
        "subject_kind from open_members "
        "where not list_contains($known, segment_id) order by segment_id, version, subject_id",
        {"number": number, "day": as_of, "known": sorted(known)},
    )


def _result(
    definition: Definition, finding: Finding, members: int | None, unknown: int | None
) -> Evaluated:
    return Evaluated(
        definition.segment_id,
        definition.version,
        definition.origin,
        definition.title,
        written(definition.rule),
        members,
        unknown,
        finding,
        definition.holdout_share,
        definition.subject.kind,
    )


def _not(definition: Definition, finding: Finding) -> Evaluated:
    return _result(definition, finding, None, None)


def _failed(broken: Broken) -> Evaluated:
    return Evaluated(
        broken.segment_id, broken.version, broken.origin, "", "", None, None, broken.why
    )


def _write(
    connection: duckdb.DuckDBPyConnection, results: Iterable[Evaluated], as_of: date
) -> None:
    connection.execute("begin transaction")
    connection.execute("delete from raw.segments")
    for each in results:
        connection.execute(
            "insert into raw.segments values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                each.segment_id,
                each.version,
                each.origin,
                each.title,
                each.rule,
                each.members,
                each.unknown,
                each.is_evaluated,
                each.finding.json_text,
                as_of,
                each.holdout_share,
                each.subject_kind,
            ],
        )
    connection.execute("commit")
