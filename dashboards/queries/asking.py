"""How the modules of questions ask: as the viewer, of the reader of this process."""

from dashboards import resources
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def rows(viewer: Viewer, query: str, *, vendor_id: str | None = None, **parameters: object) -> Rows:
    """Return the rows of a question; a vendor is named by an operator and by nobody else."""
    named = {} if vendor_id is None else {"vendor_id": vendor_id}
    return resources.current().reader.rows(viewer, query, **parameters, **named)


def one(
    viewer: Viewer, query: str, *, vendor_id: str | None = None, **parameters: object
) -> Row | None:
    """Return the only row of a question, where there is one."""
    found = rows(viewer, query, vendor_id=vendor_id, **parameters)
    return found[0] if found else None
