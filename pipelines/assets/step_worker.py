"""The process of one step: rows on standard input, what was made of them on standard output."""

import io
import os
import sys
from datetime import date

import polars as pl

from installation.private_files import keep_files_private
from pipelines.analytics.steps import STEPS, StepContractError
from pipelines.assets.step_process import BROKEN_PROMISE


def main(name: str, day: str, made_from: str) -> int:
    """Runs the step; libraries that print to standard output print to standard error instead."""
    keep_files_private()
    answer = os.dup(1)
    os.dup2(2, 1)
    (step,) = (each for each in STEPS if each.name == name)
    rows = pl.read_ipc(io.BytesIO(sys.stdin.buffer.read()))
    try:
        made = step.run(rows, date.fromisoformat(day), made_from)
    except StepContractError as error:
        sys.stderr.write(str(error))
        return BROKEN_PROMISE
    with os.fdopen(answer, "wb") as out:
        made.write_ipc(out, compat_level=pl.CompatLevel.oldest())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
