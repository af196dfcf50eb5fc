"""Suites as Great Expectations runs them, on pandas frames, without telemetry or progress bars."""

from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core import (
    ExpectationSuite,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.validator.v1_validator import Validator as BatchValidator

from data_quality.data_docs import page_of
from data_quality.rules import CheckResult, Rule, Suite, SuiteAnswer, SuiteRequest
from data_quality.verdicts import verdict_of, without_values

# Counts only: unexpected values may be personal. A summary would also list where they stand.
_RESULT_FORMAT = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}


class Validator:
    """Runs suites in one context."""

    def __init__(self) -> None:
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        )
        context = gx.get_context(mode="ephemeral", project_config=config)
        frames = context.data_sources.add_pandas("kontor").add_dataframe_asset("frames")
        self._batches = frames.add_batch_definition_whole_dataframe("whole")

    def validate(self, request: SuiteRequest) -> SuiteAnswer:
        """The results of a suite's parts; writes its page where a folder is given."""
        suite, found = request.suite, []
        pages: list[ExpectationSuiteValidationResult] = []
        for part, path in request.parts.items():
            rules = [rule for rule in suite.rules if rule.part == part]
            if rules:
                results, page = self._part(suite, rules, pd.read_parquet(path))
                found += results
                pages.append(page)
        if request.docs_folder and pages:
            folder = Path(request.docs_folder)
            folder.mkdir(parents=True, exist_ok=True)
            html = page_of(suite, pages, request.run_at)
            temporary = folder / f".{suite.file_stem}.tmp"
            temporary.write_text(html, encoding="utf-8")
            temporary.replace(folder / f"{suite.file_stem}.html")
        return SuiteAnswer(suite=suite.name, results=tuple(found))

    def _part(
        self, suite: Suite, rules: list[Rule], frame: pd.DataFrame
    ) -> tuple[list[CheckResult], ExpectationSuiteValidationResult]:
        # What `Batch.validate` calls; making a batch for it first would hash every frame twice.
        validator = BatchValidator(self._batches, _RESULT_FORMAT, {"dataframe": frame})
        asked = ExpectationSuite(
            name=suite.name, expectations=[_expectation(rule) for rule in rules]
        )
        done = validator.validate_expectation_suite(asked)
        by_rule = {_rule_of(result): result for result in done.results}
        verdicts = []
        for rule in rules:
            result = by_rule[rule.name]
            fault = _fault(result.exception_info)
            verdicts.append(
                verdict_of(
                    suite.name,
                    rule,
                    result.result or {},
                    success=bool(result.success),
                    fault=fault,
                )
            )
            result.result = without_values(result.result or {})
            result.success = verdicts[-1].is_passed
            # Half of one would cost their page the sentence on how many rows fail.
            result.exception_info = {}
        done.meta = {"run_id": {"run_name": suite.name}}
        return verdicts, done


def _expectation(rule: Rule) -> Any:
    arguments = dict(rule.arguments)
    if rule.part == "rows" and rule.mostly < 1.0:
        arguments["mostly"] = rule.mostly
    severity = "critical" if rule.blocks_below is not None else "warning"
    kind = getattr(gxe, rule.expectation)
    return kind(**arguments, severity=severity, meta={"rule": rule.name}, notes=rule.demand.english)


def _rule_of(result: ExpectationValidationResult) -> str:
    config = result.expectation_config
    return str(config.meta["rule"]) if config and config.meta else ""


def _fault(info: Any) -> str | None:
    """The kind of the exception; its text may hold values."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    if not any(entry.get("raised_exception") for entry in entries):
        return None
    trace = str(entries[0].get("exception_traceback") or "").strip().splitlines()
    return trace[-1].partition(":")[0] if trace else "an exception"
