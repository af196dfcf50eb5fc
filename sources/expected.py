"""What a contract asks of files whose rows may leave to other feeds what those say, too."""

from collections.abc import Mapping

from sources.column_source import ColumnSource
from sources.contract import Contract, all_contracts
from sources.mapping_checks import elsewhere
from sources.marketplace import Marketplace


def expected_of(
    marketplace: Marketplace, contract: Contract, *mappings: Mapping[str, ColumnSource] | None
) -> Contract:
    """The contract for files of these mappings; what another feed gives is not required there.

    Files without a mapping use our names and hold all that is required.
    """
    feeds = {
        feed: [entry.columns for entry in entries] for feed, entries in marketplace.feeds.items()
    }
    left_out = {
        name: column.model_copy(update={"required": False})
        for name, column in contract.columns.items()
        for mapping in mappings
        if elsewhere(column.else_from, mapping or {}, feeds, all_contracts())
    }
    if not left_out:
        return contract
    return contract.model_copy(update={"columns": contract.columns | left_out})
