"""What a worker is asked to do and what it answers; both travel as lines of JSON."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from output.findings.finding import Finding


class SlicedTable(BaseModel):
    """One table of a vendor's file."""

    model_config = ConfigDict(frozen=True)

    name: str
    relation: str
    types: dict[str, str]
    sort: str
    is_shared: bool

    @property
    def has_gmv(self) -> bool:
        """Whether its gmv can be added up."""
        return self.types.get("gmv", "").startswith("DECIMAL")


class VendorJob(BaseModel):
    """A run of vendors, neighbours in the database's order, and how to write their files."""

    model_config = ConfigDict(frozen=True)

    warehouse: str
    catalog: str
    folder: str
    scratch: str  # for what does not fit into memory
    workshop: str  # where a file is made before it is copied into the folder
    vendors: list[str]
    rows: list[list[int]]  # by vendor, then by sliced table
    shared_rows: list[int]  # by shared table
    tables: list[SlicedTable]
    earlier: str = ""  # the folder of the files of the version before
    known: dict[str, dict[str, str]] = {}  # their tables' digests, by the name of the file

    @property
    def sliced(self) -> list[SlicedTable]:
        """The tables of which a vendor gets its own rows."""
        return [table for table in self.tables if not table.is_shared]

    @property
    def shared(self) -> list[SlicedTable]:
        """The tables that are the same for all."""
        return [table for table in self.tables if table.is_shared]


class VendorReport(BaseModel):
    """How far a worker is, and in the last line what it made."""

    kind: Literal["progress", "done", "failed"]
    files: int = 0
    rows: dict[str, int] = {}
    gmv: dict[str, str] = {}
    digests: dict[str, dict[str, str]] = {}  # of each file's tables, by the file's name
    reasons: list[Finding] = []

    @classmethod
    def failed(cls, why: Finding) -> Self:
        """The answer of a worker that stopped, with why."""
        return cls(kind="failed", reasons=[why])
