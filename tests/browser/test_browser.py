"""Debian's Chromium on the running server: both roles, every page, two widths, two themes."""

import itertools
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dashboards.words.languages import LANGUAGES
from tests.browser.looking import ADDRESSES, overflow, signed_in, violations, wait_for
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import PASSWORD

pytestmark = pytest.mark.browser

# Streamlit looks for itself below the page's own path first; its charts start without data.
EXPECTED_NOISE = re.compile(r"404 \(Not Found\)|Infinite extent for field")
BUDGET_MILLISECONDS = 2_000 if "CI" not in os.environ else 6_000  # noqa: TID251


LOOKS = list(itertools.product(ADDRESSES, (1440, 390), ("light", "dark")))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_whole_at_every_width_and_in_both_themes(
    contexts: dict[str, BrowserContext], url: str, pictures: Path, look: tuple[str, int, str]
) -> None:
    name, width, scheme = look
    # Every pair of a language with a role, a width and a theme comes up.
    language = LANGUAGES[(LOOKS.index(look) + LOOKS.index(look) // 4) % len(LANGUAGES)]
    foreign = [canary for canary in CANARIES.values() if canary != CANARIES["v-002"]]
    for path in ADDRESSES[name]:
        page, noise, fetched = contexts[name].new_page(), [], []
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda message, into=noise: into.append((message.type, message.text)))
        page.on("pageerror", lambda error, into=noise: into.append(("error", str(error))))
        page.on("request", lambda request, into=fetched: into.append(request.url))

        page.goto(f"{url}{path}{'&' if '?' in path else '?'}lang={language}")
        wait_for(page)
        page.wait_for_timeout(400)

        problems = [text for kind, text in noise if kind in {"error", "warning"}]
        assert not [text for text in problems if not EXPECTED_NOISE.search(text)]
        assert overflow(page) <= 0, f"{path} scrolls sideways"
        assert not [
            address for address in fetched if not address.startswith((url, "data:", "blob:"))
        ]
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme")
            == scheme
        )
        assert page.evaluate("document.documentElement.lang") == language
        if name == "mueller":
            assert not [canary for canary in foreign if canary in page.content()]
        if (width, scheme) in {(1440, "light"), (390, "dark")}:
            assert violations(page) == [], path
        file = f"{name}-{path.strip('/').replace('?', '-') or 'overview'}-{scheme}-{width}.png"
        page.screenshot(path=pictures / file)
        page.close()


def test_a_page_is_there_within_two_seconds(contexts: dict[str, BrowserContext], url: str) -> None:
    for name in ("olga", "mueller"):
        page, took = contexts[name].new_page(), []
        for _ in range(3):
            page.goto(url)
            page.wait_for_selector(".k-figures")
            took.append(page.evaluate("performance.now()"))
        page.close()
        assert min(took) <= BUDGET_MILLISECONDS


def test_from_a_rate_to_its_orders_to_one_order_and_out(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(url)
    page.click(".k-rate >> nth=0 >> text=See what is behind it")
    page.wait_for_selector(".k-panel")
    first = page.inner_text(".k-table td a >> nth=0")
    page.click(".k-table td a >> nth=0")
    page.wait_for_selector(f"h1:has-text('Order {first}')")
    wait_for(page)  # the order itself comes after its heading
    assert CANARIES["v-002"] in page.content()

    page.goto(f"{url}/logout")  # typed by hand, so it asks
    page.click("text=Sign out >> nth=-1")
    page.wait_for_url("**/login*")
    page.goto(url)
    assert "/login" in page.url
    context.close()


def test_the_link_in_the_user_menu_signs_out_at_once(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller")
    page = context.new_page()
    page.goto(url)
    wait_for(page)

    page.click(".k-account summary")
    page.click(".k-account >> text=Sign out")

    page.wait_for_url("**/login*")
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "kontor_sid"]
    context.close()


def test_a_wrong_password_is_said_kindly_and_the_form_stays(chromium: Browser, url: str) -> None:
    page = chromium.new_page()
    page.goto(f"{url}/orders")
    page.fill("#name", "mueller")
    page.fill("#password", "not this one")
    page.click("button")

    assert "Wrong name or password" in page.inner_text("[role=alert]")
    page.fill("#name", "mueller")
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_url("**/orders")  # where the visitor wanted to go
    page.close()


def test_a_download_arrives_as_a_file(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller")
    page = context.new_page()
    page.goto(f"{url}/orders")
    wait_for(page)
    with page.expect_download() as waiting:
        page.click("text=CSV")

    assert waiting.value.suggested_filename == "2025-06-30-orders.csv"
    assert Path(waiting.value.path()).read_bytes().startswith(b'\xef\xbb\xbf"Order",')
    context.close()


def test_choosing_on_the_page_changes_what_is_shown(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "olga")
    page = context.new_page()
    page.goto(f"{url}/vendors")
    wait_for(page)
    page.fill("[data-testid=stTextInput] input", "Löwe")
    page.keyboard.press("Enter")
    expect(page.locator(".k-table tbody tr")).to_have_count(1)

    assert CANARIES["v-003"] in page.inner_text(".k-table")
    assert page.evaluate("document.querySelectorAll('script:not([src])').length") <= 1
    context.close()


def test_what_is_chosen_is_in_the_address_and_back_goes_back(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller")
    page = context.new_page()
    page.goto(f"{url}/orders?period=all_time")
    wait_for(page)
    everything = page.inner_text(".k-table")
    page.click("text=Delivered late only")
    page.wait_for_url("**/orders?period=all_time&late=1")
    expect(page.locator(".k-table")).not_to_have_text(everything)
    late = page.locator(".k-table tbody tr").count()
    page.focus("th a:has-text('Sales')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders?period=all_time&late=1&sort=-gmv")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Sales")
    expect(page.locator(".k-table tbody tr")).to_have_count(late)

    page.go_back()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Ordered")
    page.go_back()
    expect(page.locator("input[aria-label='Delivered late only']")).not_to_be_checked()
    assert page.url.endswith("/orders?period=all_time")
    context.close()
