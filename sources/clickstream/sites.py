"""Which hosts are one site: those of one registrable domain, by the Public Suffix List.

shop.co.uk and www.shop.co.uk are one site, a.github.io and b.github.io are two. The list comes with
publicsuffixlist; nothing is asked of the network.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import duckdb
from publicsuffixlist import PublicSuffixList

_FUNCTION = "is_own_site"
_ADDRESS = re.compile(r"[0-9.]+|.*[:\[].*")


def own_site(referrer: str, page: str) -> str:
    """SQL of whether a referring host is of the page's site or the shop's, given that it is one."""
    return f"{_FUNCTION}({referrer}, coalesce({page}, ''))"


def define_own_site(connection: duckdb.DuckDBPyConnection, own_hosts: Iterable[str]) -> None:
    """Makes the function of `own_site` known, by which these hosts are the shop's, too.

    What lies below a host is its own. What lies beside it may be another's: a shop has a host of
    its own at the payment service, and is sent visitors by the service's other hosts.
    """
    hosts = tuple(_plain(host).removeprefix("www.") for host in own_hosts)

    @lru_cache(maxsize=1 << 16)
    def is_own(referrer: str, page: str) -> bool:
        if page and site_of(referrer) == site_of(page):
            return True
        return f".{_plain(referrer)}".endswith(tuple(f".{host}" for host in hosts))

    connection.create_function(_FUNCTION, is_own, ["VARCHAR", "VARCHAR"], "BOOLEAN")


def site_of(host: str) -> str:
    """A host's registrable domain; the host itself where it has none, as an address has."""
    plain = _plain(host)
    if _ADDRESS.fullmatch(plain):
        return plain
    return _suffixes().privatesuffix(plain) or plain


def _plain(host: str) -> str:
    """A host in small letters and as the network writes it: xn--mnchen-3ya.de for münchen.de."""
    lowered = host.strip().rstrip(".").lower()
    if lowered.isascii():
        return lowered
    try:
        return lowered.encode("idna").decode()
    except UnicodeError:
        return lowered


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
