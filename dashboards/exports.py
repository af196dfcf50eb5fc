"""Runs of exports as pages show and decide them; what is approved the pipelines send."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from dashboards import resources
from dashboards.viewer import NotAllowed, Viewer, require_operator, vendor_of
from operations import roles
from operations.exports import (
    alerts,
    quality,
    results,
    retries,
    rows,
    runs,
    setups,
    vendor_requests,
)
from operations.exports.alerts import Alerts
from operations.exports.vendor_requests import Asked
from operations.kernel import By, NotPermitted, Refused

# What pages show is typed as the store returns it; they may not import the store.
Correction = quality.Correction
Quality = quality.Quality
Result = results.Result
Retry = retries.Retry
Run = runs.Run
Setup = setups.Setup
Unfound = quality.Unfound
VendorRequest = vendor_requests.VendorRequest

LONGEST_REASON = 500
_MOST_RESULTS = 50


def may_decide(viewer: Viewer) -> bool:
    """Return whether somebody may approve, decline and retry exports."""
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


def setups_of(viewer: Viewer, marketplace: str) -> list[Setup]:
    """Return the exports that are set up, by name.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return setups.setups(resources.current().store, marketplace)


def outcomes(viewer: Viewer, run: Run) -> Sequence[tuple[str, str | None, int]]:
    """Return state, reason and number of a run's rows, the most first.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return rows.reasons(resources.current().store, run.run_id)


def results_of(viewer: Viewer, run: Run) -> Sequence[Result]:
    """Return fifty rows of a run by key, those that did not arrive first.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return results.results(resources.current().store, run.run_id, _MOST_RESULTS)


def decide(viewer: Viewer, run_id: str, reason: str, key: str, *, is_approved: bool) -> bool:
    """Approve or decline a run that is held; returns whether it still was.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    if is_approved:
        return _done(viewer, "decide", lambda store, by: runs.approve(store, run_id, by, key))
    return _done(viewer, "decide", lambda store, by: runs.decline(store, run_id, reason, by, key))


def may_retry(viewer: Viewer, run: Run, others: Sequence[Run]) -> bool:
    """Return whether somebody may ask to send a run again: rows lack, and no newer one has begun.

    `others` are all runs, the newest first.
    """
    newest = next((each for each in others if each.export == run.export), None)
    return may_decide(viewer) and run == newest and retries.lacks_rows(run)


def retries_of(viewer: Viewer, marketplace: str) -> dict[str, Retry]:
    """Return what somebody asked to have sent again and no run has taken up, by run.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    found = retries.waiting(resources.current().store, marketplace)
    return {each.run_id: each for each in found}


def retry(viewer: Viewer, run: Run, key: str) -> bool:
    """Ask that what of a run did not arrive is sent again; returns whether there was anything.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    return _done(
        viewer,
        "retry",
        lambda store, by: retries.ask(store, run.marketplace, run.run_id, by, key),
    )


def may_ask(viewer: Viewer) -> bool:
    """Return whether a vendor's account may ask for an export to the vendor's buyers."""
    return roles.may(viewer.role, roles.ASK_EXPORT) and viewer.vendor_id is not None


def own_requests(viewer: Viewer, marketplace: str) -> list[VendorRequest]:
    """Return what the viewer's vendor asked for, the newest first.

    Raises:
        NotAllowed: the viewer has no vendor.
    """
    return vendor_requests.requests(resources.current().store, marketplace, vendor_of(viewer))


def ask(viewer: Viewer, marketplace: str, group_id: str, key: str) -> None:
    """Ask for an export to a group of the vendor's buyers.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """
    vendor_id = vendor_of(viewer)
    if not may_ask(viewer):
        raise NotAllowed("the account may not ask for exports")
    asked = Asked(key, marketplace, vendor_id, group_id)
    try:
        vendor_requests.ask(
            resources.current().store, asked, By(viewer.account_name, resources.now())
        )
    except Refused as error:
        raise NotAllowed(f"the request was refused: {type(error).__name__}") from error


def requests_of_vendors(viewer: Viewer, marketplace: str) -> list[VendorRequest]:
    """Return what vendors asked for, the newest first.

    Raises:
        NotAllowed: the viewer is no operator, or has no page of exports.
    """
    _require_page(viewer)
    return vendor_requests.requests(resources.current().store, marketplace)


def decide_request(viewer: Viewer, request_id: str, decision: str, reason: str, key: str) -> bool:
    """Approve, decline or end what a vendor asked for; returns whether that still fitted.

    Raises:
        NotAllowed: the viewer may not, by the session or by the account as it is now.
    """

    def command(store: sa.Engine, by: By) -> None:
        if decision == "approve":
            vendor_requests.approve(store, request_id, key, by)
        elif decision == "end":
            vendor_requests.end(store, request_id, key, by)
        else:
            vendor_requests.decline(store, request_id, reason, key, by)

    return _done(viewer, "decide", command)


def _done(viewer: Viewer, verb: str, command: Callable[[sa.Engine, By], object]) -> bool:
    """Return whether a command of somebody who may decide still fitted what is there."""
    if not may_decide(viewer):
        raise NotAllowed(f"the account may not {verb} exports")
    try:
        command(resources.current().store, By(viewer.account_name, resources.now()))
    except NotPermitted as error:
        raise NotAllowed(f"the account may no longer {verb} exports") from error
    except Refused:
        return False
    return True


def _require_page(viewer: Viewer) -> None:
    require_operator(viewer)
    if "operator_exports" not in roles.role_of(viewer.role).pages:
        raise NotAllowed("the account has no page of exports")
