"""Asset keys and group names, built here and in translation.py only."""

import dagster as dg

from sources.contract import all_contracts

WAREHOUSE_WRITER = "warehouse_writer"

INGEST = "ingest"
PREDICTIONS = "predictions"
PUBLICATION = "publication"
# The name of the folder of its marts too, so that all of it stands together in Dagster.
QUALITY = "data_quality"
BUILDS = "builds"
NIGHTLY = "nightly"
SEGMENTATION = "segmentation"
# Not the models of the layer exports, which every run builds.
EXPORTS = "deliveries"

# The system, beside those that deliver feeds, whose tables the pipelines write of their own work.
_OWN_SYSTEM = "kontor"
_QUARANTINE_TABLES = {"rows"}
# One asset writes them all.
_WRITTEN_WITH = dict.fromkeys(
    ("stale_session_days", "stale_visitors", "public_holidays"), "stale_days"
)
# All versions of a feed's rows, which the feed's asset keeps.
_VERSIONS_OF = {"vendor_versions": "vendors"}


def raw(feed: str) -> dg.AssetKey:
    """The key of a feed's table, under the system that usually holds the feed."""
    return dg.AssetKey(["raw", all_contracts()[feed].system, feed])


def own(name: str) -> dg.AssetKey:
    """The key of a table in which the pipelines account for their work."""
    layer = "quarantine" if name in _QUARANTINE_TABLES else "raw"
    name = _WRITTEN_WITH.get(name, name)
    return dg.AssetKey([layer, _OWN_SYSTEM, name])


def source(name: str) -> dg.AssetKey:
    """The key of what dbt calls a source."""
    feed = _VERSIONS_OF.get(name, name)
    return raw(feed) if feed in all_contracts() else own(name)


def prediction(name: str) -> dg.AssetKey:
    """The key of a statistical step's table."""
    return dg.AssetKey(["predictions", name])


def model(*place: str) -> dg.AssetKey:
    """The key of a dbt model: its layer, its folder, its name."""
    return dg.AssetKey(place)


def export(destination: str, name: str) -> dg.AssetKey:
    """The key of an export: its destination, its name."""
    return dg.AssetKey(["exports", destination, name])


PUBLISHED_WAREHOUSE = dg.AssetKey(["published", "warehouse"])
CHECK_RESULTS = own("check_results")
EXPORT_RESULTS = dg.AssetKey(["exports", "check_results"])
REPLAYS = own("requested_replays")
STALE_DAYS = own("stale_days")
SEGMENT_MEMBERS = own("segment_members")
SEGMENTS = own("segments")
WIN_BACK_LISTINGS = own("win_back_listings")
MODEL_BUILDS = own("model_builds")
REBUILT_DAYS = own("rebuilt_days")
LEDGER = tuple(own(name) for name in ("loads", "feeds", "feed_days", "rows"))
