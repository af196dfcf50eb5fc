"""Variables that look like our settings but are not: most likely misspelt."""

import difflib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from installation.settings import PREFIX, Settings, variable
from installation.start import STARTED_IN
from pipelines.cli.finding import Finding
from pipelines.marketplaces import marketplace_file, shipped_files
from pipelines.settings import PipelineSettings, environment
from sources.errors import SourceError
from sources.marketplace import variables_in

_CLOSE = 0.7


def unknown_variables(settings: PipelineSettings, asked: str = "") -> Iterator[Finding]:
    """Variables with our prefix that nothing reads; those close to a setting are errors."""
    given = environment(settings.home_folder)
    known = {variable(name) for name in Settings.model_fields} | {STARTED_IN, "KONTOR_DEMO_DIR"}
    known |= {name for path in _marketplaces(settings, asked) for name in variables_in(path)}
    for name in sorted(given):
        if not name.upper().startswith(PREFIX) or name.upper() in known:
            continue
        bare = {other.removeprefix(PREFIX): other for other in known}
        close = difflib.get_close_matches(
            name.upper().removeprefix(PREFIX), bare, n=1, cutoff=_CLOSE
        )
        if close:
            sentence = f"{name} is not a setting; did you mean {bare[close[0]]}?"
        else:
            sentence = f"{name} is not a setting, and no marketplace's file refers to it"
        yield Finding(is_fine=not close, sentence=sentence)


def _marketplaces(settings: PipelineSettings, asked: str) -> Iterator[Path]:
    yield from shipped_files()
    with suppress(SourceError):
        yield marketplace_file(asked or settings.marketplace)
