"""How much work a benchmark does: a laptop's minute, or as much as is asked for."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class _Sizes(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KONTOR_BENCH_", extra="ignore", frozen=True)

    rows: int | None = Field(default=None, ge=1000, description="Rows instead of the default.")


def rows_asked_for(default: int) -> int:
    """KONTOR_BENCH_ROWS, or the benchmark's own default."""
    return _Sizes().rows or default
