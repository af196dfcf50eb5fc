from collections.abc import Iterator

import pytest

from sources.parsing.client import Parser

pytest_plugins = ["tests.budgets"]


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser() as running:
        yield running
