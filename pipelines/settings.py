"""Everything the pipelines read from the environment; nothing else reads it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.home import Home

PROJECT_ROOT = Path(__file__).resolve().parents[1]


class PipelineSettings(BaseSettings):
    """The pipelines' settings, from the environment and `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="KONTOR_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(default=Path("var"), description="The folder that holds all state.")
    marketplace: str = Field(default="demo", description="A name in marketplaces/ or a YAML file.")
    operations_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the operational store; SQLite under home if unset.",
    )
    keep_versions: int = Field(default=3, ge=2, description="A reader may hold the previous one.")
    memory_limit: str = Field(default="1GiB", description="DuckDB's memory in the loader and dbt.")
    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description="Where the models' tables are: in the build file, or Parquet in `tables`.",
    )
    threads: int = Field(default=2, ge=1, description="Threads of DuckDB and of dbt.")

    @property
    def home_folder(self) -> Home:
        """The home, with an absolute path."""
        return Home(self.home.expanduser().resolve())

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the operational store."""
        return self.operations_url or self.home_folder.operations_url

    @property
    def existing_store_url(self) -> str | None:
        """`store_url` where there may be a store; its file is made by the first login."""
        has_store = self.operations_url is not None or self.home_folder.operations_file.exists()
        return self.store_url if has_store else None


def environment(home: Home) -> Mapping[str, str]:
    """What a marketplace file may refer to: the environment, `.env`, and the demo's folder."""
    from_file = {name: value for name, value in dotenv_values(".env").items() if value}
    return {
        "KONTOR_HOME": str(home.path),
        "KONTOR_DEMO_DIR": str(home.path / "demo"),
        **from_file,
        **os.environ,  # noqa: TID251 - the one place that reads the environment
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
