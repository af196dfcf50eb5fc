"""Calls and records of trackers as tests need them, and what becomes of them in the parser."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson

from sources.parsing.client import Parser
from sources.parsing.request import ParseResult
from tests.unit.parsing_desk import parse_bytes

# The common fields as Segment's specification shows them: the device's clock runs 324 ms behind.
COMMON: dict[str, Any] = {
    "anonymousId": "507f191e810c19729de860ea",
    "context": {
        "ip": "8.8.8.8",
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "page": {
            "path": "/academy/",
            "referrer": "",
            "search": "?q=secret",
            "title": "Analytics Academy",
            "url": "https://segment.com/academy/?q=secret",
        },
    },
    "messageId": "022bb90c-bbac-11e4-8dfc-aa07a5b093db",
    "receivedAt": "2015-12-10T04:08:31.909Z",
    "sentAt": "2015-12-10T04:08:31.581Z",
    "timestamp": "2015-12-10T04:08:31.905Z",
    "type": "track",
    "userId": "97980cfea0067",
}


def a_call(event: str | None = None, **changes: Any) -> dict[str, Any]:
    """A call with the common fields; None takes a field away."""
    call = {**deepcopy(COMMON), "event": event, **changes}
    return {name: value for name, value in call.items() if value is not None}


def a_record(name: str, params: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A record of the GA4 export as BigQuery writes JSON: whole numbers as texts."""
    return {
        "event_date": "20260501",
        "event_timestamp": "1777629600000000",  # 2026-05-01 10:00:00 UTC
        "event_name": name,
        "event_params": [a_param(key, value) for key, value in (params or {}).items()],
        "event_bundle_sequence_id": "77",
        "user_pseudo_id": "111.222",
        "privacy_info": {"analytics_storage": "Yes", "ads_storage": "No"},
        "device": {"category": "mobile"},
        "geo": {"country": "Germany", "city": "Ulm"},
        "items": [],
        **changes,
    }


def a_param(key: str, value: object) -> dict[str, Any]:
    kind = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return {"key": key, "value": {kind: str(value) if isinstance(value, int) else value}}


def lines(*documents: Any) -> bytes:
    """Each document on a line of its own; bytes go as they are."""
    return b"".join(
        (one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in documents
    )


def parse_events(
    parser: Parser, folder: Path, dialect: str | None, *documents: Any, **spec: Any
) -> ParseResult:
    content = lines(*documents)
    return parse_bytes(
        parser, folder, content, feed="events", name="e.jsonl", dialect=dialect, **spec
    )


def misfits_of(result: ParseResult) -> list[tuple[str, str, int, int]]:
    """What was emptied: column, reason, how often, first line."""
    return [(one.column, one.code, one.count, one.first_line) for one in result.misfits]
