"""Asset keys and group names, built here and in translation.py only."""

import dagster as dg

WAREHOUSE_WRITER = "warehouse_writer"

INGEST = "ingest"
PREDICTIONS = "predictions"
PUBLICATION = "publication"
QUALITY = "quality"

SOURCE = "marketplace"
_QUARANTINE_TABLES = {"rows"}


def raw(name: str) -> dg.AssetKey:
    """The key of a loaded table."""
    layer = "quarantine" if name in _QUARANTINE_TABLES else "raw"
    return dg.AssetKey([layer, SOURCE, name])


def prediction(name: str) -> dg.AssetKey:
    """The key of a statistical step's table."""
    return dg.AssetKey(["predictions", name])


def model(*place: str) -> dg.AssetKey:
    """The key of a dbt model: its layer, its folder, its name."""
    return dg.AssetKey(place)


PUBLISHED_WAREHOUSE = dg.AssetKey(["published", "warehouse"])
CHECK_RESULTS = raw("check_results")
EXPORT_RESULTS = dg.AssetKey(["exports", "check_results"])
REPLAYS = raw("requested_replays")
LEDGER = tuple(raw(name) for name in ("loads", "feeds", "feed_days", "rows"))
