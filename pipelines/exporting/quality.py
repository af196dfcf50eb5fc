"""Whom of a planned export its destination can find, among the counts of the plan."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from operations.exports.quality import Correction, Quality, Unfound
from output.findings.finding import Finding
from pipelines.exporting.definitions import Export
from pipelines.exporting.identifiers.formats import Format
from pipelines.exporting.identifiers.matchability import CLASSES, Matchability, matchability
from pipelines.exporting.people import Reader
from pipelines.exporting.plan import Plan
from sources.sql import identifier

# Objected, which is more than not having agreed.
_SUPPRESSED: Final = "suppressed"


def with_quality(reader: Reader, export: Export, made: Plan, wanted: Format | None) -> Plan:
    """The plan with `match_<class>` among its counts; its members are of one class each.

    What is hashed already would match nobody, so with a single such value nothing can be sent.
    Reads the table `decided` (plan.plan).
    """
    if wanted is None:
        return made
    report = quality(reader, export, wanted)
    counts = {f"match_{each}": report.rows[each] for each in CLASSES}
    hashed = sum(each.unusable["already_hashed"] for each in report.fields.values())
    impossible = made.impossible
    if hashed and impossible is None:
        impossible = Finding.of("export_hashed_already", n=hashed)
    return replace(
        made,
        counts={**made.counts, **counts},
        impossible=impossible,
        quality=Quality(tuple(_corrections(report)), tuple(_unfound(report))),
    )


def _corrections(report: Matchability) -> Iterator[Correction]:
    for name, found in report.fields.items():
        for correction, count in found.corrected.most_common():
            yield Correction(name, correction, count, *found.examples[correction])


def _unfound(report: Matchability) -> Iterator[Unfound]:
    """Without the keys, and without those who may not be sent, whatever their address."""
    for each in report.samples:
        if each.row_class not in {"blocked", _SUPPRESSED}:
            yield Unfound(each.row_class, each.field, each.shape)


def quality(reader: Reader, export: Export, wanted: Format) -> Matchability:
    """Whom of the members a destination can find, and why not the others."""
    columns = [column for column in export.fields if column in wanted.sources()]
    listed = ", ".join(["row_key", "reason", *map(identifier, columns)])
    # by key, so that of two rows of one person it is always the same that counts
    members = reader.connection.execute(
        f"select {listed} from decided where is_member order by row_key"
    ).fetchall()
    held = reader.connection.execute("select row_key from decided where was_sent").fetchall()
    return matchability(
        wanted,
        ((str(key), dict(zip(columns, fields, strict=True))) for key, _, *fields in members),
        suppressed={str(key) for key, reason, *_ in members if reason == _SUPPRESSED},
        blocked={str(key) for key, reason, *_ in members if reason is not None},
        held={str(key) for (key,) in held},
    )
