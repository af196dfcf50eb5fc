"""Published versions in a list, and two of them side by side."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dashboards import resources
from dashboards.components import explored, figures
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.published import Manifest
from dashboards.queries import marketplace
from dashboards.queries.reader import OlderVersion, Row, Rows
from dashboards.viewer import NotAllowed, require_operator
from dashboards.words.words import NOTHING

_FIGURES = (
    "gmv",
    "gmv_net",
    "commission_amount",
    "order_count",
    "average_order_value",
    "late_delivery_rate",
    "review_score",
)
# Enough of a hash to tell two of them apart.
_DIGITS = 8


def kept(context: Context) -> Mapping[str, Manifest]:
    """Return what every kept version says about itself, by name, the newest first."""
    require_operator(context.viewer)
    return {each.version: each for each in resources.current().kept_versions()}


def title(context: Context, manifest: Manifest) -> str:
    """Return what a version is called in a choice."""
    words = context.words
    built = context.utc_moment(manifest.built_at)
    if manifest.version == context.manifest.version:
        return words.text("{moment} (current)", moment=built)
    return built


def columns(context: Context) -> list[Column]:
    """Return the columns of the list of versions."""
    words = context.words
    return [
        Column(words.text("Published"), lambda row: title(context, row["manifest"]), "strong"),
        Column(words.text("Data to"), lambda row: words.day(row["manifest"].as_of_date)),
        Column(words.text("Checks"), lambda row: _quality(context, row["manifest"]), "state"),
        Column(
            words.text("Rows"),
            lambda row: words.number(sum(row["manifest"].row_counts.values())),
            "number",
        ),
        Column(
            words.text("Vendors"),
            lambda row: words.number(row["manifest"].vendor_count),
            "number",
        ),
        Column(words.text("Version"), lambda row: row["manifest"].version),
        Column(words.text("Code"), lambda row: row["manifest"].code[:_DIGITS] or NOTHING),
        Column(
            words.text("Built from"), lambda row: row["manifest"].fingerprint[:_DIGITS] or NOTHING
        ),
    ]


def rows(manifests: Mapping[str, Manifest]) -> Rows:
    """Return the versions as rows of a table."""
    return tuple(
        {"manifest": each, "state": "ok" if _is_fine(each) else "watch"}
        for each in manifests.values()
    )


def table_differences(before: Manifest, after: Manifest) -> tuple[Rows, Rows]:
    """Return the row counts of the tables that differ in two versions, and of those that do not."""
    rows = [
        _table_difference(name, before.row_counts.get(name), after.row_counts.get(name))
        for name in sorted({*before.row_counts, *after.row_counts})
    ]
    changed = [row for row in rows if row["before"] != row["after"]]
    changed.sort(key=lambda row: -max(row["added"], row["removed"]))
    return tuple(changed), tuple(row for row in rows if row["before"] == row["after"])


def _table_difference(name: str, before: int | None, after: int | None) -> dict[str, Any]:
    change = (after or 0) - (before or 0)
    return {
        "table": name,
        "before": before,
        "after": after,
        "added": max(change, 0),
        "removed": max(-change, 0),
    }


def table_columns(context: Context) -> list[Column]:
    """Return the columns of the comparison of row counts."""
    words = context.words

    def number(column: str) -> Callable[[Row], str]:
        return lambda row: words.number(row[column])

    return [
        Column(
            words.text("Table"),
            lambda row: explored.table_title(words, row["table"]),
            "strong",
            place="id",
        ),
        Column(words.text("Before"), number("before"), "number"),
        Column(words.text("After"), number("after"), "number", place="amount"),
        Column(words.text("Added"), number("added"), "number", place="state"),
        Column(words.text("Removed"), number("removed"), "number", place="due"),
    ]


def figure_differences(
    context: Context, before: Manifest, after: Manifest, window_id: str
) -> Rows | None:
    """Return the marketplace's figures in two versions; None where one of them lacks a column."""
    try:
        first, second = (_summary(context, each, window_id) for each in (before, after))
    except (OlderVersion, NotAllowed):
        return None
    if first is None or second is None:
        return ()
    return tuple(
        {
            "metric_id": metric,
            "before": first[metric],
            "after": second[metric],
            "difference": None
            if first[metric] is None or second[metric] is None
            else second[metric] - first[metric],
        }
        for metric in _FIGURES
    )


def figure_columns(context: Context) -> list[Column]:
    """Return the columns of the comparison of figures."""
    words = context.words

    def value(column: str) -> Callable[[Row], str]:
        return lambda row: figures.value_of(context, row["metric_id"], row[column])

    return [
        Column(
            words.text("Figure"),
            lambda row: figures.name_of(words, row["metric_id"]),
            "strong",
            place="id",
        ),
        Column(words.text("Before"), value("before"), "number", place="state"),
        Column(words.text("After"), value("after"), "number", place="amount"),
        Column(
            words.text("Difference"),
            lambda row: figures.difference_of(context, row["metric_id"], row["difference"]),
            "number",
            place="due",
        ),
    ]


def _summary(context: Context, manifest: Manifest, window_id: str) -> Row | None:
    """Return the figures of a version; its file is opened for the comparison alone."""
    pinned = replace(context.viewer, version=manifest.version)
    return marketplace.summary(pinned, window_id)


def _is_fine(manifest: Manifest) -> bool:
    return manifest.quality.state == "ok" and not manifest.quality.warning_count


def _quality(context: Context, manifest: Manifest) -> str:
    words, quality = context.words, manifest.quality
    if quality.warning_count:
        return words.count("{n} warning", "{n} warnings", quality.warning_count)
    if quality.state != "ok":
        return words.text("Published with warnings")
    return words.text("All checks passed")
