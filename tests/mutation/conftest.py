"""One clean marketplace for all corruptions, one parser and one checker."""

from collections.abc import Iterator

import pytest

from data_quality.runner import Checker
from sources.parsing.client import Parser
from tests.mutation.clean_days import CleanDays, live_through
from tests.mutation.regime import Unprinted


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    with Unprinted() as opened:
        opened.start()
        yield opened


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory, parser: Parser, checker: Checker) -> CleanDays:
    return live_through(tmp_path_factory.mktemp("clean"), 3, parser, checker)
