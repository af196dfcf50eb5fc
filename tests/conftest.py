from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.parsing.client import Parser

pytest_plugins = ["tests.budgets"]

_HERE = Path(__file__).parent
# Whole folders; elsewhere a file marks its own tests.
_MARKERS = {
    _HERE / "architecture": "architecture",
    _HERE / "exports": "exports",
    _HERE / "known_values": "statistics",
}


@pytest.hookimpl(tryfirst=True)  # before markers decide which tests are selected
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of the folders that have a marker."""
    for item in items:
        marker = _MARKERS.get(item.path.parent)
        if marker is not None:
            item.add_marker(marker)


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser() as running:
        yield running
