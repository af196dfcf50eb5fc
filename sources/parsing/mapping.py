"""Where each of a feed's columns comes from, with what the contract says of those left out."""

from sources.column_source import ColumnSource
from sources.parsing.places import placed
from sources.parsing.request import ParseRequest


def mapping_of(request: ParseRequest, available: list[str] | None) -> dict[str, ColumnSource]:
    """Where each canonical column comes from; `available` is None where rows name their keys."""
    contract = request.contract
    if request.columns is None:
        mapping = {
            name: ColumnSource(column=name)
            for name in contract.columns
            if available is None or name in available
        }
    else:
        mapping = dict(request.columns)
    if available is not None:
        mapping = {name: placed(each, available, request.name) for name, each in mapping.items()}
    for name, stand_in in contract.defaults.items():
        if name not in mapping and stand_in in mapping:
            mapping[name] = mapping[stand_in]
    return with_own_currency(request, mapping)


def with_own_currency(
    request: ParseRequest, mapping: dict[str, ColumnSource]
) -> dict[str, ColumnSource]:
    """The mapping, with the marketplace's currency where the contract says that it is meant.

    A source that has the column but not in every row is filled up, unless each row must have it.
    """
    column = request.contract.own_currency
    if column is None or request.currency_code is None:
        return mapping
    given = mapping.get("currency_code")
    if given is None:
        return mapping | {"currency_code": ColumnSource(constant=request.currency_code)}
    if column.required or given.default is not None:
        return mapping
    filled = given.model_copy(update={"default": request.currency_code})
    return mapping | {"currency_code": filled}
