"""Who looks at a page, and at which published version."""

from dataclasses import dataclass
from typing import Literal


class NotAllowed(Exception):  # noqa: N818
    """The viewer asked for something that is not theirs; the text is for the log only."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """An identity that came from a server-side session, never from a URL, a widget or a cache.

    The version is pinned for one run of a page, so that all its numbers are of one published state.
    """

    account_name: str
    role: Literal["operator", "analyst", "vendor"]
    vendor_id: str | None
    version: str


def vendor_of(viewer: Viewer) -> str:
    """Return the vendor a viewer may see; raises for everybody without exactly one."""
    if viewer.role != "vendor":
        raise NotAllowed(f"{viewer.account_name} is not a vendor")
    if not viewer.vendor_id or not viewer.vendor_id.strip():
        raise NotAllowed(f"{viewer.account_name} has no vendor")
    return viewer.vendor_id


def require_operator(viewer: Viewer) -> None:
    """Raise unless the viewer may see the whole marketplace."""
    if viewer.role not in {"operator", "analyst"} or viewer.vendor_id is not None:
        raise NotAllowed(f"{viewer.account_name} is not an operator")
