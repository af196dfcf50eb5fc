"""Where a visit came from: another site, and never the shop itself under another of its hosts."""

from pathlib import Path
from typing import Any

import pytest

from sources.clickstream.sites import site_of
from sources.parsing.client import Parser
from tests.unit.clickstream_desk import a_call, a_record, parse_events
from tests.unit.parsing_desk import rows_of

pytestmark = pytest.mark.loading

OWN = ("www.shop.example", "pay.provider.example")


# Examples of https://github.com/publicsuffix/list/blob/main/tests/tests.txt, and hosts without a
# registrable domain, which are one site each.
@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a.b.example.com", "example.com"),
        ("example.uk.com", "example.uk.com"),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("b.test.k12.ak.us", "test.k12.ak.us"),
        ("WwW.Example.COM.", "example.com"),
        ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("shop.github.io", "shop.github.io"),
        ("10.20.30.40", "10.20.30.40"),
        ("localhost", "localhost"),
        ("co.uk", "co.uk"),
    ],
)
def test_site_is_the_registrable_domain(host: str, site: str) -> None:
    assert site_of(host) == site


@pytest.mark.parametrize(
    ("page", "referrer", "source"),
    [
        ("https://www.shop.co.uk/a", "https://checkout.shop.co.uk/pay", None),
        ("https://shop.co.uk/a", "https://WWW.shop.co.uk:8443/", None),
        ("https://shop.co.uk/a", "https://other.co.uk/", "other.co.uk"),
        ("https://shop.co.uk/a", "https://notshop.co.uk/", "notshop.co.uk"),
        ("https://a.github.io/", "https://b.github.io/", "b.github.io"),
        ("http://10.0.0.1/a", "http://10.0.0.2/b", "10.0.0.2"),
        ("https://münchen.de/", "https://www.xn--mnchen-3ya.de/", None),
        # what the mapping names, and what lies below it, also where the event names no page
        ("https://other-shop.example/", "https://eu.shop.example/", None),
        (None, "https://shop.example/", None),
        (None, "https://m.pay.provider.example/3ds", None),
        (None, "https://www.provider.example/", "www.provider.example"),
        (None, "android-app://com.google.android.gm/", "com.google.android.gm"),
        (None, "https://news.example#https://shop.example/", "news.example"),
    ],
)
def test_shop_and_its_subdomains_are_no_referrers(
    parser: Parser, tmp_path: Path, page: str | None, referrer: str, source: str | None
) -> None:
    call = a_call(type="page", context={"page": {"url": page, "referrer": referrer}})
    params = {"page_location": page, "page_referrer": referrer}
    record = a_record("page_view", {key: text for key, text in params.items() if text})
    medium = None if source is None else "referral"

    found = [
        rows_of(result, "source, medium")
        for result in (
            parse_events(parser, tmp_path / "segment", "segment", call, own_hosts=OWN),
            parse_events(parser, tmp_path / "ga4", "ga4", record, own_hosts=OWN),
        )
    ]

    assert found == [[(source, medium)], [(source, medium)]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("checkout.shop.example", (None, None)),
        ("pay.provider.example", (None, None)),
        ("provider.example", ("provider.example", "referral")),
        ("newsletter", ("newsletter", "referral")),
    ],
)
def test_google_may_call_the_shop_a_source(
    parser: Parser, tmp_path: Path, source: str, expected: tuple[Any, ...]
) -> None:
    told = {"source": source, "medium": "referral", "page_location": "https://m.shop.example/p"}

    result = parse_events(parser, tmp_path, "ga4", a_record("page_view", told), own_hosts=OWN)

    assert rows_of(result, "source, medium") == [expected]
