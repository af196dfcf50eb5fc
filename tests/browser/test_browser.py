"""Debian's Chromium on the running server: both roles, every page, two widths, two themes."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dashboards.pages import pages_of
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import PASSWORD, Home, make_home
from tests.worlds.running import running_dashboards

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ADDRESSES = {
    "olga": [*(f"/{page.path}" for page in pages_of("operator_admin")), "/vendors?vendor=v-002"],
    "mueller": [f"/{page.path}" for page in pages_of("vendor_owner")],
    "newcomer": ["/"],
}
# Streamlit looks for itself below the page's own path first; its charts start without data.
EXPECTED_NOISE = re.compile(r"404 \(Not Found\)|Infinite extent for field")
BUDGET_MILLISECONDS = 2_000 if "CI" not in os.environ else 6_000  # noqa: TID251


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    yield made
    made.store.dispose()


@pytest.fixture(scope="session")
def url(home: Home) -> Iterator[str]:
    with running_dashboards(home.path) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="session")
def contexts(chromium: Browser, url: str) -> Iterator[dict[str, BrowserContext]]:
    """One signed-in browser per person, so that the scripts are fetched once."""
    opened = {name: signed_in(chromium, url, name) for name in ADDRESSES}
    yield opened
    for context in opened.values():
        context.close()


def signed_in(chromium: Browser, url: str, name: str, **how: object) -> BrowserContext:
    context = chromium.new_context(**how)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}/login")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_selector(".k-heading, .k-empty")
    page.close()
    return context


def wait_for(page: Page) -> None:
    page.wait_for_selector(".k-heading, .k-empty")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


def overflow(page: Page) -> int:
    return int(
        page.evaluate(
            "Math.max(...[document.documentElement, ...document.querySelectorAll('.stMain')]"
            ".map(part => part.scrollWidth - part.clientWidth))"
        )
    )


@pytest.mark.parametrize(
    "look", list(itertools.product(ADDRESSES, (1440, 390), ("light", "dark"))), ids=str
)
def test_every_page_is_whole_at_every_width_and_in_both_themes(
    contexts: dict[str, BrowserContext], url: str, pictures: Path, look: tuple[str, int, str]
) -> None:
    name, width, scheme = look
    foreign = [canary for canary in CANARIES.values() if canary != CANARIES["v-002"]]
    for path in ADDRESSES[name]:
        page, noise, fetched = contexts[name].new_page(), [], []
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda message, into=noise: into.append((message.type, message.text)))
        page.on("pageerror", lambda error, into=noise: into.append(("error", str(error))))
        page.on("request", lambda request, into=fetched: into.append(request.url))

        page.goto(url + path)
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
        if name == "mueller":
            assert not [canary for canary in foreign if canary in page.content()]
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
    page.click(".k-rate >> nth=0 >> text=See the orders behind it")
    page.wait_for_selector(".k-panel")
    first = page.inner_text(".k-table td a >> nth=0")
    page.click(".k-table td a >> nth=0")
    page.wait_for_selector(f"h1:has-text('Order {first}')")
    wait_for(page)  # the order itself comes after its heading
    assert CANARIES["v-002"] in page.content()

    page.goto(f"{url}/logout")  # typed by hand, so it asks
    page.click("text=Sign out >> nth=-1")
    page.wait_for_url("**/login")
    page.goto(url)
    assert "/login" in page.url
    context.close()


def test_the_link_in_the_sidebar_signs_out_at_once(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller")
    page = context.new_page()
    page.goto(url)
    wait_for(page)

    page.click(".k-account >> text=Sign out")

    page.wait_for_url("**/login")
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
        page.click("text=Download all of them")

    assert waiting.value.suggested_filename == "2025-06-30-orders.csv"
    assert Path(waiting.value.path()).read_bytes().startswith(b'\xef\xbb\xbf"order_id",')
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
