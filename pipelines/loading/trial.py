"""What a mapping makes of the first rows of each file, beside what stands there; stores nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from sources.column_source import ColumnSource
from sources.connectors.files import COMPRESSED, SourceFile, discover
from sources.contact_details import masked_text
from sources.contract import DELETED, Column, Contract, all_contracts
from sources.expected import expected_of
from sources.inbox import opened
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.parsing.request import ParseRequest, ParseResult, how_read, rows_sql
from sources.sql import identifier

# Of a file of lines so many are read; any other is read as a whole.
_LINES = 1_000
_OF_LINES = {"csv", "tsv", "jsonl"}

# By our column the source's own ones, and its values in the shown rows.
Columns = dict[str, tuple[tuple[str, ...], list[str | None]]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why rows do not fit: how many, and the first's line; what stands there, unless a person's."""

    code: str
    column: str | None
    count: int
    first_line: int
    stands: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One file as it would be read: counts, faults, the commonest first, and values by column.

    `columns` has for each of our columns the source's own ones and its values in the shown rows;
    `theirs` the texts of the source's columns in the same rows. A person's values are left out.
    """

    feed: str
    file: SourceFile
    is_head: bool
    result: ParseResult
    faults: list[Fault]
    lines: list[int]
    columns: Columns
    theirs: dict[str, list[str | None]]


def trials(
    marketplace: Marketplace, parser: Parser, folder: Path, *, received_at: str, rows: int
) -> Iterator[Trial]:
    """Try the first file of each entry of each feed; `folder` is for what is written meanwhile."""
    for feed in marketplace.feeds:
        tried: set[str] = set()
        for file in discover(marketplace, feed).files:
            if file.spec.entry in tried:
                continue
            tried.add(file.spec.entry)
            path = folder / f"{feed}-{len(tried)}" / "given"
            path.parent.mkdir()
            is_head = _copy_head(file, path)
            request = _request(marketplace, feed, file, path, received_at)
            result = parser.parse(request)
            ours = {"_line": []} if result.rows is None else _values(result, rows)
            lines = [int(line or 0) for line in ours.pop("_line")]
            found = _faults(result)
            theirs = _theirs(request, parser, [*lines, *(first for first, _ in found.values())])
            faults = _at_fault(request, found, theirs, len(lines))
            yield Trial(feed, file, is_head, result, faults, lines, _beside(request, ours), theirs)


def _copy_head(file: SourceFile, path: Path) -> bool:
    """Whether only the first lines were copied, and there are more."""
    is_plain = file.format in _OF_LINES and not file.name.lower().endswith(COMPRESSED)
    with opened(file.folder, file.name) as source, path.open("wb") as target:
        if not is_plain:
            while piece := source.read(1 << 20):
                target.write(piece)
            return False
        for _ in range(_LINES):
            target.write(source.readline())
        return bool(source.read(1))


def _request(
    marketplace: Marketplace, feed: str, file: SourceFile, path: Path, received_at: str
) -> ParseRequest:
    """The request for a file whose times are shown as the business reads them."""
    given = how_read(marketplace, file.spec) | {"storage_time_zone": marketplace.time_zone}
    return ParseRequest(
        path=str(path),
        name=file.name,
        format=file.format,  # type: ignore[arg-type]  # one of the formats, as pydantic checks
        contract=expected_of(marketplace, all_contracts()[feed], file.spec.columns),
        **given,
        received_at=received_at,
        output_folder=str(path.with_name("ours")),
    )


def _values(result: ParseResult, rows: int) -> dict[str, list[str | None]]:
    """The first sound rows, by column, as texts."""
    parsed = rows_sql(str(result.rows), result.first_line, result.further_rows)
    found = duckdb.execute(
        f"select * from {parsed} where _error is null order by _row limit {rows}"
    )
    names = [column[0] for column in found.description or ()]
    listed = found.fetchall()
    return {
        name: [None if row[i] is None else str(row[i]) for row in listed]
        for i, name in enumerate(names)
        if name not in ("_row", "_error", "_misfits")
    }


def _beside(request: ParseRequest, ours: dict[str, list[str | None]]) -> Columns:
    sources = request.columns or {}
    hidden = {*request.contract.personal_columns}
    found = {}
    for name, values in ours.items():
        origin = sources[name].source_columns if name in sources else ()
        found[name] = (
            origin or ((name,) if not sources else ()),
            _hidden(values, is_personal=name in hidden),
        )
    return found


def _hidden(values: list[str | None], *, is_personal: bool) -> list[str | None]:
    """The values, or of a person's only whether there is one."""
    if not is_personal:
        return values
    return [value and "(personal)" for value in values]


def _theirs(request: ParseRequest, parser: Parser, lines: list[int]) -> dict[str, list[str | None]]:
    """The texts of the source's columns on these lines, read by the same parser as they stand."""
    if request.dialect is not None or not lines:
        return {}
    sources = request.columns or {}
    personal = {*request.contract.personal_columns}
    open_names = dict.fromkeys(
        column
        for name, source in sources.items()
        if name not in personal
        for column in source.source_columns
        if column not in source.places
    )
    names = {f"c{i}": column for i, column in enumerate(open_names)}
    if not names:
        return {}
    result = parser.parse(_as_it_stands(request, names))
    if result.rows is None:
        return {}
    parsed = rows_sql(str(result.rows), result.first_line, result.further_rows)
    listed = ", ".join(f"{masked_text(identifier(name))}" for name in names)
    found = {
        row[0]: row[1:]
        for row in duckdb.execute(
            f"select _line, {listed} from {parsed} where _line in ({', '.join(map(str, lines))})"
        ).fetchall()
    }
    nothing = (None,) * len(names)
    return {
        column: [found.get(line, nothing)[i] for line in lines]
        for i, column in enumerate(names.values())
    }


def _as_it_stands(request: ParseRequest, names: dict[str, str]) -> ParseRequest:
    """The request for the same file, with a text for each of the source's columns."""
    text = Column(type="text", description="as it stands")
    mark = Column(type="boolean", description="none")
    kept = request.contract
    contract = Contract(
        feed=kept.feed,
        title=kept.title,
        description=kept.description,
        system=kept.system,
        delivery=kept.delivery,
        key=("c0",),
        columns={**dict.fromkeys(names, text), DELETED: mark},
        repeats_are_judged=False,
    )
    return request.model_copy(
        update={
            "contract": contract,
            "columns": {name: ColumnSource(column=column) for name, column in names.items()},
            "where": None,
            "group_by": (),
            "drop_when": {},
            "null_values": (),
            "currency_code": None,
            "output_folder": str(Path(request.output_folder).with_name("theirs")),
        }
    )


def _faults(result: ParseResult) -> dict[tuple[str, str | None], tuple[int, int]]:
    """By reason and column the first line and how many rows."""
    found: dict[tuple[str, str | None], tuple[int, int]] = {}
    if result.quarantine is None:
        return found
    for line in Path(result.quarantine).read_bytes().splitlines():
        record = orjson.loads(line)
        reason = (record["reason_code"], record["column_name"])
        first, count = found.get(reason, (record["line"], 0))
        found[reason] = (first, count + 1)
    return found


def _at_fault(
    request: ParseRequest,
    found: dict[tuple[str, str | None], tuple[int, int]],
    theirs: dict[str, list[str | None]],
    place: int,
) -> list[Fault]:
    """The faults with what stands on their first lines, which `theirs` has from a place on."""
    sources, personal = request.columns or {}, {*request.contract.personal_columns}
    faults = []
    for number, ((code, column), (first, count)) in enumerate(found.items(), place):
        origin = sources[column].source_columns if column in sources else ()
        texts = [theirs[each][number] for each in origin if each in theirs]
        stands = " | ".join(text or "" for text in texts) if texts else None
        shown = None if column in personal else stands
        faults.append(Fault(code, column, count, first, shown))
    return sorted(faults, key=lambda fault: -fault.count)
