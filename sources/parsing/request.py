"""What the parsing subprocess is asked and what it answers; both travel as JSON lines."""

from collections.abc import Collection
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from output.findings.finding import Finding
from sources.column_source import ColumnSource
from sources.contract import Contract
from sources.expressions import columns_of, condition
from sources.file_feeds import Dialect, FileFeed
from sources.marketplace import Marketplace
from sources.sql import literal


class Limits(BaseModel):
    """Limits for one file; a file that exceeds them is rejected as a whole, not read in part."""

    model_config = ConfigDict(frozen=True)

    plain_bytes: int = 200 << 30
    compression_ratio: int = 100
    ratio_applies_beyond_bytes: int = 64 << 20
    # Of a Parquet file, rows times columns.
    values_always_allowed: int = 64 << 20
    values_per_byte: int = 20
    line_bytes: int = 1 << 20
    json_depth: int = 64
    memory_bytes: int = 768 << 20
    address_space_bytes: int = 8 << 30
    cpu_seconds: int = 1800
    wall_seconds: int = 1800


DEFAULT_LIMITS = Limits()

# What `_error` says of rows that are not loaded and are no faults either: a rule of the mapping
# drops them, or another row of the file says the same and more.
DROPPED, REPEATS = "dropped:", "repeats:"
FAULTY = f"_error is not null and _error not in ('{DROPPED}', '{REPEATS}')"

# Parsed rows are written once and read once: looking for repeated values costs twice what
# writing them does, and compressing them saves nothing that is kept.
HAND_OVER = "(format parquet, compression uncompressed, dictionary_size_limit 1)"


class ParseRequest(BaseModel):
    """One landed file, how it is written, and the contract its rows must satisfy."""

    model_config = ConfigDict(frozen=True)

    path: str
    name: str
    format: Literal["csv", "tsv", "jsonl", "parquet", "xlsx"]
    contract: Contract
    columns: dict[str, ColumnSource] | None
    delimiter: str | None
    encoding: str
    decimal_separator: str
    thousands_separator: str | None = None
    null_values: tuple[str, ...] = ()
    multiline: bool
    sheet: str | None = None
    header_line: int = 1
    drop_lines: tuple[str, ...] = ()
    drop_when: dict[str, tuple[str, ...]] = {}
    where: str | None = None
    group_by: tuple[str, ...] = ()
    slot: tuple[str, ...] = ()
    slot_may_lack: bool = False
    source_time_zone: str
    storage_time_zone: str
    business_time_zone: str
    dialect: Dialect | None = None
    own_hosts: tuple[str, ...] = ()
    currency_code: str | None
    received_at: str
    # When these bytes came first, where they are read again.
    delivered_at: str | None = None
    output_folder: str
    limits: Limits = DEFAULT_LIMITS

    def lacking(self, found: Collection[str]) -> frozenset[str]:
        """The columns of a row that no line of a file with these columns holds, and none need."""
        may_lack = self.slot_may_lack and not {*self.slot} & {*found}
        return frozenset(self.slot if may_lack else ())

    @property
    def may_drop(self) -> bool:
        """Whether a rule of the mapping may say that a line holds no row of the feed."""
        return bool(self.drop_when or self.slot or self.where)

    @property
    def rule_columns(self) -> frozenset[str]:
        """The source's columns that rules about whole rows read, beside those that are mapped."""
        asked = columns_of(condition(self.where)) if self.where else ()
        return frozenset({*self.drop_when, *self.slot, *self.group_by, *asked})


def how_written(spec: FileFeed) -> dict[str, Any]:
    """What a request takes over from a marketplace's file: how files are written and mapped."""
    shared = ParseRequest.model_fields.keys() & FileFeed.model_fields.keys() - {"format"}
    slot = {"slot": spec.slot, "slot_may_lack": spec.slot_may_lack}
    return {name: getattr(spec, name) for name in shared} | slot


def how_read(marketplace: Marketplace, spec: FileFeed) -> dict[str, Any]:
    """How files are written, with what is said of the whole marketplace."""
    return how_written(spec) | {
        "source_time_zone": spec.time_zone or marketplace.time_zone,
        "storage_time_zone": marketplace.storage_time_zone,
        "business_time_zone": marketplace.time_zone,
        "currency_code": marketplace.currency_code,
        "own_hosts": marketplace.own_hosts,
    }


# No list of an event's products is longer; see the contract's item_number.
_ROWS_PER_LINE = 1001


def rows_sql(rows: str, first_line: int | None, further_rows: str | None = None) -> str:
    """A relation of parsed rows with `_line`, the line or row of the source file they stood on.

    Where each row is a line of the file its place tells the line, and none is written: numbering
    rows in a query makes DuckDB read the file with one thread. `_row` numbers the rows themselves;
    it is the line, unless lines have further rows.
    """
    if rows.startswith("("):
        return f"(select *, _line as _row from {rows})"
    row = f"_line * {_ROWS_PER_LINE} + coalesce(item_number, 0)" if further_rows else "_line"
    line = "" if first_line is None else f", file_row_number + {first_line} as _line"
    read = f"read_parquet({literal(rows)}, file_row_number = true)"
    numbered = f"(select * exclude (file_row_number){line}, {row} as _row from {read})"
    if further_rows is None:
        return numbered
    further = f"(select *, {row} as _row from read_parquet({literal(further_rows)}))"
    return f"(from {numbered} union all by name from {further})"


class Misfits(BaseModel):
    """Values of one column that were emptied for one reason: how many, and the first's line."""

    model_config = ConfigDict(frozen=True)

    column: str
    code: str
    count: int
    first_line: int


class ParseResult(BaseModel):
    """What became of a file: received = valid + quarantined + dropped + repeated.

    `rows` names a Parquet file with `_error` and those of the contract's columns that the
    source can fill, read by `rows_sql`; or it is itself a query in brackets over the landed
    file, where that holds typed rows already. `further_rows` names one with the rows that lines
    hold beyond their first, `quarantine` a JSON lines file with line, column_name, reason_code,
    detail and raw_text. A rejected file has none. Where the disk had no room, nothing is known
    of the file, and `lack_of_room` says what to free. `has_distinct_keys` is true where no two
    valid rows share a key, and false where they do or nobody knows. `repeated` rows are neither
    valid nor quarantined: the file holds what they were part of once more, further down.
    """

    status: Literal["parsed", "rejected", "no_room"]
    reason_code: str | None = None
    reason_detail: Finding | None = None
    lack_of_room: str | None = None
    received: int = 0
    valid: int = 0
    quarantined: int = 0
    dropped: int = 0
    repeated: int = 0
    misfits: list[Misfits] = []
    unmapped_columns: list[str] = []
    rows: str | None = None
    first_line: int | None = None
    further_rows: str | None = None
    has_distinct_keys: bool = False
    quarantine: str | None = None
