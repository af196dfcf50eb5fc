"""What a visitor allowed, as consent managers write it: never more than was said."""

from pathlib import Path
from typing import Any

import pytest

from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, a_record, misfits_of, parse_events
from tests.unit.parsing_desk import rows_of

pytestmark = pytest.mark.loading

UNMAPPED = [("has_analytics_consent", "unmapped_consent", 1, 1)]
VISITOR = "507f191e810c19729de860ea"


def listed(*, allowed: Any = (), denied: Any = ()) -> dict[str, Any]:
    """RudderStack's lists."""
    lists = {"allowedConsentIds": allowed, "deniedConsentIds": denied, "provider": "oneTrust"}
    return {"consentManagement": lists}


def chosen(**categories: Any) -> dict[str, Any]:
    """Segment's categories."""
    return {"consent": {"categoryPreferences": categories}}


@pytest.mark.parametrize(
    ("context", "visitor", "analytics", "marketing", "misfits"),
    [
        # told by name, in either form and spelling
        (chosen(Analytics=True, Advertising=False), VISITOR, True, False, []),
        (chosen(ANALYTICS="granted", marketing="denied"), VISITOR, True, False, []),
        (listed(allowed=["analytics"], denied=["Marketing"]), VISITOR, True, False, []),
        (listed(allowed=["marketing"], denied=["Statistics"]), None, False, True, []),
        # a refusal outweighs, whoever says it
        (chosen(analytics=True, performance=False), None, False, False, []),
        (chosen(analytics=True) | listed(denied=["analytics"]), None, False, False, []),
        # categories that nobody mapped: a refusal is obeyed, the rest is reported, none is consent
        (chosen(C0001=True, C0002=False), None, False, False, UNMAPPED),
        (listed(allowed=["C0001"], denied=["C0002"]), None, False, False, UNMAPPED),
        (chosen(C0001=True, C0002=True), VISITOR, None, None, UNMAPPED),
        (listed(allowed=["C0001", "C0002"]), VISITOR, None, None, UNMAPPED),
        # nothing was said
        ({}, VISITOR, None, None, []),
        (chosen(), VISITOR, None, None, []),
        (listed(), VISITOR, None, None, []),
    ],
)
def test_consent_is_read_where_it_is_told_and_nowhere_else(
    parser: Parser,
    tmp_path: Path,
    context: dict[str, Any],
    visitor: str | None,
    analytics: bool | None,
    marketing: bool | None,
    misfits: list[Any],
) -> None:
    result = parse_events(parser, tmp_path, "segment", a_call("Cart Viewed", context=context))

    found = rows_of(result, "visitor_id, has_analytics_consent, has_marketing_consent")
    assert found == [(visitor, analytics, marketing)]
    assert misfits_of(result) == misfits


@pytest.mark.parametrize(
    "context",
    [
        chosen(Analytics="perhaps"),
        chosen(Analytics={"granted": True}),
        listed(denied="analytics"),
        listed(denied={"analytics": True}),
        {"consent": "all"},
        {"consent": {"categoryPreferences": ["Analytics"]}},
        {"consentManagement": ["analytics"]},
        "all",
    ],
)
def test_what_cannot_be_understood_is_no_consent(
    parser: Parser, tmp_path: Path, context: Any
) -> None:
    result = parse_events(parser, tmp_path, "segment", a_call("Cart Viewed", context=context))

    found = rows_of(result, "event_type, visitor_id, customer_id, has_analytics_consent")
    assert found == [("cart_viewed", None, None, None)]
    assert ("has_analytics_consent", "invalid_boolean", 1, 1) in misfits_of(result)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (chosen(C0002=True, C0004=False), (VISITOR, True)),
        (chosen(c0002="denied"), (None, False)),
        (listed(allowed=["C0002"], denied=["C0004"]), (VISITOR, True)),
        (listed(denied=["C0002"]), (None, False)),
        # the mapped category is not told, and another one was refused
        (chosen(C0004=False), (None, False)),
    ],
)
@pytest.mark.parametrize("start", ["consent.categoryPreferences", "consentManagement"])
def test_a_mapped_category_is_found_in_either_form(
    parser: Parser, tmp_path: Path, context: dict[str, Any], expected: tuple[Any, ...], start: str
) -> None:
    columns = {"has_analytics_consent": f"context.{start}.C0002"}

    result = parse_events(
        parser, tmp_path, "segment", a_call("Cart Viewed", context=context), columns=columns
    )

    assert rows_of(result, "visitor_id, has_analytics_consent") == [expected]


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        ("Yes", ("111.222", True)),
        ("No", (None, False)),
        ("denied", (None, False)),
        ("Unset", ("111.222", None)),
        (None, ("111.222", None)),
        ("Sometimes", (None, None)),
    ],
)
def test_google_writes_yes_no_and_unset(
    parser: Parser, tmp_path: Path, storage: str | None, expected: tuple[Any, ...]
) -> None:
    record = a_record("page_view", privacy_info={"analytics_storage": storage})

    result = parse_events(parser, tmp_path, "ga4", record)

    assert rows_of(result, "visitor_id, has_analytics_consent") == [expected]
