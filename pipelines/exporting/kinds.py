"""The kinds of destinations, by the name that a destination's file gives them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.exporting.destination import Kind
from pipelines.exporting.destinations import (
    folder,
    google_customer_match,
    mailchimp,
    meta_custom_audience,
    s3,
    sftp,
    webhook,
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "folder": folder.KIND,
        "google_customer_match": google_customer_match.KIND,
        "mailchimp": mailchimp.KIND,
        "meta_custom_audience": meta_custom_audience.KIND,
        "s3": s3.KIND,
        "sftp": sftp.KIND,
        "webhook": webhook.KIND,
    }
)
