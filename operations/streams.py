"""Every stream there is; one that is missing here is never copied into the warehouse."""

from operations import (
    accounts,
    preferences,
    sessions,
    thresholds,
    visitor_links,
    work_requests,
)
from operations.exports import alerts as export_alerts
from operations.exports import retries as export_retries
from operations.exports import runs as export_runs
from operations.exports import setups as export_setups
from operations.exports import vendor_requests
from operations.segments import saved

STREAMS = (
    accounts.STREAM,
    export_alerts.STREAM,
    export_retries.STREAM,
    export_runs.STREAM,
    export_setups.STREAM,
    preferences.STREAM,
    saved.STREAM,
    sessions.STREAM,
    thresholds.STREAM,
    vendor_requests.STREAM,
    visitor_links.STREAM,
    work_requests.STREAM,
)
