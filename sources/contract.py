"""The contract of a feed: its typed columns, key, version, event time and marks."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from sources.errors import ConfigurationError

ColumnType = Literal[
    "text",
    "integer",
    "decimal(18,2)",
    "decimal(18,3)",
    "decimal(18,4)",
    "decimal(18,6)",
    "boolean",
    "date",
    "timestamp",
]
# The kind of system that usually holds a feed; a marketplace may say otherwise.
System = Literal[
    "shop",
    "oms",
    "erp",
    "pim",
    "crm",
    "cms",
    "tracking",
    "marketing",
    "helpdesk",
    "vendor_portal",
    "reference",
    "operations",
]
# What Kontor fills by itself from its operational store; no marketplace delivers it.
OWN_SYSTEM: System = "operations"
Delivery = Literal["daily", "weekly", "monthly", "occasional"]


@dataclass(frozen=True, slots=True)
class Windows:
    """From which age on a feed is late, and from which it is stale."""

    warn_after: timedelta
    error_after: timedelta


# One delivery may fail, or fall on a holiday, before somebody is told; a week of silence is a fault
# of the connection. What comes occasionally is never late.
_WINDOWS: dict[Delivery, Windows] = {
    "daily": Windows(timedelta(days=2), timedelta(days=7)),
    "weekly": Windows(timedelta(days=9), timedelta(days=21)),
    "monthly": Windows(timedelta(days=35), timedelta(days=70)),
}
DELETED = "is_deleted"
# How sources write booleans, in small letters.
TRUE_WORDS = ("true", "t", "1", "yes", "y", "ja", "j", "oui", "si", "sí", "да")
FALSE_WORDS = ("false", "f", "0", "no", "n", "nein", "non", "нет")
_SQL_TYPES = {"text": "varchar", "integer": "bigint"}


class Column(BaseModel):
    """One column of a feed and what its values must satisfy.

    `keeps_out` names what is taken out of values before they are looked at: `address` empties an id
    that holds an e-mail address, an object or free text, `address_in_key` replaces it by its hash,
    `query` leaves the path of a URL alone, without addresses in it, `person` a search term that is
    no address and holds no number of four digits and more. A time that is a `deadline`
    ends with its day where it comes as a day alone. `left_out` says whose value is meant where the
    source gives none: the marketplace's, which the loader writes, or that of the order which the
    row names (without an order the marketplace's), which the models look up. `else_from` names
    columns of other feeds, each found by that feed's key, that give what a row leaves out; where a
    marketplace maps one of them, the column is not required.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ColumnType
    description: str
    required: bool = False
    personal: bool = False
    default: str | None = None
    allowed: tuple[str, ...] | None = None
    above: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    references: str | None = None
    keeps_out: Literal["address", "address_in_key", "query", "person"] | None = None
    deadline: bool = False
    left_out: Literal["marketplace", "order"] | None = None
    else_from: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether its values are whole numbers or decimals."""
        return self.type == "integer" or self.type.startswith("decimal")

    @property
    def places(self) -> int:
        """How many decimals it keeps; none where it is no decimal."""
        return int(self.type.split(",")[1].rstrip(")")) if self.type.startswith("decimal") else 0

    @property
    def sql_type(self) -> str:
        """The column's type in the warehouse."""
        return _SQL_TYPES.get(self.type, self.type)


class Contract(BaseModel):
    """What a feed must deliver and how two rows of one key are told apart.

    `essential` are the columns whose misfits put a row into the quarantine; of the others only the
    value is emptied, and counted. Without it all are. Rows that agree in `unit` are delivered
    together: what a later delivery of them lacks is gone.
    `amounts` are columns whose product is an amount of money, and must be one that can be believed.
    `delivery` is how often something new is expected; `what_depends` says in words what is empty or
    old without the feed, where anything is made from it. `blank_without` names, per consent, the
    columns that are emptied where that consent was refused. Feeds whose raw text is not kept show
    rows of the quarantine by file and line alone. `repeats_are_judged` is false where one file may
    say different things of a key and none is to be preferred: trackers send an event again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: str
    title: str
    description: str
    system: System
    delivery: Delivery
    key: tuple[str, ...]
    columns: dict[str, Column]
    version: str | None = None
    event_time: str | None = None
    what_depends: str | None = None
    required_feed: bool = False
    require_one_of: tuple[tuple[str, ...], ...] = ()
    amounts: tuple[tuple[str, ...], ...] = ()
    essential: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    defaults: dict[str, str] = {}
    blank_without: dict[str, tuple[str, ...]] = {}
    keeps_raw_text: bool = True
    late_after_days: int = 3
    repeats_are_judged: bool = True

    @model_validator(mode="after")
    def _says_what_is_deleted(self) -> "Contract":
        mark = self.columns.get(DELETED)
        if mark is None or mark.type != "boolean" or mark.required:
            raise ValueError(
                f"contract {self.feed} needs the column {DELETED}: {{type: boolean}}, which must "
                "be optional; the loader needs it for every row"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> "Contract":
        named = {*self.key, *self.defaults, *self.defaults.values(), *self.essential, *self.unit}
        named |= {name for group in (*self.require_one_of, *self.amounts) for name in group}
        named |= {name for name in (self.version, self.event_time) if name}
        named |= {*self.blank_without, *(n for names in self.blank_without.values() for n in names)}
        unknown = named - set(self.columns)
        if unknown:
            raise ValueError(f"contract {self.feed} names unknown columns: {sorted(unknown)}")
        return self

    @model_validator(mode="after")
    def _says_what_is_left_out(self) -> "Contract":
        rules = {name: column.left_out for name, column in self.columns.items() if column.left_out}
        if set(rules) - {"currency_code"}:
            raise ValueError(f"contract {self.feed}: left_out is for currency_code alone")
        if "order" in rules.values() and "order_id" not in self.columns:
            raise ValueError(f"contract {self.feed} names no order whose currency could be meant")
        if "order" in rules.values() and self.columns["currency_code"].required:
            raise ValueError(f"contract {self.feed}: what may be left out cannot be required")
        return self

    @property
    def own_currency(self) -> Column | None:
        """The currency's column where the marketplace's is meant by what is left out."""
        column = self.columns.get("currency_code")
        return column if column is not None and column.left_out == "marketplace" else None

    @property
    def windows(self) -> Windows | None:
        """How old the feed may grow; nothing for one that comes occasionally."""
        return _WINDOWS.get(self.delivery)

    @property
    def is_own(self) -> bool:
        """Whether Kontor fills the feed by itself, from its operational store."""
        return self.system == OWN_SYSTEM

    @property
    def stored_columns(self) -> dict[str, Column]:
        """The columns that the warehouse keeps under their own names: all but the delete mark."""
        return {name: column for name, column in self.columns.items() if name != DELETED}

    @property
    def parents(self) -> tuple[str, ...]:
        """The references outside of the key that a row should have: what the row is a part of."""
        needed = {name for group in self.require_one_of for name in group}
        needed |= {name for name, column in self.columns.items() if column.else_from}
        return tuple(
            name
            for name, column in self.columns.items()
            if (column.required or name in needed) and column.references and name not in self.key
        )

    @property
    def id_columns(self) -> frozenset[str]:
        """The columns of text that tell which thing a row is or speaks of."""
        return frozenset(
            name
            for name, column in self.columns.items()
            if column.type == "text"
            and (name in self.key or column.references or name.endswith("_id"))
        )

    @property
    def personal_columns(self) -> tuple[str, ...]:
        """The columns whose values speak of a person."""
        return tuple(name for name, column in self.columns.items() if column.personal)


def contract_of(file: str, document: Any) -> Contract:
    """The contract that a file holds.

    Raises:
        ConfigurationError: with one line per problem, each naming the file and the place in it.
    """
    try:
        return Contract.model_validate(document)
    except ValidationError as error:
        places = [
            (".".join(str(part) for part in item["loc"]), item["msg"].removeprefix("Value error, "))
            for item in error.errors()
        ]
        raise ConfigurationError(
            [f"sources/contracts/{file}: {f'{at}: ' if at else ''}{what}" for at, what in places]
        ) from None


def reference_of(contract: Contract, name: str) -> tuple[str, dict[str, str]]:
    """The feed that a column refers to, and which of its columns each of ours must equal.

    Where that feed's key has further columns, ours of the same names are meant: a return names a
    line by its number within the return's own order.
    """
    feed, _, column = str(contract.columns[name].references).partition(".")
    further = (part for part in all_contracts()[feed].key if part != column)
    return feed, {name: column, **{part: part for part in further if part in contract.columns}}


@cache
def all_contracts() -> dict[str, Contract]:
    """Every contract that ships with Kontor, by feed, required feeds first.

    Raises:
        ConfigurationError: one of them is wrong.
    """
    folder = resources.files("sources") / "contracts"
    # libyaml reads them in a fifth of the time, where PyYAML was built with it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    contracts = [
        contract_of(
            entry.name,
            yaml.load(entry.read_text(encoding="utf-8"), Loader=loader),  # noqa: S506 - a safe loader
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".yml")
    ]
    contracts.sort(key=lambda contract: (not contract.required_feed, contract.feed))
    return {contract.feed: contract for contract in contracts}


def own_feeds() -> tuple[str, ...]:
    """The feeds that Kontor fills by itself, in every marketplace."""
    return tuple(feed for feed, contract in all_contracts().items() if contract.is_own)
