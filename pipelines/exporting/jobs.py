"""An export made ready to run: its files read, its secrets found, the store opened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from data_quality.runner import Checker
from operations.store import opened
from pipelines.exporting.files import Named, export_named
from pipelines.exporting.running import Job
from pipelines.exporting.sending import Clock
from pipelines.settings import PipelineSettings, environment_value
from sources.child_process import how_it_ended
from sources.errors import ConfigurationError
from sources.marketplace import Marketplace


@contextmanager
def opened_job(
    settings: PipelineSettings,
    shop: Marketplace,
    name: str,
    clock: Clock,
    progress: Callable[[int], None] = lambda _done: None,
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
        yield Job(home, shop.name, named, engine, clock, secrets, progress, checker)


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
