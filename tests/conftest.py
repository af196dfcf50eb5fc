from collections.abc import Iterator

import pytest

from sources.parsing.client import Parser


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser() as running:
        yield running
