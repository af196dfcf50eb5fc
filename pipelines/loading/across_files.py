"""What a file's keys mean beside those of other files: other things, or the same things anew.

Ids that begin anew in each file make its rows take the place of those of the file before, with
nothing that tells which is newer. Keys that tell the file or the line make two rows of one that is
delivered again.
"""

import duckdb

from output.findings.finding import Finding
from pipelines.loading.ledger import Load
from pipelines.loading.repeats import first_lines, map_newer
from sources.column_source import FILE, LINE
from sources.contract import Contract
from sources.file_feeds import FileFeed
from sources.sql import scalar

# A row may be corrected in a later file. More of them than this share, and at least so many, and
# ids were given twice.
_LARGEST_SHARE, _FEW = 0.1, 2


def taken_over(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, applied: int
) -> tuple[Finding | None, str | None]:
    """A contradiction, or a note, where rows took the place of another file's with another parent.

    Reads `judged` and `known`, the rows that came and were held of contested keys; `applied` is how
    many rows of the file were. What an entry's mapping of before made of a file says nothing: that
    file is read again, too.
    """
    if not contract.parents or load.is_snapshot:
        return None, None
    keys, parents = ", ".join(contract.key), contract.parents
    differs = " or ".join(f"held.{name} <> judged.{name}" for name in parents)
    rows = connection.execute(
        f"select judged._line from judged inner join known using ({keys}) "
        f"inner join raw.{contract.feed} as held on held.rowid = known.place "
        "where verdict = 'applied' and known._is_current and not known._is_same_path "
        "and known._is_read_alike "
        "and known._version is not distinct from judged._version "
        f"and not known._is_deleted and not judged._is_deleted and ({differs}) "
        "order by judged._line"
    ).fetchall()
    if not rows:
        return None, None
    count, last = len(rows), contract.key[-1]
    template = f"{last}: {{template: '{{file}}-{{{last}}}'}}"
    finding = Finding.of(
        "rows_taken_over",
        path=load.path,
        n=count,
        keys=tuple(contract.key),
        lines=first_lines([row[0] for row in rows]),
        columns=tuple(parents),
        advice=(
            Finding.of("name_file_in_ids", template=template),
            Finding.of("correct_in_place"),
            *map_newer(contract),
        ),
    )
    are_too_many = count >= _FEW and count > applied * _LARGEST_SHARE
    return (finding, None) if are_too_many else (None, finding.english)


def delivered_again(
    connection: duckdb.DuckDBPyConnection, contract: Contract, spec: FileFeed, load: Load
) -> tuple[str, ...]:
    """A note where rows repeat those of other files under a key made of the file or the line."""
    sources = spec.columns or {}
    placed = [
        name
        for name in contract.key
        if name in sources and {FILE, LINE} & set(sources[name].places)
    ]
    if not placed:
        return ()
    same = " and ".join(
        f"mine.{name} is not distinct from other.{name}"
        for name in contract.stored_columns
        if name not in placed
    )
    current = f"raw.{contract.feed}_current"
    count = scalar(
        connection,
        f"select count(*) from (from {current} where _sequence = $1) as mine "
        f"semi join (from {current} where _sequence <> $1) as other on {same}",
        [load.sequence],
    )
    if not count:
        return ()
    rows = "row says what a row" if count == 1 else "rows say what rows"
    files = "another file says" if count == 1 else "other files say"
    note = (
        f"{load.path}: {count} {rows} of {files} in all but {' and '.join(placed)}, which tells "
        "the file or line: what was delivered again counts twice; a key of your own columns and "
        "{occurrence} would know it again"
    )
    return (note,)
