"""What the pages ask the pipelines to do: rows in the operational store, never work."""

from uuid import uuid4

from dashboards import resources
from dashboards.viewer import NotAllowed, Viewer, may_operate, require_operator
from operations import roles
from operations.kernel import By, ChangedMeanwhile, NotPermitted, Refused
from operations.segments import saved
from operations.segments.reading import RuleError
from operations.segments.saved import NewVersion, SegmentRefusedError, Version
from operations.work_requests import (
    NewRequest,
    WorkRequest,
    latest_requests,
    request_work,
)
from output.findings.finding import Finding


def new_request_id() -> str:
    """Return an id for one press of a button; pressed twice with the same id it is one request."""
    return uuid4().hex


def request_replay(viewer: Viewer, marketplace: str, feed: str, request_id: str) -> WorkRequest:
    """Ask for a replay of the quarantine; an empty feed means all of it.

    Raises:
        NotAllowed: the viewer is no operator, by the session or by the account as it is now.
    """
    if not may_operate(viewer):
        raise NotAllowed("the account may not ask for a replay")
    by = By(viewer.account_name, resources.now())
    try:
        return request_work(
            resources.current().store, NewRequest(request_id, marketplace, feed), by
        )
    except Refused as error:
        raise NotAllowed(f"the request was refused: {type(error).__name__}") from error


def latest_replays(viewer: Viewer, marketplace: str, limit: int) -> list[WorkRequest]:
    """Return who asked for replays and what became of them, the newest first."""
    require_operator(viewer)
    return latest_requests(resources.current().store, marketplace, limit)


def may_edit_segments(viewer: Viewer) -> bool:
    """Return whether somebody may save and retire segments."""
    return roles.may(viewer.role, roles.SEGMENT) and viewer.vendor_id is None


def saved_segments(viewer: Viewer, marketplace: str) -> dict[str, Version]:
    """Return the newest version of every segment that was saved, by its name.

    Raises:
        NotAllowed: the viewer may not edit segments.
    """
    _require_segments(viewer)
    return saved.current(resources.current().store, marketplace)


def versions_of_segment(viewer: Viewer, marketplace: str, segment_id: str) -> list[Version]:
    """Return all versions of a segment, the newest first.

    Raises:
        NotAllowed: the viewer may not edit segments.
    """
    _require_segments(viewer)
    return saved.versions(resources.current().store, marketplace, segment_id)


def save_segment(viewer: Viewer, new: NewVersion) -> Version | Finding:
    """Save a version of a segment; returns it, or why not.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    _require_segments(viewer)
    store, by = resources.current().store, By(viewer.account_name, resources.now())
    try:
        return saved.save(store, new, by)
    except RuleError as error:
        return error.problems[0].finding
    except Refused as refused:
        return _why(refused)


def retire_segment(
    viewer: Viewer, marketplace: str, segment_id: str, reason: str, key: str
) -> Version | Finding:
    """Retire a segment; returns its last version, or why not.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    _require_segments(viewer)
    store, by = resources.current().store, By(viewer.account_name, resources.now())
    try:
        return saved.retire(store, marketplace, segment_id, reason, key, by)
    except Refused as refused:
        return _why(refused)


def _why(refused: Refused) -> Finding:
    if isinstance(refused, NotPermitted):
        raise NotAllowed("the account may not edit segments") from refused
    if isinstance(refused, SegmentRefusedError):
        return refused.finding
    if isinstance(refused, ChangedMeanwhile):
        return Finding.of("segment_changed")
    raise NotAllowed(f"the command was refused: {type(refused).__name__}") from refused


def _require_segments(viewer: Viewer) -> None:
    require_operator(viewer)
    if not may_edit_segments(viewer):
        raise NotAllowed("the account may not edit segments")
