"""How soon a page shows its heading, against Streamlit's own bare page in the same Chromium.

Both servers are warm, and the browser has fetched the scripts before. An idle machine is to show
the first heading within 2 s and the next page within 500 ms.
"""

import atexit
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.pairs import Pair
from tests.browser.conftest import CHROMIUM
from tests.browser.looking import signed_in
from tests.operations.stores import free_port
from tests.worlds.homes import make_home
from tests.worlds.running import running_dashboards

_BARE = """
import streamlit as st

def first():
    st.title("First")

def second():
    st.title("Second")

st.navigation([st.Page(first), st.Page(second)]).run()
"""
_LINKS = "[data-testid=stSidebarNav] a"


def prepare(folder: Path) -> list[Pair]:
    """A vendor's pages; one call opens the first one, or goes to the next one."""
    if not CHROMIUM.exists():
        print(f"pages: left out, {CHROMIUM} is not installed")
        return []
    running = ExitStack()
    atexit.register(running.close)
    home = make_home(folder / "home")
    ours_url = running.enter_context(running_dashboards(home.path))
    bare_url = running.enter_context(_bare(folder / "bare.py"))
    playwright = running.enter_context(sync_playwright())
    chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
    running.callback(chromium.close)
    ours = signed_in(chromium, ours_url, "mueller").new_page()
    bare = chromium.new_page()
    return [
        Pair(
            "pages: the first heading (at most 2 s)",
            lambda: _open(ours, ours_url),
            "Streamlit, bare",
            lambda: _open(bare, bare_url),
            1,
            "page",
        ),
        Pair(
            "pages: the next page (at most 0.5 s)",
            _switching(ours),
            "Streamlit, bare",
            _switching(bare),
            1,
            "page",
        ),
    ]


def _open(page: Page, url: str) -> None:
    page.goto(url, wait_until="commit")
    page.wait_for_selector(".stMain h1")


def _switching(page: Page) -> Callable[[], None]:
    """Returns what goes to the other of the first two pages and waits for its heading."""
    places = cycle((1, 0))

    def switch() -> None:
        before = page.inner_text(".stMain h1")
        page.click(f"{_LINKS} >> nth={next(places)}")
        page.wait_for_function(
            "before => { const h1 = document.querySelector('.stMain h1');"
            " return h1 && h1.innerText !== before; }",
            arg=before,
        )

    return switch


@contextmanager
def _bare(script: Path) -> Iterator[str]:
    script.write_text(_BARE)
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=script.parent)
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{url}/_stcore/health").raise_for_status()
        yield url
    finally:
        server.terminate()
        server.wait(20)
