"""The table of statistical steps, and what becomes of one that breaks its promise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.analytics import clv, steps
from pipelines.analytics.steps import STAMP, STEPS, Step, StepContractError, code_of
from pipelines.docs_pages.dbt_predictions import dbt_predictions
from pipelines.loading.relations import BuildFile

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 6, 30)
RATES = STEPS[0]
COUNTS = """
create schema intermediate;
create table intermediate.counts as
select *, 'days_90' as window_kind, true as is_judged from (values
    ('v-1', 'late', date '2026-07-01', 'c', 'rate', false, 0.04::double, 3::bigint, 40::bigint, 20),
    ('v-2', 'late', date '2026-07-01', 'c', 'rate', false, 0.04::double, 9::bigint, 60::bigint, 20),
    ('v-3', 'late', date '2026-07-01', 'd', 'rate', false, 0.04::double, 0::bigint, 0::bigint, 20)
) as rows(vendor_id, metric_id, window_end, category_id, unit, is_higher_better, threshold,
    numerator, denominator, score_weight)
"""


@pytest.fixture
def warehouse() -> BuildFile:
    connection = duckdb.connect()
    connection.execute(COUNTS)
    return BuildFile(connection)


def made_of(rows: pl.DataFrame, step: Step = RATES) -> pl.DataFrame:
    return step.run(rows, AS_OF, step.input_hash(rows, AS_OF))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_names_a_function_that_exists(step: Step) -> None:
    module, _, function = step.function.partition(".")

    assert callable(getattr(import_module(f"pipelines.analytics.{module}"), function))
    assert set(step.key) <= set(step.columns)


def test_dbt_knows_the_steps_as_the_table_has_them() -> None:
    committed = ROOT / "dbt_project" / "models" / "marts" / "_predictions__sources.yml"

    assert committed.read_text("utf-8") == dbt_predictions(STEPS), "make docs"


def test_each_row_says_what_it_was_made_from(warehouse: BuildFile) -> None:
    rows = warehouse.read("intermediate", "counts")

    made = made_of(rows)

    assert made.columns == [*RATES.columns, *STAMP]
    assert made["as_of_date"].unique().to_list() == [AS_OF]
    assert made["input_hash"].unique().to_list() == [RATES.input_hash(rows, AS_OF)]
    assert made["model_version"][0].startswith("vendor_rate_posteriors-1-")
    assert made["vendor_id"].to_list() == ["v-1", "v-2", "v-3"]


def test_the_same_rows_in_another_order_give_the_same_bytes(warehouse: BuildFile) -> None:
    before = made_of(warehouse.read("intermediate", "counts"))
    warehouse.connection.execute(
        "create or replace table intermediate.counts as "
        "select * from intermediate.counts order by vendor_id desc"
    )

    after = made_of(warehouse.read("intermediate", "counts"))

    assert after.equals(before)


def test_another_row_another_day_and_another_seed_are_another_input(warehouse: BuildFile) -> None:
    rows = warehouse.read("intermediate", "counts")
    hashes = {
        RATES.input_hash(rows, AS_OF),
        RATES.input_hash(rows.head(2), AS_OF),
        RATES.input_hash(rows, date(2026, 7, 1)),
        replace(RATES, seed=1).input_hash(rows, AS_OF),
        replace(RATES, version=2).input_hash(rows, AS_OF),
    }

    assert len(hashes) == 5


def doubled(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame])


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"vendor_id": ("string", "")}, "returned vendor_id, n; it promises vendor_id"),
        ({"vendor_id": ("string", ""), "n": ("double", "")}, "n is Int64, promised is Float64"),
        ({"vendor_id": ("string", ""), "n": ("bigint", "")}, "two rows of one vendor_id"),
    ],
    ids=["columns", "types", "keys"],
)
def test_a_step_that_breaks_its_promise_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, columns: Mapping[str, tuple[str, str]], sentence: str
) -> None:
    fair_rates = import_module("pipelines.analytics.fair_rates")
    monkeypatch.setattr(fair_rates, "doubled", doubled, raising=False)
    step = Step(
        name="doubles",
        title="",
        reads=("intermediate", "x", "y"),
        function="fair_rates.doubled",
        columns=columns,
        key=("vendor_id",),
    )

    with pytest.raises(StepContractError, match=f"doubles.*{sentence}"):
        made_of(pl.DataFrame({"vendor_id": ["a"], "n": [1]}), step)


def test_every_type_of_a_contract_is_one_that_frames_have() -> None:
    kinds = {kind for step in STEPS for kind, _ in step.all_columns.values()}

    assert kinds <= set(steps._POLARS_TYPES)


def test_code_that_a_step_reaches_through_others_is_its_code() -> None:
    reached = {module.__name__.rpartition(".")[2] for module in code_of(clv)}

    # pareto_nbd is named by the fit alone, which clv has from another module
    assert reached == {
        "clv",
        "fitting",
        "prediction",
        "intervals",
        "histories",
        "bg_nbd",
        "pareto_nbd",
        "gamma_gamma",
    }
