"""What a template can say about a row's place: its line, its file, its number among equals.

The parsers write marks for what only the whole file tells; they are filled in over the parsed rows,
so that each format and each way of reading a file numbers them alike.
"""

from collections.abc import Collection
from pathlib import Path
from string import Formatter

import duckdb

from sources.column_source import FILE, LINE, OCCURRENCE, ColumnSource
from sources.parsing.request import HAND_OVER, ParseRequest
from sources.sql import identifier, literal

# No text of a source holds them: a control character begins and ends each.
_MARKS = {LINE: "\x1eline\x1e", OCCURRENCE: "\x1eoccurrence\x1e"}


def placed(source: ColumnSource, own: Collection[str], file_name: str) -> ColumnSource:
    """The source with marks for the places in its template; `own` are the source's columns."""
    meant = {name for name in source.places if name not in own}
    if not meant or source.template is None:
        return source
    texts = {**_MARKS, FILE: file_name}
    parts = []
    for before, name, _, _ in Formatter().parse(source.template):
        parts.append(_escaped(before))
        if name is not None:
            parts.append(_escaped(texts[name]) if name in meant else f"{{{name}}}")
    return source.model_copy(update={"template": "".join(parts)})


def placed_in_lines(request: ParseRequest, plain: Path) -> ParseRequest:
    """The request for JSON lines, which have no header: a member that any line has is a column."""
    wanted = {name for source in (request.columns or {}).values() for name in source.places}
    if not wanted or request.columns is None:
        return request
    sought = {name: f'"{name}"'.encode() for name in wanted}
    own: set[str] = set()
    with plain.open("rb") as stream:
        for line in stream:
            own |= {name for name, text in sought.items() if text in line}
            if own == wanted:
                break
    columns = {name: placed(source, own, request.name) for name, source in request.columns.items()}
    return request.model_copy(update={"columns": columns})


def write_places(
    connection: duckdb.DuckDBPyConnection, request: ParseRequest, parsed: str, target: Path
) -> bool:
    """Writes the parsed rows with their places; False where no template asks for any.

    Equal rows are those whose key would else be the same; they are counted in the file's order.
    """
    sources = request.columns or {}
    marked = [
        name
        for name, column in request.contract.columns.items()
        if name in sources and sources[name].places and column.type == "text"
    ]
    if not marked:
        return False
    found = {row[0] for row in connection.execute(f"describe select * from {parsed}").fetchall()}
    marked = [name for name in marked if name in found]
    line, occurrence = (literal(_MARKS[name]) for name in (LINE, OCCURRENCE))
    lined = ", ".join(
        f"replace({identifier(name)}, {line}, cast(_line as varchar)) as {identifier(name)}"
        for name in marked
    )
    equal = dict.fromkeys(name for name in (*request.contract.key, *marked) if name in found)
    number = (
        f"cast(row_number() over (partition by {', '.join(map(identifier, equal))} order by _line)"
        " as varchar)"
    )
    counted = ", ".join(
        f"replace({identifier(name)}, {occurrence}, _occurrence) as {identifier(name)}"
        for name in marked
    )
    connection.execute(
        f"copy (select * exclude (_row, _occurrence) replace ({counted}) from (select *, {number} "
        f"as _occurrence from (select * replace ({lined}) from {parsed})) order by _line) "
        f"to {literal(str(target))} {HAND_OVER}"
    )
    return True


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
