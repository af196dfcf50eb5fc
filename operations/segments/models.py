"""Segments that the models make, by name and as a rule, so that rules can ask for them.

A customer is in one of each kind at a time; what the codes mean is said by mart_customer_segments.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from operations.segments.rules import Comparison, Is, Rule

# The attribute that says which, and its codes, by the first word of the segments' names.
KINDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "rfm": (
            "rfm_segment",
            (
                "champions",
                "loyal",
                "potential_loyal",
                "new",
                "promising",
                "needs_attention",
                "about_to_sleep",
                "cannot_lose",
                "at_risk",
                "hibernating",
                "lost",
                "unscored",
            ),
        ),
        "lifecycle": (
            "lifecycle_stage",
            ("prospect", "new", "active", "at_risk", "dormant", "lost"),
        ),
        "abc": ("abc_class", ("A", "B", "C", "N")),
    }
)
MODEL_SEGMENTS: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        f"{kind}_{code}": Is(attribute, (Comparison("is", (code,)),))
        for kind, (attribute, codes) in KINDS.items()
        for code in codes
    }
)
