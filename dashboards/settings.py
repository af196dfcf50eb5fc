"""Everything the dashboards read from the environment."""

import ipaddress
from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from operations.store import sqlite_url


class DashboardSettings(BaseSettings):
    """Where the data is, where to listen, and what a session may use."""

    model_config = SettingsConfigDict(
        env_prefix="KONTOR_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(default=Path("var"), description="Holds published/ and operations.sqlite.")
    operations_url: SecretStr | None = Field(
        default=None, description="Operational store; a file in the home where it is not set."
    )
    address: str = Field(default="127.0.0.1", description="Address the dashboards listen on.")
    port: int = Field(default=8501, ge=0, le=65535, description="0 takes any free port.")
    allowed_hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Names under which browsers may reach the dashboards, without ports.",
    )
    behind_tls_proxy: bool = Field(
        default=False,
        description="A proxy terminates TLS in front: cookies are Secure, any address will do.",
    )
    dagster_socket: Path | None = Field(
        default=None, description="Where Dagster's pages listen; `kontor serve` says so."
    )
    query_timeout_seconds: float = Field(default=10.0, gt=0)
    query_memory: str = Field(default="512MB", description="Per open published file.")
    query_threads: int = Field(default=2, ge=1)
    open_files: int = Field(default=48, ge=2, description="Published files kept open at once.")

    @model_validator(mode="after")
    def _passwords_stay_on_this_machine(self) -> "DashboardSettings":
        """Refuse to send local accounts' passwords over a network in the clear."""
        if not (self.behind_tls_proxy or is_loopback(self.address)):
            raise ValueError(
                f"address {self.address} can be reached from other machines, and local accounts"
                " sign in with passwords: listen on 127.0.0.1, or put a TLS proxy in front and set"
                " KONTOR_BEHIND_TLS_PROXY=true and KONTOR_ALLOWED_HOSTS"
            )
        return self

    @property
    def store_url(self) -> str:
        """The address of the operational store."""
        if self.operations_url is not None:
            return self.operations_url.get_secret_value()
        return sqlite_url(self.home / "operations.sqlite")

    @property
    def published(self) -> Path:
        """The folder of the published versions."""
        return self.home / "published"


def is_loopback(address: str) -> bool:
    """Return whether only this machine can reach the address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
