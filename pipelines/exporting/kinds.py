"""The kinds of destinations, by the name that a destination's file gives them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.exporting.destination import Kind

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({})
