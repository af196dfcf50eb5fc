"""Every stream there is; one that is missing here is never copied into the warehouse."""

from operations import (
    accounts,
    preferences,
    sessions,
    thresholds,
    visitor_links,
    work_requests,
)
from operations.segments import saved

STREAMS = (
    accounts.STREAM,
    preferences.STREAM,
    saved.STREAM,
    sessions.STREAM,
    thresholds.STREAM,
    visitor_links.STREAM,
    work_requests.STREAM,
)
