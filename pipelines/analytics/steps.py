"""The statistical steps: which model each reads, which function it calls, what it returns.

One row here is a Dagster asset (pipelines/assets/predictions.py), a table of the schema
`predictions` and a source of dbt (`make docs`). Decision 21.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from pipelines.analytics.customer_columns import (
    CHURN_DRIVERS,
    CUSTOMER_VALUE_HOLDOUTS,
    CUSTOMER_VALUES,
)
from pipelines.analytics.issued_columns import EVENT_EFFECTS, SALES_FORECASTS
from pipelines.analytics.posterior_columns import VENDOR_POSTERIORS, VENDOR_RULE_ERRORS

# What every row of a step's table carries beside the step's own columns.
STAMP = {
    "as_of_date": ("date", "The last day that counted."),
    "model_version": ("string", "The version of the step: its own number, and of its code."),
    "input_hash": ("string", "SHA-256 over the rows, the day and the seed that it was made from."),
}
_POLARS_TYPES: Mapping[str, Any] = {
    "string": pl.String,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "decimal(18, 2)": pl.Decimal(18, 2),
    "decimal(18, 3)": pl.Decimal(18, 3),
}


class StepContractError(Exception):
    """A step returned other columns, types or keys than it promises."""


@dataclass(frozen=True, slots=True)
class Step:
    """A pure function of one model's rows.

    `reads` is the place of a model (layer, area, name), `function` a module of
    pipelines.analytics and a function in it that takes a frame (and `seed`, where there is one),
    `columns` name, type in dbt's words and meaning of what it returns, `key` what tells its rows
    apart. A step with libraries that the run does without has a process of its own, `is_apart`.
    One that issues says what it expects once a period and is held to it: `issues` names the column
    of the model, and of what the step returns, that has the day of issue; what was issued on other
    days, in rows where `is_issued`, outlives it.
    """

    name: str
    title: str
    reads: tuple[str, str, str]
    function: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...]
    version: int = 1
    seed: int | None = None
    is_apart: bool = False
    issues: str = ""

    @property
    def all_columns(self) -> dict[str, tuple[str, str]]:
        """The step's own columns and the stamp."""
        return {**self.columns, **STAMP}

    @property
    def model_version(self) -> str:
        """The step's number and a hash of its code: other code is another version."""
        digest = hashlib.sha256()
        for module in code_of(self._module):
            digest.update(Path(str(module.__file__)).read_bytes())
        return f"{self.name}-{self.version}-{digest.hexdigest()[:8]}"

    def input_hash(self, frame: pl.DataFrame, as_of: date) -> str:
        """SHA-256 over the rows in a fixed order, the version, the day and the seed."""
        bytes_of_rows = io.BytesIO()
        frame.write_ipc(bytes_of_rows, compat_level=pl.CompatLevel.oldest())
        digest = hashlib.sha256(bytes_of_rows.getbuffer())
        digest.update(f"{self.model_version}|{as_of}|{self.seed}".encode())
        return digest.hexdigest()

    def day_of(self, frame: pl.DataFrame, as_of: date) -> date:
        """The day on which the rows are known: the last one, or that of the issue."""
        if not self.issues or frame.is_empty():
            return as_of
        day: date = frame[self.issues][0]
        return day

    def beside_earlier(self, made: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
        """What was made, and what had been issued before: that is not said again otherwise."""
        known = [name for name in made.columns if name in earlier.columns]
        if "is_issued" not in known or self.issues not in known:
            return made
        kept = earlier.filter("is_issued").select(pl.col(name) for name in known)
        issued = kept[self.issues].unique().implode()
        is_new = ~pl.col("is_issued") | ~pl.col(self.issues).is_in(issued)
        both = pl.concat([kept, made.filter(is_new)], how="diagonal")
        return both.select(made.columns).cast(made.schema).sort(self.key)

    def run(self, frame: pl.DataFrame, as_of: date, made_from: str) -> pl.DataFrame:
        """What the function makes of the rows, checked, stamped and sorted by its key.

        `made_from` is the input's hash, which the caller has asked for to know whether to run.

        Raises:
            StepContractError: it is not what the step promises.
        """
        name = self.function.partition(".")[2]
        function: Callable[..., pl.DataFrame] = getattr(self._module, name)
        returned = function(frame) if self.seed is None else function(frame, seed=self.seed)
        return self._checked(returned).with_columns(
            as_of_date=pl.lit(as_of, pl.Date),
            model_version=pl.lit(self.model_version),
            input_hash=pl.lit(made_from),
        )

    @property
    def _module(self) -> ModuleType:
        return import_module(f"{__package__}.{self.function.partition('.')[0]}")

    def _checked(self, frame: pl.DataFrame) -> pl.DataFrame:
        if list(frame.columns) != list(self.columns):
            raise StepContractError(
                f"{self.name} returned {', '.join(frame.columns)}; "
                f"it promises {', '.join(self.columns)}"
            )
        types = {name: _POLARS_TYPES[kind] for name, (kind, _) in self.columns.items()}
        wrong = [
            f"{name} is {kind}, promised is {types[name]}"
            for name, kind in frame.schema.items()
            if kind != types[name]
        ]
        if wrong:
            raise StepContractError(f"{self.name}: {'; '.join(wrong)}")
        if frame.select(self.key).is_duplicated().any():
            raise StepContractError(f"{self.name}: two rows of one {', '.join(self.key)}")
        return frame.fill_nan(None).sort(self.key)  # what is no number is not known


def code_of(module: ModuleType) -> list[ModuleType]:
    """The module and all that it has from others of this folder, also through them, by name."""
    found: dict[str, ModuleType] = {}
    todo = [module]
    while todo:
        each = todo.pop()
        if each.__name__ in found:
            continue
        found[each.__name__] = each
        for value in vars(each).values():
            name = value.__name__ if isinstance(value, ModuleType) else _home_of(value)
            if name.startswith(f"{__package__}."):
                todo.append(import_module(name))
    return [found[name] for name in sorted(found)]


def _home_of(value: object) -> str:
    return str(getattr(value, "__module__", ""))


STEPS = (
    Step(
        name="vendor_rate_posteriors",
        title="How sure we are of each vendor's rates. One row per vendor, metric and window.",
        reads=("intermediate", "vendor_performance", "int_vendor_metrics_limited"),
        function="vendor_judgement.judged",
        key=("vendor_id", "metric_id", "window_kind", "window_end"),
        columns=VENDOR_POSTERIORS,
    ),
    Step(
        name="vendor_rule_errors",
        title="What judging vendors gets wrong. One row per vendor, metric and level.",
        reads=("intermediate", "vendor_performance", "int_vendor_metrics_limited"),
        function="rule_errors.of_vendors",
        key=("vendor_id", "metric_id", "level"),
        columns=VENDOR_RULE_ERRORS,
    ),
    Step(
        name="customer_values",
        title="What customers are expected to order and to spend. One row per customer who bought.",
        reads=("intermediate", "customer_value", "int_customer_histories_spined"),
        function="customer_value.values",
        key=("customer_id",),
        columns=CUSTOMER_VALUES,
    ),
    Step(
        name="customer_value_holdouts",
        title="How past half years were foretold. One row per segment, model, holdout and decile.",
        reads=("intermediate", "customer_value", "int_customer_histories_spined"),
        function="customer_value.calibration",
        key=("segment", "model", "holdout_begins", "decile"),
        columns=CUSTOMER_VALUE_HOLDOUTS,
    ),
    Step(
        name="churn_drivers",
        title="What makes customers leave. One row per kind of customer and driver.",
        reads=("intermediate", "customer_value", "int_order_experiences"),
        function="churn_drivers.effects",
        key=("segment", "driver"),
        seed=20_260_630,
        columns=CHURN_DRIVERS,
    ),
    Step(
        name="event_effects",
        title="What sales, holidays and peaks brought. One row per kind, event and first day.",
        reads=("intermediate", "forecasting", "int_sales_with_events"),
        function="event_effects.effects",
        key=("kind", "event_name", "first_date"),
        columns=EVENT_EFFECTS,
    ),
    Step(
        name="sales_forecasts",
        title=(
            "What sales are expected, as it was said each week, and what would have been said at "
            "days of the past. One row per series, frequency, day of issue, period and level."
        ),
        reads=("intermediate", "forecasting", "int_sales_with_events"),
        function="sales_forecasts.issued",
        key=(
            "is_issued",
            "series_kind",
            "series_id",
            "frequency",
            "issued_on",
            "forecast_date",
            "interval_level",
        ),
        columns=SALES_FORECASTS,
        is_apart=True,
        issues="issued_on",
    ),
)
