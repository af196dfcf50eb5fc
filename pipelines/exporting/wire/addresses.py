"""Which addresses requests may go to: public ones, checked once and connected to as checked.

A destination's address is written by people, and its name resolves to what its owner says at the
moment. Without the check a request could be turned against machines that only we can reach
(server-side request forgery, CWE-918).
"""

import ipaddress
import re
import socket
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Anything else is refused before a resolver makes something of it: fullwidth digits, zones.
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
# Addresses that contain another one, to which somebody may translate them; Python takes some of
# them for global. RFC 4291 2.5.5, 6052, 8215, 3056, 4380; site-local is deprecated (RFC 3879).
_TRANSLATED: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
    )
)


class AddressRefusedError(ValueError):
    """An address may not be used; says why and what to write instead."""


def check_url(url: str, loopback_hosts: Collection[str] = ()) -> None:
    """Refuses an address that is not https to a named host, or that holds credentials.

    Args:
        url: as people wrote it.
        loopback_hosts: the hosts that may be this machine, also without encryption.

    Raises:
        AddressRefusedError: names what is wrong.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefusedError("is no address; write https://host/path") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in loopback_hosts):
        raise AddressRefusedError("must begin with https://")
    if "@" in parts.netloc:
        raise AddressRefusedError("holds credentials; name a variable under secrets instead")
    named = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    if not _HOST.fullmatch(named):
        raise AddressRefusedError("has no host in ASCII; write https://host/path")


def resolved(host: str, port: int, loopback_hosts: Collection[str] = ()) -> list[str]:
    """The addresses of a host, all of which are public.

    Raises:
        AddressRefusedError: one of them is not; the name belongs to whoever set it so.
        OSError: the name does not resolve.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for text in addresses:
        # A link-local address has a zone.
        address = ipaddress.ip_address(text.partition("%")[0])
        if not (is_public(address) or (host in loopback_hosts and address.is_loopback)):
            raise AddressRefusedError(
                f"{host} is an address within a network of its own; name a public host"
            )
    return addresses


def is_public(address: _Address) -> bool:
    """Whether an address is one of the public internet's."""
    if isinstance(address, ipaddress.IPv6Address) and any(
        address in network for network in _TRANSLATED
    ):
        return False
    return address.is_global and not address.is_multicast
