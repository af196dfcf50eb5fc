"""The models' compiled texts, looked through for what DuckDB and Spark answer differently."""

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot.errors import SqlglotError

from tests.architecture.conftest import compile_for_spark
from tests.architecture.engine_differences import DIFFERENCES, Difference
from tests.architecture.spark_models import differences_by_model, schemas_read
from tests.architecture.test_dbt_layers import models
from tests.architecture.two_engines import Schemas, differences_in, typed_query

pytestmark = pytest.mark.warehouse

PLANTED: Schemas = {
    "raw": {
        "planted": {
            "code": "string",
            "amount": "decimal(18, 2)",
            "share": "double",
            "unit_count": "bigint",
            "happened_on": "date",
        }
    }
}


def planted(query: str) -> list[str]:
    return differences_in(typed_query(query, PLANTED), query)


def test_models_hold_nothing_that_the_engines_answer_differently(
    manifest: dict[str, Any], tmp_path: Path
) -> None:
    schemas = schemas_read(manifest, tmp_path)

    assert differences_by_model(manifest, schemas) == {}

    # an incremental model has two texts; the second one adds to what is there
    if any(node["config"].get("materialized") == "incremental" for node in models(manifest)):
        only = ("--select", "config.materialized:incremental")
        adding = compile_for_spark(tmp_path, *only, assume_incremental=True)

        assert differences_by_model(adding, schemas) == {}


def test_no_model_calls_a_macro_of_dbt_whose_two_texts_differ(manifest: dict[str, Any]) -> None:
    # safe_cast is null on DuckDB where Spark's text raises; listagg forgets the order on Spark
    refused = {"macro.dbt.safe_cast", "macro.dbt.listagg"}

    for node in models(manifest):
        assert not refused & set(node["depends_on"]["macros"]), node["name"]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.planted)
def test_planted_difference_is_found(difference: Difference) -> None:
    found = planted(difference.planted)

    assert any(sentence.startswith(difference.reason) for sentence in found)


@pytest.mark.parametrize(
    "query",
    [
        "select code from raw.planted order by amount",
        "select row_number() over (order by amount) as turn from raw.planted",
        "select a.code from raw.planted as a asof join raw.planted as b on a.amount >= b.amount",
        "select code from generate_series(1, 2)",
        "select unnest(split(code, ',')) as part from raw.planted",
        "select code ->> 'a' as part from raw.planted",
        "select unit_count // 2 as half from raw.planted",
        "select strftime(happened_on, '%Y') as written from raw.planted",
        "select extract(isodow from happened_on) as weekday from raw.planted",
        "select * exclude (code) from raw.planted",
        "select * replace (1 as code) from raw.planted",
        "select list_sort(split(code, ',')) as parts from raw.planted",
        "select current_date as today",
        "select now() as today",
        "select median(code order by amount) from raw.planted",
        "select regexp_matches(code, 'a') as matches from raw.planted",
        "select concat(code, code) as twice from raw.planted",
        "select mode(code) as often from raw.planted",
        "select max_by(code, amount) as most from raw.planted",
        "select string_agg(code, ',') as codes from raw.planted",
        "select nothing from raw.planted",
    ],
)
def test_what_only_one_engine_understands_is_refused(query: str) -> None:
    try:
        found = planted(query)
    except SqlglotError as error:
        found = [str(error)]

    assert found


@pytest.mark.parametrize(
    "query",
    [
        "select code, sum(amount) as total from raw.planted group by all",
        "select code from raw.planted qualify row_number() over (order by amount nulls last) = 1",
        "select code from raw.planted order by amount desc",
        "select count(*) filter (where share > 0.5) as many from raw.planted",
        "select share / nullif(cast(unit_count as double), 0) as each from raw.planted",
        "select round(cast(share as decimal(28, 6)), 2) as cents from raw.planted",
        "select cast(floor(share) as bigint) as whole from raw.planted",
        "select cast(happened_on + 7 * interval '1' day as date) as later from raw.planted",
        "select 'n' || cast(unit_count as string) as written from raw.planted",
        "select code from raw.planted where happened_on >= '2025-01-01'",
    ],
)
def test_what_both_engines_answer_alike_is_let_through(query: str) -> None:
    assert planted(query) == []


def test_a_text_that_does_not_parse_is_refused() -> None:
    with pytest.raises(sqlglot.errors.ParseError):
        planted("select code raw.planted from from")
