"""The registry of metrics as a page for people: docs/metrics.md is made by this alone."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

_HEAD = """# Metrics

Made from `dbt_project/seeds/metric_registry.csv` by `make docs`; edit the registry, not this page.
Days are those of the marketplace's business time zone, windows are half
open, and a rate without a denominator is unknown, not zero. What failed through the fault of
somebody else, or of nobody known, is in a vendor's rate and is not judged (decision 6).
"""
_FACTS = (
    ("Formula", "formula"),
    ("Grain", "grain"),
    ("Numerator", "numerator"),
    ("Denominator", "denominator"),
    ("Window", "metric_window"),
    ("Membership date", "membership_date"),
    ("Exclusions", "exclusions"),
    ("Unit", "unit"),
    ("Owner", "owner"),
    ("What a vendor can do", "vendor_advice"),
)
_FAIRNESS = """
## How sure a state is

A vendor's counts are read with a beta-binomial prior at the rate of its main category, never on
the wrong side of the limit. *watch*: with a prior worth 50 units, the true rate is on the wrong
side with a probability of at least 80 %. *act*: with a prior worth 200 units, at least 95 %. What
that costs, for a limit of 1 % and vendors whose true rate is 0.5 % (accused wrongly) and 3 %
(caught rightly):

| units | counts above the limit | watch | act |
|---|---|---|---|
| 50 | 22 % accused, 78 % caught | 2.6 % accused, 44 % caught | 0 % accused, 2 % caught |
| 500 | 4.2 % accused, 99.7 % caught | 0.4 % accused, 98 % caught | 0 % accused, 82 % caught |

So *watch* is a hint, and few units rarely suffice for *act*: a bad vendor with few orders is
missed.
"""


def render(rows: Iterable[Mapping[str, str]]) -> str:
    """The page for these registry rows, scorecard metrics first, each group in registry order."""
    listed = list(rows)
    scored = [row for row in listed if row["is_scored"] == "true"]
    others = [row for row in listed if row["is_scored"] != "true"]
    parts = [_HEAD, "## The vendors' scorecard\n", _limits(scored)]
    parts += [_section(row) for row in scored]
    parts += [_FAIRNESS.lstrip("\n"), "## Amounts and counts\n"]
    parts += [_section(row) for row in others]
    return "\n".join(parts).rstrip("\n") + "\n"


def read(path: Path) -> list[dict[str, str]]:
    """The rows of the registry as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _limits(rows: Iterable[Mapping[str, str]]) -> str:
    lines = ["| metric | limit | window | where the limit comes from |", "|---|---|---|---|"]
    for row in rows:
        side = "at least" if row["is_higher_better"] == "true" else "at most"
        lines.append(
            f"| [{row['name']}](#{row['metric_id']}) | {side} {_threshold(row)} "
            f"| {row['window_days']} days | {row['threshold_origin']} |"
        )
    return "\n".join(lines) + "\n"


def _threshold(row: Mapping[str, str]) -> str:
    if row["unit"] == "rate":
        return f"{float(row['threshold']) * 100:g} %"
    return f"{float(row['threshold']):g}"


def _section(row: Mapping[str, str]) -> str:
    until = f" to {row['valid_to']}" if row["valid_to"] else " on"
    lines = [
        f'### <a id="{row["metric_id"]}"></a>{row["name"]}',
        "",
        f"`{row['metric_id']}`, version {row['version']}, valid from {row['valid_from']}{until}.",
        "",
        row["sentence"],
        "",
    ]
    lines += [f"- {label}: {row[column]}" for label, column in _FACTS if row[column]]
    return "\n".join(lines) + "\n"
