"""Which tables are published, and what each promises, as dbt's manifest says."""

from dataclasses import dataclass

from pipelines.dbt.manifest import Column, Manifest, Model

VENDOR = "vendor"
VENDOR_PREFIX = "exp_vendor__"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A relation of the warehouse and the table it becomes in a published file's schema marts."""

    name: str
    schema: str
    relation: str
    columns: tuple[Column, ...]
    is_shared: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the promised columns."""
        return tuple(column.name for column in self.columns)

    def has(self, *names: str) -> bool:
        """Whether all of these columns are promised."""
        return set(names) <= set(self.column_names)


@dataclass(frozen=True, slots=True)
class PublishedTables:
    """Everything that is published from one warehouse."""

    catalog: str  # views name their catalog, so the warehouse has to be attached under it
    operator: tuple[PublishedTable, ...]
    vendor: tuple[PublishedTable, ...]


def published_tables(manifest: Manifest) -> PublishedTables:
    """The marts for the operator and the exports for vendors."""
    return PublishedTables(
        catalog=manifest.catalog,
        operator=tuple(_table(model) for model in manifest.marts),
        vendor=tuple(_table(model) for model in manifest.exports(VENDOR)),
    )


def _table(model: Model) -> PublishedTable:
    name = model.name.removeprefix(VENDOR_PREFIX)
    return PublishedTable(name, model.schema, model.relation, model.columns, model.is_shared)
