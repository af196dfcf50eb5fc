"""The dbt unit tests run with the test suite and never in production."""

import json
from pathlib import Path

import pytest

from tests.warehouse import build, tiny_marketplace

pytestmark = pytest.mark.warehouse


def test_every_dbt_unit_test_passes(built: Path) -> None:
    result = build.dbt(
        *("test", "--select", "test_type:unit"),
        warehouse=built,
        variables=tiny_marketplace.VARS,
    )

    assert result.returncode == 0, result.stdout
    results = json.loads((built.parent / "target" / "run_results.json").read_text())["results"]
    assert len(results) >= 5


def test_run_without_a_date_stops_and_says_so(built: Path) -> None:
    variables = {key: value for key, value in tiny_marketplace.VARS.items() if key != "as_of_date"}

    result = build.dbt("compile", warehouse=built, variables=variables)

    assert result.returncode != 0
    assert "as_of_date is missing" in result.stdout
