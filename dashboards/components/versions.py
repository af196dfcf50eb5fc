"""Published versions in a list, and two of them side by side."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards import resources
from dashboards.components import explored, figures
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.published import Manifest
from dashboards.queries import marketplace
from dashboards.queries.reader import OtherSchema, Row, Rows
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


def table_differences(before: Manifest, after: Manifest) -> Rows:
    """Return the row counts of the tables of two versions; those that differ come first."""
    names = sorted({*before.row_counts, *after.row_counts})
    found = [
        {
            "table": name,
            "before": before.row_counts.get(name),
            "after": after.row_counts.get(name),
            "difference": after.row_counts.get(name, 0) - before.row_counts.get(name, 0),
        }
        for name in names
    ]
    return tuple(sorted(found, key=lambda row: -abs(row["difference"])))


def table_columns(context: Context) -> list[Column]:
    """Return the columns of the comparison of row counts."""
    words = context.words
    return [
        Column(
            words.text("Table"), lambda row: explored.table_title(words, row["table"]), "strong"
        ),
        Column(words.text("Before"), lambda row: words.number(row["before"]), "number"),
        Column(words.text("After"), lambda row: words.number(row["after"]), "number"),
        Column(words.text("Added"), lambda row: words.number(max(row["difference"], 0)), "number"),
        Column(
            words.text("Removed"), lambda row: words.number(max(-row["difference"], 0)), "number"
        ),
    ]


def figure_differences(
    context: Context, before: Manifest, after: Manifest, window_id: str
) -> Rows | None:
    """Return the marketplace's figures in two versions; None where one of them lacks a column."""
    try:
        first, second = (_summary(context, each, window_id) for each in (before, after))
    except (OtherSchema, NotAllowed):
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

    def value(column: str) -> Column:
        titles = {
            "before": words.text("Before"),
            "after": words.text("After"),
            "difference": words.text("Difference"),
        }
        return Column(
            titles[column],
            lambda row: figures.value_of(context, row["metric_id"], row[column]),
            "number",
        )

    name = Column(
        words.text("Figure"), lambda row: figures.name_of(words, row["metric_id"]), "strong"
    )
    return [name, value("before"), value("after"), value("difference")]


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
