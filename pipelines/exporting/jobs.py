"""An export made ready to run: its files read, its secrets found, the store opened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from operations.store import opened
from pipelines.exporting.files import export_named
from pipelines.exporting.running import Job, environment_secrets
from pipelines.exporting.sending import Clock
from pipelines.settings import PipelineSettings, environment_value
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
    with opened(settings.store_url) as engine:
        yield Job(settings.home_folder, shop.name, named, engine, clock, secrets, progress)
