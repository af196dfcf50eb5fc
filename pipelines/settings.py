"""The settings as the pipelines use them, and the environment that their children get."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from installation.settings import Settings
from installation.start import STARTED_IN
from pipelines.home import Home

PROJECT_ROOT = Path(__file__).resolve().parents[1]


class PipelineSettings(Settings):
    """The settings, and what the pipelines make of them."""

    @property
    def home_folder(self) -> Home:
        """The home."""
        return Home(self.home)

    @property
    def existing_store_url(self) -> str | None:
        """`store_url` where there may be a store; its file is made by the first login."""
        has_store = self.operations_url is not None or self.store_file.exists()
        return self.store_url if has_store else None


def environment(home: Home) -> Mapping[str, str]:
    """What a marketplace file may refer to: the environment, the home, and the demo's folder."""
    given = {name: value for name, value in os.environ.items() if value}  # noqa: TID251
    return {
        STARTED_IN: str(Path.cwd()),
        "KONTOR_DEMO_DIR": str(home.path / "demo"),
        **given,
        "KONTOR_HOME": str(home.path),
    }


@contextmanager
def temporary_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Sets variables for subprocesses that a library starts, and puts the old ones back."""
    before = {name: os.environ.get(name) for name in values}  # noqa: TID251
    os.environ.update(values)  # noqa: TID251
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)  # noqa: TID251
            else:
                os.environ[name] = value  # noqa: TID251


def child_environment(values: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with some values on top, for a subprocess of ours."""
    return {**os.environ, **values}  # noqa: TID251


def environment_value(name: str) -> str | None:
    """One variable of the environment."""
    return os.environ.get(name)  # noqa: TID251
