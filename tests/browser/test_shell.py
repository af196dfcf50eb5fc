"""The shell around the pages: language and theme, sign-out in another tab, keyboard, newer data."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.pages import pages_of
from pipelines.publishing.versions import point_to
from tests.browser.looking import ADDRESSES, cut_off, overflow, signed_in, violations, wait_for
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import PASSWORD, Home
from tests.worlds.running import running_dashboards

pytestmark = pytest.mark.browser

VENDOR_PATHS = [f"/{page.path}" for page in pages_of("vendor_owner")]


@pytest.fixture
def vera(chromium: Browser, url: str) -> Iterator[BrowserContext]:
    """A vendor's browser of its own, whose preferences the others do not read."""
    context = signed_in(chromium, url, "loewe")
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    wait_for(page)
    return page


def test_a_language_chosen_in_the_menu_is_the_accounts(vera: BrowserContext, url: str) -> None:
    page = opened(vera, f"{url}/orders?lang=ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.click(".k-account summary")
    page.click(".k-account button[value=de]")
    page.wait_for_url(f"{url}/orders")

    expect(page.locator("h1")).to_have_text("Bestellungen")
    elsewhere = opened(vera, f"{url}/performance")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "de")
    expect(elsewhere.locator("h1")).to_have_text("Leistung")
    elsewhere.goto(f"{url}/vendors")  # an operator's page
    assert elsewhere.inner_text("h1") == "Diese Seite gibt es nicht."
    assert violations(elsewhere) == []


def test_a_language_in_the_address_is_that_of_one_tab(vera: BrowserContext, url: str) -> None:
    page = opened(vera, f"{url}/?lang=ru")
    page.click("[data-testid=stSidebarNav] a[href*=performance]")
    expect(page.locator("h1")).to_have_text("Показатели")
    # what is on target may be folded; a link loads the page anew
    folded = page.locator("[data-testid=stExpander] details").first
    if folded.get_attribute("open") is None:
        folded.locator("summary").click()
    folded.locator("a").first.click()
    page.wait_for_url("**lang=ru**")
    expect(page.locator("html")).to_have_attribute("lang", "ru")

    assert opened(vera, url).get_attribute("html", "lang") != "ru"


def test_a_language_in_the_address_outlives_the_menu_and_a_reload(
    vera: BrowserContext, url: str
) -> None:
    page = opened(vera, f"{url}/?lang=ru")
    page.click("[data-testid=stSidebarNav] a[href*=performance]")
    expect(page.locator("h1")).to_have_text("Показатели")

    assert page.url == f"{url}/performance?lang=ru"
    page.reload()
    wait_for(page)
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("h1")).to_have_text("Показатели")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?lang=ru$"))


def test_the_search_field_stands_above_the_menu_and_works_by_keyboard(
    vera: BrowserContext, url: str
) -> None:
    page = opened(vera, f"{url}/?lang=de")
    field = page.locator(".st-key-shell_search input")
    menu = page.locator("[data-testid=stSidebarNavLink]").first
    above, below = field.bounding_box(), menu.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
    field.focus()
    page.keyboard.type("o-0")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Suche")
    page.wait_for_url("**/search?*q=o-0*")
    assert "lang=de" in page.url
    expect(page.locator(".k-table").first).to_be_visible()


def test_a_theme_chosen_in_the_menu_is_that_of_every_page(vera: BrowserContext, url: str) -> None:
    page = opened(vera, url)
    page.click(".k-account summary")
    page.click(".k-account button[value=dark]")
    wait_for(page)

    for shown in (page, opened(vera, f"{url}/orders")):
        expect(shown.locator(".stApp")).to_have_css("color-scheme", "dark")
        expect(shown.locator("[data-testid=stMainMenu]")).to_have_count(0)


def test_signing_out_clears_the_other_tabs(chromium: Browser, url: str) -> None:
    context = signed_in(chromium, url, "mueller")
    other, page = opened(context, f"{url}/orders"), opened(context, url)
    expect(other.locator(".k-table").first).to_be_visible()

    page.click(".k-account summary")
    page.click(".k-account >> text=Sign out")
    page.wait_for_url("**/login*")

    other.wait_for_url("**/login?next=*", timeout=10_000)
    assert CANARIES["v-002"] not in other.content()
    context.close()


def test_somebody_who_signs_in_does_not_leave_the_others_page_open(
    chromium: Browser, url: str
) -> None:
    context = signed_in(chromium, url, "mueller")
    left = opened(context, url)
    expect(left.locator("h1")).to_contain_text(CANARIES["v-002"])
    context.request.post(
        f"{url}/login",
        form={"name": "alder", "password": PASSWORD},
        headers={"Origin": url},
    )

    # The new session's page, or the login where the old one was cut before the cookie arrived.
    not_left = re.compile(rf"Sign in|{CANARIES['v-001']}")
    expect(left.locator("h1")).to_have_text(not_left, timeout=10_000)
    assert CANARIES["v-002"] not in left.content()
    context.close()


def test_newer_data_is_offered_and_not_forced(
    contexts: dict[str, BrowserContext], home: Home, url: str
) -> None:
    page = contexts["mueller"].new_page()
    page.clock.install()
    page.goto(f"{url}/orders?lang=en")
    wait_for(page)
    version = home.version
    newer = "20990101T000000Z-5e6f7a8b"
    shutil.copytree(home.published / version, home.published / newer)
    try:
        point_to(home.published, newer)
        assert page.locator(".k-newer").count() == 0
        page.clock.fast_forward(61_000)
        page.click(".k-newer a")
        page.wait_for_url(f"{url}/orders?lang=en")
        wait_for(page)
        assert page.locator(".k-newer").count() == 0
    finally:
        point_to(home.published, version)
        page.close()


REACHABLE = """() => [
        ...document.querySelectorAll("a[href], button, summary, input, [tabindex='0']")
    ].filter((part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !part.disabled && part.tabIndex >= 0 && part.getBoundingClientRect().width > 1
        && !part.closest("[aria-hidden=true], canvas, .vega-embed, [role=radiogroup]"))
    .map((part, number) => (part.dataset.reach = number, part.outerHTML.slice(0, 120)))"""
FOCUSED = """() => {
    const part = document.activeElement;
    const rings = [part, part.parentElement].map((one) => getComputedStyle(one));
    const isSeen = rings.some((ring) =>
        ring.outlineStyle !== "none" && ring.outlineWidth !== "0px"
        || ring.boxShadow !== "none") && part.getBoundingClientRect().right > 0;
    const html = part.outerHTML.slice(0, 120);
    return [part.dataset.reach ?? null, isSeen, html, part === document.body];
}"""


@pytest.mark.parametrize(
    ("name", "path", "width"), [("olga", "/vendors", 1440), ("mueller", "/orders", 390)]
)
def test_everything_is_reached_with_the_keyboard_and_shows_it(
    contexts: dict[str, BrowserContext], url: str, name: str, path: str, width: int
) -> None:
    page = contexts[name].new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(url + path)
    wait_for(page)
    page.wait_for_timeout(400)
    if width == 1440:
        page.click(".k-account summary")
        page.evaluate("document.activeElement.blur()")
    wanted, reached, unseen = page.evaluate(REACHABLE), set(), []
    for _ in range(len(wanted) * 2 + 10):
        page.keyboard.press("Tab")
        number, is_seen, html, is_body = page.evaluate(FOCUSED)
        if number in reached:
            break
        if number is not None:
            reached.add(number)
        if not is_seen and not is_body:
            unseen.append(html)
    page.close()

    assert [html for number, html in enumerate(wanted) if str(number) not in reached] == []
    assert unseen == []


def test_words_that_are_longer_by_two_fifths_break_no_layout(
    chromium: Browser, home: Home, tmp_path: Path
) -> None:
    module = "tests.worlds.lengthened_dashboards"
    with running_dashboards(home.path, module=module, LENGTHENED=str(tmp_path)) as url:
        for name in ("olga", "mueller"):
            context = signed_in(chromium, url, name, viewport={"width": 390, "height": 844})
            page = context.new_page()
            for path in ADDRESSES[name]:
                page.goto(url + path)
                wait_for(page)
                assert overflow(page) <= 0, f"{path} scrolls sideways"
                assert cut_off(page) == [], path
            context.close()
