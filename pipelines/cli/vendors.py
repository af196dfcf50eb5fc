"""The vendors for which an account can be created: those of the published version."""

from pathlib import Path

from pipelines.publishing.operator_file import open_operator_file
from pipelines.runs.last_run import current_manifest
from sources.mapping_checks import suggestion


class UnknownVendorError(Exception):
    """No such vendor is published; the message says what to do."""


def marketplace_of(published: Path, vendor_id: str) -> str:
    """The name of the published marketplace, if it has the vendor.

    Raises:
        UnknownVendorError: it does not, or nothing is published; the account would see nothing.
        FileHeldError: another program has the published file open for writing.
    """
    manifest = current_manifest(published)
    if manifest is None:
        raise UnknownVendorError(
            f"nothing is published in {published}, so no vendors are known yet; run `kontor run` "
            "first, then add the account"
        )
    with open_operator_file(published, str(manifest["version"])) as connection:
        rows = connection.execute("select vendor_id from marts.dim_vendors order by 1").fetchall()
    known = [str(row[0]) for row in rows]
    if vendor_id not in known:
        hint = suggestion(vendor_id, known) if known else "it has no vendors"
        raise UnknownVendorError(
            f"marketplace {manifest['marketplace']} has no vendor {vendor_id!r}; {hint}"
        )
    return str(manifest["marketplace"])
