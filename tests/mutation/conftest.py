"""One clean marketplace for all corruptions, one parser and one checker."""

from collections.abc import Iterator

import pytest

from data_quality.runner import Checker
from sources.parsing.client import Parser
from tests.mutation.clean_days import MORNINGS, CleanDays, clean_days
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
def clean(parser: Parser, checker: Checker) -> CleanDays:
    return clean_days(MORNINGS, parser, checker)
