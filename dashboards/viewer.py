"""Who looks at a page, and at which published version."""

from dataclasses import dataclass

from operations import roles
from operations.roles import Audience
from operations.sessions import Session


class NotAllowed(Exception):  # noqa: N818
    """The viewer asked for something that is not theirs; the text is for the log only."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """An identity that came from a server-side session, never from a URL, a widget or a cache.

    The version is pinned for one run of a page, so that all its numbers are of one published state.
    """

    account_name: str
    role: str
    vendor_id: str | None
    version: str
    session: str = ""  # how a log names who it was, without a name

    @property
    def audience(self) -> Audience:
        """Whose data the viewer sees; raises for a role that is not declared."""
        try:
            return roles.role_of(self.role).audience
        except roles.UnknownRoleError as error:
            raise NotAllowed(str(error)) from None


def may_operate(who: Session | Viewer) -> bool:
    """Return whether somebody may run the marketplace's pipelines."""
    return roles.may(who.role, roles.OPERATE) and who.vendor_id is None


def may_see_people(who: Session | Viewer) -> bool:
    """Return whether somebody may see the names of customers and of their contacts."""
    return roles.may(who.role, roles.SEE_PEOPLE) and who.vendor_id is None


def viewer_of(session: Session, version: str, marketplace: str) -> Viewer:
    """Return who a session is in a published version.

    A vendor's account is for one marketplace. In another one's version the same id may be somebody
    else, so the viewer has no vendor there.
    """
    is_elsewhere = session.marketplace is not None and session.marketplace != marketplace
    vendor_id = None if is_elsewhere else session.vendor_id
    return Viewer(session.account_name, session.role, vendor_id, version, named_in_logs(session))


def named_in_logs(session: Session) -> str:
    """Return by what the operational store finds a session and its account; it names nobody."""
    return session.session_hash[:12]


def vendor_of(viewer: Viewer) -> str:
    """Return the vendor a viewer may see; raises for everybody without exactly one."""
    if viewer.audience != "vendor":
        raise NotAllowed("the account is not a vendor's")
    if not viewer.vendor_id or not viewer.vendor_id.strip():
        raise NotAllowed("the account has no vendor")
    return viewer.vendor_id


def require_operator(viewer: Viewer) -> None:
    """Raise unless the viewer may see the whole marketplace."""
    if viewer.audience != "operator" or viewer.vendor_id is not None:
        raise NotAllowed("the account is not an operator's")


def require_download(viewer: Viewer, name: str) -> None:
    """Raise unless the viewer's role may have the list of that name as a file."""
    if name not in roles.role_of(viewer.role).downloads:
        raise NotAllowed(f"the role {viewer.role} has no download {name}")
