"""Which tables are published, and what each promises, as dbt's manifest says."""

from dataclasses import dataclass

from pipelines.dbt.manifest import VENDOR, Column, Manifest


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A relation of the warehouse and the table it becomes in a published file's schema marts.

    Of a mart, vendors get a table of their own: a part of its columns.
    """

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
    """The marts for the operator, and what leaves for vendors."""
    return PublishedTables(
        catalog=manifest.catalog,
        operator=tuple(
            PublishedTable(mart.name, mart.schema, mart.relation, mart.columns)
            for mart in manifest.marts
        ),
        vendor=tuple(
            PublishedTable(
                name=export.table,
                schema=export.model.schema,
                relation=export.model.relation,
                columns=export.columns,
                is_shared=export.model.is_shared,
            )
            for export in manifest.exports(VENDOR)
        ),
    )
