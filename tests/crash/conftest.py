from collections.abc import Iterator

import pytest

from tests.crash.crashing import Doomed


@pytest.fixture(scope="session")
def doomed() -> Iterator[Doomed]:
    with Doomed() as process:
        yield process
