"""What the pages ask the pipelines to do: rows in the operational store, never work."""

from uuid import uuid4

from dashboards import resources
from dashboards.viewer import NotAllowed, Viewer, may_operate, require_operator
from operations.kernel import By, Refused
from operations.work_requests import (
    NewRequest,
    WorkRequest,
    latest_requests,
    request_work,
)


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
