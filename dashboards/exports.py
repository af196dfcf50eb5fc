"""Runs of exports as pages show and decide them; what is approved the pipelines send."""

from collections.abc import Sequence

from dashboards import resources
from dashboards.viewer import NotAllowed, Viewer, require_operator
from operations import roles
from operations.exports import alerts, rows, runs
from operations.exports.alerts import Alerts
from operations.exports.runs import Run
from operations.kernel import By, NotPermitted, Refused

LONGEST_REASON = 500


def may_decide(viewer: Viewer) -> bool:
    """Return whether somebody may approve and decline exports."""
    return roles.may(viewer.role, roles.EXPORT) and viewer.vendor_id is None


def runs_of(viewer: Viewer, marketplace: str) -> list[Run]:
    """Return the runs of a marketplace's exports, the newest first.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return runs.runs(resources.current().store, marketplace)


def alerts_of(viewer: Viewer, marketplace: str) -> list[Alerts]:
    """Return the exports with which something is wrong, by name.

    Raises:
        NotAllowed: the viewer is no operator.
    """
    require_operator(viewer)
    return alerts.raised(resources.current().store, marketplace)


def outcomes(viewer: Viewer, run: Run) -> Sequence[tuple[str, str | None, int]]:
    """Return state, reason and number of a run's rows, the most first.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return rows.reasons(resources.current().store, run.run_id)


def decide(viewer: Viewer, run_id: str, reason: str, key: str, *, is_approved: bool) -> bool:
    """Approve or decline a run that is held; returns whether it still was.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    if not may_decide(viewer):
        raise NotAllowed("the account may not decide exports")
    store, by = resources.current().store, By(viewer.account_name, resources.now())
    try:
        if is_approved:
            runs.approve(store, run_id, by, key)
        else:
            runs.decline(store, run_id, reason, by, key)
    except NotPermitted as error:
        raise NotAllowed("the account may not decide exports") from error
    except Refused:
        return False
    return True


def _require_page(viewer: Viewer) -> None:
    require_operator(viewer)
    if "operator_exports" not in roles.role_of(viewer.role).pages:
        raise NotAllowed("the account has no page of exports")
