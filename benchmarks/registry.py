"""The benchmarks there are.

To add one, write benchmarks/<subject>.py with `prepare(folder) -> list[Pair]` and name it here.
"""

from benchmarks import (
    clickstream,
    exports,
    forecasting,
    history,
    ingest,
    lifetime_value,
    models,
    pages,
    postgres,
    publishing,
    scripts,
    segments,
    sessions,
    simulator,
)
from benchmarks.pairs import Prepare

BENCHMARKS: dict[str, Prepare] = {
    "clickstream": clickstream.prepare,
    "exports": exports.prepare,
    "forecasting": forecasting.prepare,
    "history": history.prepare,
    "ingest": ingest.prepare,
    "lifetime_value": lifetime_value.prepare,
    "models": models.prepare,
    "pages": pages.prepare,
    "postgres": postgres.prepare,
    "publishing": publishing.prepare,
    "scripts": scripts.prepare,
    "segments": segments.prepare,
    "sessions": sessions.prepare,
    "simulator": simulator.prepare,
}
