"""Roles: what each may see, do and take away, declared once.

Pages, lists and commands are named here and nowhere granted in passing: a role that is not declared
has nothing, and a page, list or command that no role names is nobody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

# Whose data somebody sees: the whole marketplace's, or one vendor's own.
Audience = Literal["operator", "vendor"]

OPERATOR_ADMIN = "operator_admin"
VENDOR_OWNER = "vendor_owner"

# Runs the pipelines: replays, Dagster's pages, Data Docs.
OPERATE = "operate"
# Approves, declines and retries exports of segments.
EXPORT = "export"
# Asks for an export to buyers of the vendor's own; who they are stays with the marketplace.
ASK_EXPORT = "ask_export"
# Saves and retires segments of customers.
SEGMENT = "segment"
# Sets the limits of vendors' metrics.
SET_LIMITS = "set_limits"
# Separates browsers from customers to whom they were linked wrongly.
UNMERGE = "unmerge"
# Sees names of customers and of people at companies; others see ids.
SEE_PEOPLE = "see_people"


class UnknownRoleError(ValueError):
    """A role that is not declared."""


@dataclass(frozen=True, slots=True)
class Role:
    """What one role may see (`pages`), take away as a file (`downloads`) and do (`commands`)."""

    audience: Audience
    pages: frozenset[str]
    downloads: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()


_VENDOR_PAGES = frozenset(
    {
        "vendor_overview",
        "vendor_to_do",
        "vendor_performance",
        "vendor_forecast",
        "vendor_orders",
        "vendor_products",
        "vendor_customers",
        "vendor_money",
        "vendor_requests",
        "vendor_search",
    }
)
_READING = frozenset(
    {
        "operator_assortment",
        "operator_overview",
        "operator_vendors",
        "operator_scorecards",
        "operator_thresholds",
        "operator_data_health",
        "operator_order",
        "operator_orders",
        "operator_search",
        "operator_metrics",
        "operator_funnel",
        "operator_forecast",
    }
)
_CUSTOMERS = frozenset(
    {
        "operator_customer",
        "operator_customers",
        "operator_effect",
        "operator_exports",
        "operator_retention",
        "operator_value",
    }
)
_ANALYSING = (
    _READING | _CUSTOMERS | {"operator_explore", "operator_forecast_accuracy", "operator_versions"}
)
_VENDOR_LISTS = frozenset(
    {
        "assortment",
        "demand",
        "orders",
        "orders-behind-rate",
        "own-promotions",
        "payout-lines",
        "payouts",
        "requests",
        "to-do",
    }
)
_MARKETPLACE_LISTS = frozenset(
    {
        "category-supply",
        "checks",
        "events",
        "forecast-change",
        "forecasts",
        "loads",
        "mismatched-days",
        "mismatched-orders",
        "order-problems",
        "orders-behind-rate",
        "peak-readiness",
        "quarantine",
        "scorecards",
        "searches-without-supply",
        "vendors",
    }
)
# Without what was said to single people.
_SEGMENT_LISTS = frozenset(
    {"abc", "campaign-effects", "promotions", "segment-customers", "win-back"}
)
_ANSWERS = (
    _MARKETPLACE_LISTS
    | _SEGMENT_LISTS
    | {"customer-products", "customer-timeline", "explore", "forecast-accuracy"}
)

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        OPERATOR_ADMIN: Role(
            "operator",
            _ANALYSING | {"operator_gallery", "operator_segment_editor"},
            _ANSWERS,
            frozenset({EXPORT, OPERATE, SEE_PEOPLE, SEGMENT, SET_LIMITS, UNMERGE}),
        ),
        "vendor_manager": Role("operator", _READING, _MARKETPLACE_LISTS, frozenset({SET_LIMITS})),
        "analyst": Role("operator", _ANALYSING, _ANSWERS),
        "marketer": Role(
            "operator",
            _CUSTOMERS
            | {
                "operator_overview",
                "operator_metrics",
                "operator_funnel",
                "operator_segment_editor",
            },
            _SEGMENT_LISTS,
            frozenset({EXPORT, SEGMENT}),
        ),
        "auditor": Role("operator", _ANALYSING, _ANSWERS),
        VENDOR_OWNER: Role("vendor", _VENDOR_PAGES, _VENDOR_LISTS, frozenset({ASK_EXPORT})),
        "vendor_staff": Role("vendor", _VENDOR_PAGES, _VENDOR_LISTS),
    }
)


def role_of(name: str) -> Role:
    """Return what a role may.

    Raises:
        UnknownRoleError: no such role is declared.
    """
    role = ROLES.get(name)
    if role is None:
        raise UnknownRoleError(f"the role must be one of {', '.join(ROLES)}, not {name!r}")
    return role


def may(name: str, command: str) -> bool:
    """Return whether a role may give a command; one that is not declared may give none."""
    return name in roles_with(command)


def roles_with(command: str) -> frozenset[str]:
    """Return the roles that may give a command."""
    return frozenset(name for name, role in ROLES.items() if command in role.commands)
