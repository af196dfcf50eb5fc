"""Saving and retiring a segment from the page, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dashboards import commands
from dashboards.context import Context
from dashboards.segmenting.known import Known
from operations.segments.saved import NewVersion, Version
from operations.segments.vocabulary import CUSTOMER
from output.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """The number of the version that a command made, or why it made none."""

    number: int = 0
    why: Finding | None = None


def saved(
    context: Context,
    known: Mapping[str, Known],
    which: tuple[str, Known | None],
    said: tuple[str, str, str],
    holdout_percent: float,
    command: str,
) -> Outcome:
    """Save a segment; `which` is its name and what was edited, `said` its rule, title and why.

    `holdout_percent` is how many of a hundred customers are held back.

    Raises:
        NotAllowed: the viewer may not edit segments.
    """
    (segment_id, edited), (rule, title, reason) = which, said
    in_files = {name: each for name, each in known.items() if each.is_of_file}
    of_files = {
        name: each.rule
        for name, each in in_files.items()
        if each.subject == CUSTOMER and each.rule is not None
    }
    new = NewVersion(
        context.manifest.marketplace,
        segment_id,
        title,
        rule,
        reason,
        edited.number if edited else 0,
        of_files,
        command,
        Decimal(str(holdout_percent)) / 100,
        frozenset(in_files.keys() - of_files.keys()),
    )
    return _outcome(commands.save_segment(context.viewer, new))


def retired(context: Context, edited: Known, reason: str, command: str) -> Outcome:
    """Retire a segment.

    Raises:
        NotAllowed: the viewer may not edit segments.
    """
    marketplace, name = context.manifest.marketplace, edited.segment_id
    return _outcome(commands.retire_segment(context.viewer, marketplace, name, reason, command))


def outcome_of(value: object) -> Outcome | None:
    """What a session holds of the last command; nothing where it holds none."""
    return value if isinstance(value, Outcome) else None


def _outcome(result: Version | Finding) -> Outcome:
    if isinstance(result, Finding):
        return Outcome(why=result)
    return Outcome(result.number)
