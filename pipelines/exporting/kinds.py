"""The kinds of destinations, by the name that a destination's file gives them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.exporting.destination import Kind
from pipelines.exporting.destinations import folder

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({"folder": folder.KIND})
