"""What of a vendor's file is taken from the version before: all of it, or the equal tables."""

import shutil
from pathlib import Path

from pipelines.publishing.vendor_contents import Content, Found, Slice
from pipelines.publishing.versions import vendor_file_name


def link_earlier(mine: Slice, content: Content, found: Found) -> bool:
    """Puts the file of the version before in place where it holds just the same; says whether.

    It was checked when it was written, and nobody writes to it again.
    """
    name = vendor_file_name(mine.vendor)
    if mine.job.known.get(name) != content.digests:
        return False
    try:
        Path(mine.job.folder, name).hardlink_to(Path(mine.job.earlier, name))
    except FileNotFoundError:
        return False
    tables, counts = (*mine.job.sliced, *mine.job.shared), (*mine.rows, *mine.job.shared_rows)
    for table, rows in zip(tables, counts, strict=True):
        found.rows[table.name] += rows
    for table_name, gmv in content.gmv.items():
        found.gmv[table_name] += gmv
    return True


def copy_earlier(mine: Slice, path: Path) -> bool:
    """Copies the vendor's file of the version before, if its digests are known; says whether."""
    name = vendor_file_name(mine.vendor)
    if name not in mine.job.known:
        return False
    try:
        shutil.copyfile(Path(mine.job.earlier, name), path)
    except FileNotFoundError:
        return False
    return True
