"""What a rule would hold if it were saved: its size, who would enter and leave, what it shares."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards import resources
from dashboards.viewer import Viewer
from operations.segments.query import query_of
from operations.segments.rules import Rule

# Beside more than these nobody compares a segment at a glance.
MOST_COMPARED = 30


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many are in another segment, and how many of them in the previewed one as well."""

    segment_id: str
    members: int
    shared: int
    jaccard: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The counts of a rule; `entering` and `leaving` are against the saved version, if any."""

    customers: int
    members: int
    unknown: int
    entering: int | None
    leaving: int | None
    overlaps: tuple[Overlap, ...]


def preview(viewer: Viewer, rule: Rule, saved: Rule | None, others: Mapping[str, Rule]) -> Preview:
    """Return the counts of a rule, in one query for all that is compared.

    `others` are the rules of all other segments, each of which the rule may name.

    Raises:
        CircleError: the rule asks for itself.
        NotAllowed: the viewer is no operator.
        QueryTimeout: it took too long, or too much memory.
    """
    compared = sorted(others)[:MOST_COMPARED]
    rules = {"draft": rule} | ({"saved": saved} if saved is not None else {})
    rules |= {f"other_{number}": others[name] for number, name in enumerate(compared)}
    as_of = resources.current().manifest(viewer.version).as_of_date
    query = query_of(rules, others, as_of)
    counts = {
        "customers": "true",
        "members": "draft",
        "unknown": "draft is null",
        "entering": "draft and not coalesce(saved, false)" if saved is not None else "false",
        "leaving": "saved and not coalesce(draft, false)" if saved is not None else "false",
    }
    for number in range(len(compared)):
        counts[f"members_{number}"] = f"other_{number}"
        counts[f"shared_{number}"] = f"draft and other_{number}"
    listed = ", ".join(
        f"count(case when {condition} then 1 end) as {name}" for name, condition in counts.items()
    )
    text = f"select {listed} from ({query.sql}) as answers"
    [row] = resources.current().reader.composed(viewer, text, **query.values)
    overlaps = (
        _overlap(name, row[f"members_{number}"], row[f"shared_{number}"], row["members"])
        for number, name in enumerate(compared)
    )
    return Preview(
        row["customers"],
        row["members"],
        row["unknown"],
        row["entering"] if saved is not None else None,
        row["leaving"] if saved is not None else None,
        tuple(sorted(overlaps, key=lambda each: (-(each.jaccard or 0), each.segment_id))),
    )


def _overlap(name: str, members: int, shared: int, drafted: int) -> Overlap:
    either = members + drafted - shared
    return Overlap(name, members, shared, shared / either if either else None)
