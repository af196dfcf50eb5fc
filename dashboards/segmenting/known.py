"""The segments there are: those of files as published, and those saved, with their results."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dashboards import commands
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.queries.segments import rule_segments
from operations.segments.reading import RuleError, rule_of
from operations.segments.references import CircleError
from operations.segments.rules import Rule
from operations.segments.saved import Version
from operations.segments.vocabulary import CUSTOMER, SUBJECTS, Subject

# What a rule may be that names itself, by way of others.
CIRCLES = CircleError


@dataclass(frozen=True, slots=True)
class Known:
    """A segment: what a file or its newest version says, and what the last run made of it."""

    segment_id: str
    title: str
    text: str
    saved: Version | None
    published: Row | None

    @property
    def is_of_file(self) -> bool:
        """Whether a file defines it, so that no page can change it."""
        return self.saved is None

    @property
    def is_retired(self) -> bool:
        """Whether it was retired."""
        return self.saved is not None and self.saved.is_retired

    @property
    def number(self) -> int:
        """The number of its newest version; 0 where a file defines it."""
        return self.saved.number if self.saved else 0

    @property
    def holdout_share(self) -> Decimal:
        """The share of its customers to hold back."""
        if self.saved is not None:
            return self.saved.holdout_share
        return self.published["holdout_share"] if self.published else Decimal(0)

    @property
    def is_pending(self) -> bool:
        """Whether the next run will be the first to evaluate this version."""
        evaluated = self.published["segment_version"] if self.published else ""
        return self.saved is not None and evaluated != str(self.number)

    @property
    def subject(self) -> Subject:
        """Whom it is of; what is saved here is of customers."""
        return SUBJECTS[self.published["subject_kind"]] if self.published else CUSTOMER

    @property
    def is_of_customers(self) -> bool:
        """Whether the editor can change its rule; the form speaks of customers."""
        return self.subject == CUSTOMER

    @property
    def rule(self) -> Rule | None:
        """Its rule; nothing where it is none any more."""
        try:
            return rule_of(self.text, None, self.subject)
        except RuleError:
            return None


def known(context: Context) -> Mapping[str, Known]:
    """Return all segments that have a rule, by their names; retired ones are the last.

    Raises:
        OlderVersion: the published version has no segments yet.
        NotAllowed: the viewer may not edit segments.
    """
    published = {str(row["segment_id"]): row for row in rule_segments(context.viewer)}
    saved = commands.saved_segments(context.viewer, context.manifest.marketplace)
    found = {
        name: Known(name, version.title, version.rule, version, published.get(name))
        for name, version in saved.items()
    }
    for name, row in published.items():
        if row["origin"] == "file":
            found[name] = Known(name, row["title"] or name, row["rule"], None, row)
    in_order = sorted(found.values(), key=lambda each: (each.is_retired, each.title.lower()))
    return {each.segment_id: each for each in in_order}


def rules_beside(found: Mapping[str, Known], segment_id: str) -> dict[str, Rule]:
    """The rules of all segments of customers but one that are in use and can be answered."""
    return {
        name: each.rule
        for name, each in found.items()
        if name != segment_id
        and each.is_of_customers
        and not each.is_retired
        and each.rule is not None
    }
