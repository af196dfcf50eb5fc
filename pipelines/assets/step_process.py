"""A step in a process of its own: the run keeps neither its libraries nor their memory."""

import io
import subprocess
from datetime import date

import polars as pl

from installation.workers import start_worker
from pipelines.analytics.steps import Step, StepContractError

BROKEN_PROMISE = 3


class StepProcessError(RuntimeError):
    """The step's process died; its last words say why."""


def run_apart(step: Step, rows: pl.DataFrame, day: date, made_from: str) -> pl.DataFrame:
    """What `step.run` returns, computed by pipelines.assets.step_worker.

    Raises:
        StepContractError: it is not what the step promises.
        StepProcessError: the process ended without an answer.
    """
    given = io.BytesIO()
    rows.write_ipc(given, compat_level=pl.CompatLevel.oldest())
    process = start_worker(
        "pipelines.assets.step_worker",
        step.name,
        str(day),
        made_from,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    answer, words = process.communicate(given.getvalue())
    said = words.decode("utf-8", "replace").strip()
    if process.returncode == BROKEN_PROMISE:
        raise StepContractError(said)
    if process.returncode != 0:
        raise StepProcessError(f"{step.name} ended with {process.returncode}: {said[-2000:]}")
    return pl.read_ipc(io.BytesIO(answer))
