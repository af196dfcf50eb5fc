"""What the gate reads from a request before anybody else sees it."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Scope

from dashboards.words.languages import (
    LANGUAGE_PARAMETER,
    Language,
    known_language,
    language_of,
)
from dashboards.words.words import Words, words_in

# The one way in which an identity travels from the gate to the pages.
IDENTITY_HEADER = "x-kontor-sid"

_LONGEST_FORM = 4096

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the dashboards are reached, as far as a request is concerned."""

    allowed_hosts: frozenset[str]
    is_secure: bool

    @property
    def cookie_name(self) -> str:
        """The session cookie; behind TLS the browser enforces Secure, Path=/ and no Domain."""
        return "__Host-kontor_sid" if self.is_secure else "kontor_sid"

    def known_browser_cookie(self, account_name: str) -> str:
        """The cookie that says that this account signed in here before; each has its own."""
        name = f"kontor_known_{sha256(account_name.encode()).hexdigest()[:12]}"
        return f"__Secure-{name}" if self.is_secure else name


def values_of(scope: Scope, name: str) -> list[str]:
    """Return every value of a header, in the order they came."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted]


def language_asked(scope: Scope) -> Language | None:
    """Return the language that the address names, if it is one that is spoken here."""
    return known_language(QueryParams(scope["query_string"]).get(LANGUAGE_PARAMETER))


def words_for(scope: Scope) -> Words:
    """Return the words of whoever asks: of the address, the account or the browser."""
    session = scope.get("kontor.session")
    chosen = session.preferences.language if session is not None else None
    accepted = ",".join(values_of(scope, "accept-language"))
    return words_in(language_of(language_asked(scope), chosen, accepted))


def is_visit(scope: Scope) -> bool:
    """Return whether a person goes to the address, by what the browser says of its request."""
    return values_of(scope, "sec-fetch-mode") == ["navigate"]


def has_allowed_host(scope: Scope, surroundings: Surroundings) -> bool:
    """Return whether the request names exactly one host, and one of ours."""
    hosts = values_of(scope, "host")
    if len(hosts) != 1:
        return False
    return _host_name(hosts[0]) in surroundings.allowed_hosts


def has_own_origin(scope: Scope, surroundings: Surroundings) -> bool:
    """Return whether the request comes from one of our own pages."""
    origins, hosts = values_of(scope, "origin"), values_of(scope, "host")
    if len(origins) != 1 or len(hosts) != 1:
        return False
    if any(site not in {"same-origin", "none"} for site in values_of(scope, "sec-fetch-site")):
        return False
    origin = urlsplit(origins[0])
    schemes = {"https"} if surroundings.is_secure else {"http", "https"}
    return origin.scheme in schemes and origin.netloc.lower() == hosts[0].lower()


def only_cookie(scope: Scope, name: str) -> str | None:
    """Return the cookie of that name; two different ones are as good as none."""
    found = {
        value
        for header in values_of(scope, "cookie")
        for key, value in _pairs(header.split(";"))
        if key == name and value
    }
    return found.pop() if len(found) == 1 else None


def telling_address(scope: Scope) -> str | None:
    """Return whom the address tells from others; nothing on loopback, where all have the same.

    One person may take any of the addresses behind the first half of an IPv6 address.
    """
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address is None or address.is_loopback:
        return None
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)


def local_path(wanted: str) -> str:
    r"""Return a path on this site; anything that a browser could read as another site is "/"."""
    try:
        parts = urlsplit(wanted)
    except ValueError:  # a bracket without its other half
        return "/"
    is_plain = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable()
    if not is_plain or "\\" in wanted or parts.scheme or parts.netloc:
        return "/"
    return "/" if parts.path in {"/login", "/logout"} else wanted


def in_language(path: str, language: Language | None) -> str:
    """Return a path of this site that names a language, or none."""
    parts = urlsplit(path)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name != LANGUAGE_PARAMETER
    ]
    if language is not None:
        query.append((LANGUAGE_PARAMETER, language))
    return parts._replace(query=urlencode(query)).geturl()


async def small_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; a large body is not one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def without_identity(headers: Headers) -> Headers:
    """Return the headers without anything that some layer could take for an identity."""
    return [(name, value) for name, value in headers if not _is_identity(name)]


def _is_identity(name: bytes) -> bool:
    return name.decode("latin-1").strip().lower().replace("_", "-") == IDENTITY_HEADER


def _pairs(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        key, _, value = part.partition("=")
        yield key.strip(), value.strip()


def _host_name(host: str) -> str | None:
    """Return the host without its port, or nothing when it is not a plain host."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises for a port that is not one
    except ValueError:
        return None
    if parts.username or parts.path or parts.query or parts.fragment or parts.hostname is None:
        return None
    name = parts.hostname.lower().rstrip(".")
    return f"[{name}]" if ":" in name else name
