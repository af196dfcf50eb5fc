"""The suite of people who leave for a destination: what is looked at in the file of a run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from data_quality import expectations as expect
from data_quality.rules import Rule, Suite
from output.findings.finding import Finding

KEY: Final = "row_key"
# Pipelines ask these of each row.
IS_PERMITTED: Final = "is_permitted"
HAS_CONSENT_VERSION: Final = "has_consent_version"
IS_PLAIN: Final = "is_plain"
IS_ADDRESS: Final = "_is_address"
# A wrong address is refused by itself; where half of them are none, columns were exchanged.
_ADDRESS_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class LeavingContract:
    """What an export says of its rows.

    `columns` are its fields. `addresses` are those of them that reach people, and `hashed` those
    that are hashed on their way out.
    """

    export: str
    columns: Sequence[str]
    addresses: Collection[str]
    hashed: Collection[str]


def leaving_suite(contract: LeavingContract) -> Suite:
    """The suite of an export; all of its rules stop it."""
    rules = [
        expect.exact_columns([KEY, *contract.columns]),
        expect.unique([KEY]),
        _each(IS_PERMITTED, "export_row_permitted"),
        _each(HAS_CONSENT_VERSION, "export_row_has_consent"),
    ]
    if contract.hashed:
        rules.append(_each(IS_PLAIN, "export_row_is_plain"))
    rules += [
        expect.holds(
            f"{column}{IS_ADDRESS}",
            Finding.of("export_column_reaches", column=column),
            mostly=_ADDRESS_MOSTLY,
            blocks_below=_ADDRESS_MOSTLY,
        )
        for column in contract.addresses
    ]
    name = f"leaving/{contract.export}"
    return Suite(name=name, title=f"Export {contract.export}", rules=tuple(rules))


def _each(column: str, demand: str) -> Rule:
    return expect.holds(column, Finding.of(demand), mostly=1.0, blocks_below=1.0)
