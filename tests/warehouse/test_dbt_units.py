"""The dbt unit tests run with the test suite and never in production."""

import pytest

from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from tests.warehouse.dbt import results_of, run_dbt
from tests.worlds.published_shop import marketplace_of
from tests.worlds.tiny_marketplace import AS_OF

pytestmark = pytest.mark.warehouse


def test_every_dbt_unit_test_passes(own_home: Home) -> None:
    variables = dbt_variables(marketplace_of(own_home), AS_OF)

    result = run_dbt(own_home, "test", "--select", "test_type:unit", variables=variables)

    assert result.returncode == 0, result.stdout
    assert set(results_of(own_home).values()) == {"pass"}


def test_run_without_a_date_stops_and_says_so(own_home: Home) -> None:
    result = run_dbt(own_home, "compile", variables={"marketplace": "tiny"})

    assert result.returncode != 0
    assert "as_of_date is missing" in result.stdout
