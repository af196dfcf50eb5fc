"""Parses literal bytes in the real subprocess with a contract's mapping."""

import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines.loading.ledger import LoadOutcome
from sources.contract import all_contracts
from sources.file_feeds import FileFeed
from sources.parsing.client import Parser
from sources.parsing.request import Limits, ParseRequest, ParseResult, how_written, rows_sql

RECEIVED_AT = "2026-06-30 12:00:00"


def a_request(
    folder: Path,
    content: bytes,
    *,
    feed: str = "payments",
    name: str = "payments.csv",
    limits: Limits | None = None,
    zones: tuple[str, str] = ("UTC", "UTC"),
    own_hosts: tuple[str, ...] = (),
    business: str | None = None,
    delivered_at: str | None = None,
    own_currency: str | None = None,
    **spec: Any,
) -> ParseRequest:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    mapping = FileFeed(files=name, **spec)
    formats = {".jsonl": "jsonl", ".parquet": "parquet", ".tsv": "tsv"}
    inferred = next((value for key, value in formats.items() if key in name), "csv")
    return ParseRequest(
        path=str(path),
        name=name,
        format=mapping.format or inferred,  # type: ignore[arg-type]
        contract=all_contracts()[feed],
        own_hosts=own_hosts,
        **how_written(mapping),
        source_time_zone=zones[0],
        storage_time_zone=zones[1],
        business_time_zone=business or zones[0],
        currency_code=own_currency,
        received_at=RECEIVED_AT,
        delivered_at=delivered_at,
        output_folder=str(folder / "out"),
        limits=limits or Limits(),
    )


def rows_of(result: ParseResult, *columns: str) -> list[tuple[Any, ...]]:
    listed = ", ".join(columns)
    rows = rows_sql(str(result.rows), result.first_line, result.further_rows)
    query = f"select {listed} from {rows} where _error is null order by _row"
    return duckdb.execute(query).fetchall()


def quarantine_of(result: ParseResult) -> list[dict[str, Any]]:
    if result.quarantine is None:
        return []
    lines = Path(result.quarantine).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def faults_of(result: ParseResult) -> list[tuple[int, str, str | None]]:
    return [(q["line"], q["reason_code"], q["column_name"]) for q in quarantine_of(result)]


def parse_bytes(parser: Parser, folder: Path, content: bytes, **options: Any) -> ParseResult:
    return parser.parse(a_request(folder, content, **options))


def detail_of(outcome: ParseResult | LoadOutcome) -> str:
    """What exactly is wrong with a file that was not loaded, in English."""
    assert outcome.reason_detail is not None
    return outcome.reason_detail.english
