"""An export made ready to run: its files read, its secrets found, the store opened."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from data_quality.runner import Checker
from operations.store import opened
from pipelines.exporting.destination import Destination, Opening
from pipelines.exporting.files import Named, export_named
from pipelines.exporting.sending import Clock, Note, Progress, no_note, no_progress
from pipelines.home import Home
from pipelines.settings import PipelineSettings, environment_value
from sources.child_process import how_it_ended
from sources.errors import ConfigurationError
from sources.marketplace import Marketplace

_RUNS: Final = ".runs"


@dataclass(frozen=True, slots=True)
class Job:
    """An export to run: where, what, and with which secrets, by the names of the settings."""

    home: Home
    marketplace: str
    named: Named
    engine: sa.Engine
    clock: Clock
    secrets: Mapping[str, str]
    progress: Progress = no_progress
    # Looks at what leaves; none where nothing leaves, as in a dry run.
    checker: Checker | None = None
    note: Note = no_note

    @property
    def contents_folder(self) -> Path:
        """Where what open runs send lies."""
        return self.home.exports / _RUNS

    def opened(self, *, is_test: bool = False) -> Destination:
        """The destination, opened for this export; the file of a test is beside the export's."""
        named = self.named
        opening = Opening(
            marketplace=self.marketplace,
            export=f"{named.name}_test" if is_test else named.name,
            columns=tuple(named.export.fields),
            secrets=self.secrets,
            folder=self.home.exports,
        )
        return named.sink.kind.open(named.sink.settings, opening)

    def contents(self, run_id: str) -> Path:
        """Where what a run sends lies."""
        return self.contents_folder / f"{run_id}.parquet"


@contextmanager
def opened_job(
    settings: PipelineSettings,
    shop: Marketplace,
    name: str,
    clock: Clock,
    progress: Progress = no_progress,
    note: Note = no_note,
) -> Iterator[Job]:
    """Yields the job of an export.

    Raises:
        ConfigurationError: there is no such export, it is switched off, its files have mistakes, or
            a secret is not set.
        StoreUnavailableError: the operational store does not open.
    """
    named = export_named(shop.folder_of("exports"), name)
    if not named.is_enabled:
        where = f"{name}.yml" if not named.export.is_enabled else f"{named.sink.name}.yml"
        raise ConfigurationError([f"{name} is switched off: is_enabled is false in {where}"])
    secrets = environment_secrets(named, environment_value)
    with opened(settings.store_url) as engine, Checker(ending=how_it_ended) as checker:
        home = settings.home_folder
        yield Job(home, shop.name, named, engine, clock, secrets, progress, checker, note)


def environment_secrets(named: Named, value: Callable[[str], str | None]) -> dict[str, str]:
    """The destination's secrets, from the environment.

    Raises:
        ConfigurationError: a variable is not set; it is named, and no other is shown.
    """
    found = {name: value(variable) for name, variable in named.sink.file.secrets.items()}
    if lacking := [named.sink.file.secrets[name] for name, text in found.items() if not text]:
        raise ConfigurationError(
            [
                f"{named.sink.name} needs {variable}; set it in the environment"
                for variable in lacking
            ]
        )
    return {name: text for name, text in found.items() if text}
