"""dbt's sources of the feeds: one file per system, made from the contracts of its feeds."""

from collections.abc import Iterable, Iterator

from pipelines.docs_pages.yaml_text import quoted
from sources.contract import Contract, Windows

_HEAD = """# Made from sources/contracts by `make docs`; edit the contracts, not this file.
sources:
  - name: {system}
    description: >
      The feeds that this system usually holds, as the loader left them. One row per key.
    schema: raw
    config: {{loaded_at_field: _recorded_at}}
    tables:
"""


def dbt_sources(contracts: Iterable[Contract]) -> dict[str, str]:
    """The YAML of each system's sources by its path below models/staging."""
    by_system: dict[str, list[Contract]] = {}
    for contract in sorted(contracts, key=lambda contract: contract.feed):
        by_system.setdefault(contract.system, []).append(contract)
    return {
        f"{system}/_{system}__sources.yml": _HEAD.format(system=system)
        + "".join(line for contract in held for line in _table(contract))
        for system, held in sorted(by_system.items())
    }


def _table(contract: Contract) -> Iterator[str]:
    yield f"      - name: {contract.feed}\n"
    yield f"        identifier: {contract.feed}_current\n"
    yield f"        description: {quoted(contract.description)}\n"
    if contract.windows:
        yield f"        config: {{freshness: {_freshness(contract.windows)}}}\n"


def _freshness(windows: Windows) -> str:
    spans = {"warn_after": windows.warn_after, "error_after": windows.error_after}
    limits = [f"{name}: {{count: {span.days}, period: day}}" for name, span in spans.items()]
    return f"{{{', '.join(limits)}}}"
