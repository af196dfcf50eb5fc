"""What a visitor allowed: categories by name, as consent managers list them in calls.

Segment's `context.consent.categoryPreferences` maps categories to truth values, RudderStack's
`context.consentManagement` lists those allowed and those denied. Which category is about analysis
is told by its name or by the marketplace's mapping. Where neither tells, a refusal of any is obeyed
as one of analysis, nothing is ever taken for consent, and the event is counted.
"""

from collections.abc import Iterable

from sources.clickstream.dialect import MISFITS
from sources.clickstream.nesting import at
from sources.sql import literal

PREFERENCES = "context.consent.categoryPreferences"
_LISTS = "context.consentManagement"
ALLOWED, DENIED = f"{_LISTS}.allowedConsentIds", f"{_LISTS}.deniedConsentIds"
# Where a mapping may name a category.
CATEGORY_PATHS = (f"{PREFERENCES}.", f"{_LISTS}.")
ANALYTICS = (
    "analytics", "analytical", "analytic", "statistics", "statistic", "statistical", "performance",
    "measurement", "analytics_storage",
)  # fmt: skip
MARKETING = (
    "advertising", "advertisement", "ads", "marketing", "targeting", "ad_storage",
)  # fmt: skip


def consent(value: str) -> str:
    """Consent as a truth value, also where the tracker writes granted and denied."""
    yes, no = "('granted', 'allowed', 'accepted')", "('denied', 'refused', 'rejected')"
    return (
        f"case when lower({value}) in {yes} then 'true' when lower({value}) in {no} then 'false' "
        f"else {value} end"
    )


def prepared() -> dict[str, str]:
    """Categories and what was chosen, side by side: `consent_names` and `consent_values`."""
    keys, values = f"map_keys({at(PREFERENCES)})", f"map_values({at(PREFERENCES)})"
    lists = [f"coalesce({at(path)}, [])" for path in (ALLOWED, DENIED)]
    chosen = [
        f"list_transform({given}, lambda one: '{value}')"
        for given, value in zip(lists, ("true", "false"), strict=True)
    ]
    told = f"{at(PREFERENCES)} is not null or {at(ALLOWED)} is not null or {at(DENIED)} is not null"
    names = f"list_concat(coalesce({keys}, []), {lists[0]}, {lists[1]})"
    choices = f"list_concat(coalesce({values}, []), {chosen[0]}, {chosen[1]})"
    return {
        "consent_names": f"case when {told} "
        f"then list_transform({names}, lambda one: lower(one)) end",
        "consent_values": f"case when {told} "
        f"then list_transform({choices}, lambda one: {consent('lower(one)')}) end",
    }


def choice(categories: Iterable[str]) -> str:
    """What was chosen for these categories; `false` also where only others are told and one denied.

    A refusal outweighs; a value that is no choice is passed on, so that it is seen.
    """
    own = _own(categories)
    value = (
        "case when coalesce(len(consent_names), 0) = 0 then null "
        f"when not {_is_told(categories)} "
        "then case when list_has_any(consent_values, ['false', '0', 'no']) then 'false' end "
        f"when list_has_any({own}, ['false', '0', 'no']) then 'false' "
        f"else coalesce(list_filter({own}, lambda one: one <> 'true')[1], {own}[1]) end"
    )
    return readable(value, r"context(\.consent[A-Za-z.]*)?")


def readable(value: str, places: str) -> str:
    """The value, or a word that is no choice where the line has something else at these places.

    What was said there about consent is not known, so it must not pass for nothing.
    """
    pattern = literal(f"(^|,)unexpected_structure:{places}(,|$)")
    return f"case when regexp_matches({MISFITS}, {pattern}) then 'unreadable' else {value} end"


def is_unmapped(categories: Iterable[str]) -> str:
    """Whether categories are told and none of them is one of these."""
    return f"coalesce(len(consent_names), 0) > 0 and not {_is_told(categories)}"


def category_of(path: str) -> str | None:
    """The category that a path of the mapping names, if it names one."""
    for start in CATEGORY_PATHS:
        if path.startswith(start) and path not in {ALLOWED, DENIED}:
            return path.removeprefix(start)
    return None


def _is_told(categories: Iterable[str]) -> str:
    return f"list_has_any(consent_names, {_listed(categories)})"


def _own(categories: Iterable[str]) -> str:
    """The choices whose category is one of these; of a list as long as the names."""
    return (
        "list_filter(consent_values, lambda value, place: "
        f"list_contains({_listed(categories)}, consent_names[place]))"
    )


def _listed(categories: Iterable[str]) -> str:
    return f"[{', '.join(literal(name.lower()) for name in categories)}]"
