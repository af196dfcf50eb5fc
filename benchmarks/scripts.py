"""What a vendor's pages take in the server: the script alone, without browser and network.

A page may take 120 ms. Each call begins with the vendor's file not yet open and nothing asked; the
peer is the same page once more, for which the answers are remembered.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.runtime.scriptrunner import script_runner

from benchmarks.pairs import Cost, Pair
from dashboards import resources
from dashboards.settings import DashboardSettings
from tests.app.pages import VENDOR_PAGES, session_of, visit_with
from tests.worlds.homes import Home, make_home


def prepare(folder: Path) -> list[Pair]:
    """A vendor's pages; one call runs the script of one of them."""
    home = make_home(folder / "home")
    session = session_of(home.store, "mueller")
    timed = _Timed()
    return [
        Pair(
            f"scripts: {page or 'home'} (at most 120 ms)",
            _opening(timed, home, session, page, times=1),
            "once more",
            _opening(timed, home, session, page, times=2),
            1,
            "page",
        )
        for page in VENDOR_PAGES
    ]


def _opening(
    timed: "_Timed", home: Home, session: str, page: str, times: int
) -> Callable[[], Cost]:
    """Returns what opens a page some times, at first with nothing remembered."""

    def opening() -> Cost:
        opened = resources.open_resources(DashboardSettings(home=home.path))
        resources.install(opened)
        try:
            for _ in range(times):
                visit_with(session, page)
            return timed.last
        finally:
            opened.close()

    return opening


class _Timed:
    """What the last script took; a test harness around it takes ten times as long."""

    def __init__(self) -> None:
        """Stand between Streamlit's runner and the scripts that it runs from now on."""
        self._run = script_runner.exec_func_with_error_handling
        self.last = Cost(0, 0)
        script_runner.exec_func_with_error_handling = self._measured

    def _measured(self, script: Callable[[], None], context: Any) -> Any:
        began, processor = time.perf_counter(), time.process_time()
        try:
            return self._run(script, context)
        finally:
            self.last = Cost(time.perf_counter() - began, time.process_time() - processor)
