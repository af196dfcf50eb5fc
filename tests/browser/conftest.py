"""One home, one server and one browser for all tests that look at pages as a person does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.looking import ADDRESSES, signed_in
from tests.worlds.homes import Home, make_home
from tests.worlds.running import running_dashboards

CHROMIUM = Path("/usr/bin/chromium")


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
