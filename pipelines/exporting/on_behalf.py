"""Exports for which vendors ask: each request that was approved is an export of its own.

A vendor sees no address and no id. Fewer than ten people are not sent at all, so that no request
reaches somebody whom the vendor can guess (docs/decisions/0036).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from operations.exports import runs, sent, vendor_requests
from operations.exports.vendor_requests import VendorRequest
from pipelines.exporting.definitions import Buyers
from pipelines.exporting.jobs import Job
from pipelines.exporting.running import Ended, dry_run, remove_withdrawn, run_export

LEAST_PEOPLE: Final = 10
_NOBODY: Final = ""
_ID_LENGTH: Final = 8


def jobs_of(job: Job) -> list[Job]:
    """The job, or where it is for vendors one for each request that is approved."""
    if not job.named.export.for_vendors:
        return [job]
    return [_own(job, each, each.group_id) for each in _requests(job) if each.state == "approved"]


def run_all(job: Job, *, is_stale: bool = False) -> Iterator[tuple[str, Ended]]:
    """Runs the export, or that of each request; yields how each ended, by its name.

    While what is published `is_stale`, only who withdrew is removed. Raises as run_export does.
    """
    if is_stale or not job.named.export.for_vendors:
        for each in jobs_of(job):
            yield each.named.name, remove_withdrawn(each) if is_stale else run_export(each)
        return
    for request in _requests(job):
        own = _own(job, request, request.group_id)
        is_there = any(True for _ in sent.sent(job.engine, job.marketplace, own.named.name))
        is_meant = request.state == "approved"
        if is_meant and dry_run(own)[0].counts["after"] < LEAST_PEOPLE:
            is_meant = False
        if not is_meant and not is_there:
            vendor_requests.note_sent(job.engine, request.request_id, 0, job.clock.by)
            continue
        ended = run_export(own) if is_meant else _emptied(_own(job, request, _NOBODY))
        if ended.status != "held":
            people = ended.counts.get("after", 0)
            vendor_requests.note_sent(job.engine, request.request_id, people, job.clock.by)
        yield own.named.name, ended


def _emptied(job: Job) -> Ended:
    """Removes everybody: whoever ended the request has decided it, so no guard asks again."""
    ended = run_export(job)
    if ended.status == "held" and ended.run is not None and ended.counts["after"]:
        # planned before the request was ended
        runs.decline(job.engine, ended.run.run_id, "", job.clock.by)
        ended = run_export(job)
    if ended.status == "held" and ended.run is not None:
        runs.approve(job.engine, ended.run.run_id, job.clock.by)
        ended = run_export(job)
    return ended


def _requests(job: Job) -> list[VendorRequest]:
    found = vendor_requests.requests(job.engine, job.marketplace)
    return [each for each in reversed(found) if each.state in {"approved", "ended"}]


def _own(job: Job, request: VendorRequest, group_id: str) -> Job:
    named = job.named
    name = f"{named.name}_{request.request_id[:_ID_LENGTH]}"
    return replace(job, named=replace(named, name=name, buyers=Buyers(request.vendor_id, group_id)))
