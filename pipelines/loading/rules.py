"""Everything but the bytes that decides how a file is read, as a short hash."""

import hashlib

import orjson

from sources.connectors.files import SourceFile
from sources.contract import Contract
from sources.expected import expected_of
from sources.file_feeds import FileFeed
from sources.marketplace import Marketplace

# Raised whenever the same bytes would be read differently, so that they are read again.
PARSER_VERSION = 6


def rules_version(marketplace: Marketplace, contract: Contract, spec: FileFeed) -> str:
    """A short hash of everything but the bytes that decides how a file is read."""
    expected = expected_of(marketplace, contract, spec.columns)
    parts: dict[str, object] = {
        "parser": PARSER_VERSION,
        # What is made of a feed later changes nothing about how it is read.
        "contract": expected.model_dump(mode="json", exclude={"what_depends"}),
        # Neither where a file lies nor who sent it changes how it is read.
        "spec": spec.model_dump(mode="json", exclude={"files", "system"}),
        **({"slot": spec.slot} if spec.slot else {}),
        "zones": [marketplace.time_zone, marketplace.storage_time_zone],
        "currency": marketplace.currency_code,
    }
    if spec.dialect is not None:
        parts["own_hosts"] = marketplace.own_hosts
    encoded = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(encoded).hexdigest()[:12]


def rules_by_entry(
    marketplace: Marketplace, contract: Contract, files: list[SourceFile]
) -> dict[int, str]:
    """The rules of each entry that delivers one of the files, by its identity in Python."""
    entries = {id(file.spec): file.spec for file in files}
    return {key: rules_version(marketplace, contract, spec) for key, spec in entries.items()}
