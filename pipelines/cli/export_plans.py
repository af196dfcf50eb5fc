"""What an export would send, on the terminal: counts of its plan, and some of its rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.terminal import OUT

if TYPE_CHECKING:
    import polars as pl

    from pipelines.exporting.jobs import Job

# In the order of a plan: who there is, what changes, and who is left out.
_SAID = (
    *("members", "before", "after", "overlap", "added", "changed", "remove", "unchanged"),
    "unresolved",
)


def say_plan(counts: Mapping[str, int], before: Mapping[str, int] | None = None) -> None:
    """Says the counts of a plan, with the change since those of the run before, if given."""
    left_out = [word for word in counts if word.startswith(("not_", "match_"))]
    words = [*(word for word in _SAID if word in counts), *left_out]
    names = [word.replace("_", " ") for word in words]
    if not before:
        OUT.table(
            ["rows", "count"],
            [(name, counts[word]) for name, word in zip(names, words, strict=True)],
        )
        return
    rows = [
        (name, counts[word], before.get(word, 0), counts[word] - before.get(word, 0))
        for name, word in zip(names, words, strict=True)
    ]
    OUT.table(["rows", "count", "last run", "change"], rows)


def say_sample(job: "Job", sample: "pl.DataFrame") -> None:
    """Says some rows of a plan; what is personal shows its first character."""
    from pipelines.exporting.fields import personal_columns  # noqa: PLC0415

    columns = list(job.named.export.fields)
    hidden = personal_columns(job.named.export)
    rows = [
        (
            row["operation"],
            *(_masked(row[name]) if name in hidden else row[name] for name in columns),
        )
        for row in sample.iter_rows(named=True)
    ]
    if rows:
        OUT.table(["operation", *columns], rows)


def _masked(value: str | None) -> str | None:
    return value and f"{value[0]}***"
