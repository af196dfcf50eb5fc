"""The catalogue of metrics: what each means, since when, where it is used, and from what."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from dashboards import resources
from dashboards.components import explored, figures, health, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.counted_views import metric_views
from dashboards.data_catalogue import DescribedTable, Held
from dashboards.queries.health import feeds
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import message
from dashboards.words.words import NOTHING, Words

_VIEWED_DAYS = 90
_UNITS = {
    "rate": message("share"),
    "score": message("score from 1 to 5"),
    "hours": message("hours"),
    "money": message("amount of money"),
    "count": message("number"),
}


def current(rows: Rows) -> dict[str, Row]:
    """Return the newest version of each metric, by its id."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(str(row["metric_id"]), row)
    return found


def matching(words: Words, metrics: Mapping[str, Row], text: str) -> list[Row]:
    """Return the metrics whose name, id or definition contains a text, in the reader's language."""
    wanted = text.casefold()
    return [
        row
        for row in metrics.values()
        if wanted in f"{row['metric_id']} {_said(words, row, 'name', 'sentence')}".casefold()
    ]


def list_columns(context: Context) -> list[Column]:
    """Return the columns of the list of metrics."""
    words = context.words
    return [
        Column(
            words.text("Metric"),
            lambda row: words.published(row["name"]),
            "strong",
            lambda row: figures.catalogue_link(row["metric_id"]),
            place="id",
        ),
        Column(words.text("Definition"), lambda row: words.published(row["sentence"]), "wide"),
        Column(words.text("Unit"), lambda row: words.code(_UNITS, row["unit"]), place="state"),
        Column(words.text("Limit"), lambda row: limit(words, row), place="amount"),
        Column(words.text("Owner"), lambda row: words.published(row["owner"]), place="due"),
    ]


def facts(context: Context, row: Row) -> list[tuple[str, str]]:
    """Return the definition of a metric, point by point."""
    words = context.words

    def published(column: str) -> str:
        return words.published(row[column])

    better = {True: words.text("higher is better"), False: words.text("lower is better")}
    return [
        (words.text("Formula"), published("formula")),
        (words.text("Numerator"), published("numerator")),
        (words.text("Denominator"), published("denominator")),
        (words.text("One unit is"), published("grain")),
        (words.text("Unit"), words.code(_UNITS, row["unit"])),
        (words.text("Direction"), better.get(row["is_higher_better"], "")),
        (words.text("Period"), published("window")),
        (words.text("Counts on the"), published("membership_date")),
        (words.text("Left out"), published("exclusions")),
        (words.text("Limit"), limit(words, row)),
        (words.text("Where the limit comes from"), published("threshold_origin")),
        (words.text("What a vendor can do"), published("vendor_advice")),
        (words.text("Owner"), published("owner")),
        (words.text("Name in SQL"), str(row["metric_id"])),
        (_viewed_title(words), _viewed(context, row)),
    ]


def limit(words: Words, row: Row) -> str:
    """Return the limit of a metric; a dash where none is set."""
    if row["threshold"] is None:
        return NOTHING
    value = wording.limit_value(words, row)
    if row["is_higher_better"]:
        return words.text("at least {limit}", limit=value)
    return words.text("at most {limit}", limit=value)


def version_columns(context: Context) -> list[Column]:
    """Return the columns of the versions of a metric."""
    words = context.words
    return [
        Column(words.text("Version"), lambda row: words.number(row["version"]), "strong"),
        Column(words.text("Valid from"), lambda row: words.day(row["valid_from"]), "short"),
        Column(
            words.text("Valid to"),
            lambda row: words.day(row["valid_to"]) if row["valid_to"] else words.text("today"),
            "short",
        ),
        Column(words.text("Definition"), lambda row: words.published(row["sentence"]), "wide"),
        Column(words.text("Formula"), lambda row: words.published(row["formula"]), "wide"),
    ]


def holding(context: Context, metric_id: str) -> list[tuple[Held, DescribedTable]]:
    """Return the columns that hold a metric, each with its table."""
    catalogue = resources.current().catalogue(context.viewer.version)
    return [(held, catalogue.tables[held.table]) for held in catalogue.metrics.get(metric_id, ())]


def holding_columns(context: Context) -> list[Column]:
    """Return the columns of the tables that hold a metric."""
    words = context.words

    def where(row: Row) -> str:
        return f"/explore?{urlencode({'table': row['held'].table})}"

    return [
        Column(
            words.text("Table"),
            lambda row: explored.table_title(words, row["held"].table),
            "strong",
            where if context.has_page("operator_explore") else None,
        ),
        Column(words.text("Column"), lambda row: row["held"].column),
        Column(words.text("Made from"), lambda row: _feed_titles(context, row["table"]), "wide"),
        Column(words.text("Models"), lambda row: ", ".join(row["table"].models), "wide"),
    ]


def page_names(held: Sequence[tuple[Held, DescribedTable]]) -> list[str]:
    """Return the names of the pages that read a table with the metric."""
    return sorted({page for _, table in held for page in table.pages})


def _feed_titles(context: Context, table: DescribedTable) -> str:
    """Return the feeds that a table is made from; tables of our own, such as of loads, are none."""
    words = context.words
    titles = {str(feed["feed"]): health.title(words, feed) for feed in feeds(context.viewer)}
    return ", ".join(titles[name] for name in table.feeds if name in titles)


def _viewed_title(words: Words) -> str:
    return words.count(
        "Opened alone in the last {n} day", "Opened alone in the last {n} days", _VIEWED_DAYS
    )


def _viewed(context: Context, row: Row) -> str:
    since = context.now.date() - timedelta(days=_VIEWED_DAYS)
    times = metric_views(context.viewer, row["metric_id"], since)
    return context.words.count("{n} time", "{n} times", times)


def _said(words: Words, row: Row, *columns: str) -> str:
    return " ".join(words.published(row[column]) for column in columns)
