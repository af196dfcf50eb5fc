"""The settings as the dashboards use them."""

import ipaddress
from pathlib import Path

from pydantic import model_validator

from installation.settings import Settings


class DashboardSettings(Settings):
    """The settings, and what the dashboards ask of them."""

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
