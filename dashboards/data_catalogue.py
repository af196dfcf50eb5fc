"""What a published version says of its tables and metrics: their meaning, SQL and origin."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Published(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DescribedColumn(_Published):
    """What a column means, and whether it is personal data."""

    description: str = ""
    # A column of which nobody said that it is not.
    is_personal: bool = True


class DescribedTable(_Published):
    """What a table means, and the SQL, models, feeds and pages around it."""

    description: str = ""
    columns: Mapping[str, DescribedColumn] = {}
    sql: str = ""
    models: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class Held(_Published):
    """A column of a table that holds a metric."""

    table: str
    column: str


class DataCatalogue(_Published):
    """All tables and metrics of a version; empty in a version from before there was one."""

    tables: Mapping[str, DescribedTable] = {}
    metrics: Mapping[str, tuple[Held, ...]] = {}


def read_data_catalogue(published: Path, version: str) -> DataCatalogue:
    """Return what a version says of its tables and metrics."""
    try:
        text = (published / version / "catalogue.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return DataCatalogue()
    return DataCatalogue.model_validate_json(text)
