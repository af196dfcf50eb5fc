"""dbt's source of what the statistical steps computed, made from the table of steps."""

from collections.abc import Iterable, Iterator

from pipelines.analytics.steps import Step
from pipelines.docs_pages.yaml_text import quoted

_HEAD = """# Made from pipelines/analytics/steps.py by `make docs`; edit the steps, not this file.
sources:
  - name: predictions
    description: What the statistical steps computed between two dbt selections.
    schema: predictions
    tables:
"""


def dbt_predictions(steps: Iterable[Step]) -> str:
    """The YAML of the source, one table per step."""
    return _HEAD + "".join(line + "\n" for step in steps for line in _table(step))


def _table(step: Step) -> Iterator[str]:
    yield f"      - name: {step.name}"
    yield f"        description: {quoted(step.title)}"
    yield f"        meta: {{dagster: {{asset_key: [predictions, {step.name}]}}}}"
    yield "        columns:"
    for name, (kind, meaning) in step.all_columns.items():
        yield f"          - name: {name}"
        yield f"            data_type: {kind}"
        yield f"            description: {quoted(meaning)}"
