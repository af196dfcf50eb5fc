"""Who is in which segment: evaluated once a day at most, and kept as it was found.

`raw.segment_members` only grows. A membership is a row without an end; the row that ends it has the
same beginning and a higher number. Of rows that are alike but for end and number the last counts.
A day before the last one evaluated is not evaluated again: what is on record of it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from operations.segments.definitions import Definition
from operations.segments.query import Query, query_of
from operations.segments.references import CircleError
from operations.segments.rules import Rule
from operations.segments.writing import written
from output.findings.finding import Finding
from pipelines.segmentation.definitions import Broken, Found

_OPEN: Final = """
create or replace temp table open_members as
select segment_id, version, customer_id, valid_from
from (
    select *
    from raw.segment_members
    qualify row_number() over (
        partition by segment_id, version, customer_id, valid_from order by number desc
    ) = 1
)
where valid_to is null
"""
_ENDED: Final = """
insert into raw.segment_members
select $number, members.segment_id, members.version, members.customer_id, members.valid_from, $day
from open_members as members
where
    members.segment_id = $segment_id
    and not (
        members.version = $version
        and members.customer_id in (select customer_id from answers where answer)
    )
order by members.version, members.customer_id
"""
_BEGUN: Final = """
insert into raw.segment_members
select $number, $segment_id, $version, answers.customer_id, $day, null
from answers
where
    answers.answer
    and answers.customer_id not in (
        select customer_id
        from open_members
        where segment_id = $segment_id and version = $version
    )
order by answers.customer_id
"""


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

    @property
    def is_evaluated(self) -> bool:
        """Whether its members are those of today."""
        return self.members is not None


def record_members(
    connection: duckdb.DuckDBPyConnection, found: Found, as_of: date
) -> list[Evaluated]:
    """Evaluates every segment and appends what changed; returns what each came to, by its name.

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
    rules = {name: each.rule for name, each in found.usable.items()}
    results = [_failed(each) for each in found.broken.values()]
    results += [
        _evaluated(connection, definition, rules, (number, as_of))
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
    when: tuple[int, date],
) -> Evaluated:
    number, as_of = when
    try:
        query = query_of({"answer": definition.rule}, rules, as_of)
        connection.execute("begin transaction")
        try:
            counts = _append(connection, definition, query, number, as_of)
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
    number: int,
    as_of: date,
) -> tuple[int, int]:
    connection.execute("create or replace temp table answers (customer_id varchar, answer boolean)")
    connection.execute(f"insert into answers {query.sql}", dict(query.values))
    named = {
        "number": number,
        "segment_id": definition.segment_id,
        "version": definition.version,
        "day": as_of,
    }
    connection.execute(_ENDED, named)
    connection.execute(_BEGUN, named)
    row = connection.execute(
        "select count(*) filter (where answer), count(*) filter (where answer is null) from answers"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _end_retired(
    connection: duckdb.DuckDBPyConnection, known: Iterable[str], number: int, as_of: date
) -> None:
    connection.execute(
        "insert into raw.segment_members "
        "select $number, segment_id, version, customer_id, valid_from, $day from open_members "
        "where not list_contains($known, segment_id) order by segment_id, version, customer_id",
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
            "insert into raw.segments values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            ],
        )
    connection.execute("commit")
