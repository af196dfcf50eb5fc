"""What arrived per day, from the current state of each feed: rows, vendors, empty columns."""

from collections.abc import Iterable
from datetime import date, timedelta

import duckdb
import polars as pl

from pipelines.loading.business_days import Zones
from sources.contract import Contract, all_contracts

_SCHEMA = {
    "series_id": pl.String,
    "kind": pl.String,
    "can_block": pl.Boolean,
    "day": pl.Date,
    "value": pl.Float64,
    "weight": pl.Float64,
}
_LINES, _ORDERS, _CALENDAR = "order_lines", "orders", "calendar"
# What comes when a campaign or an experiment runs follows its plan, and no weekday.
_PLANNED = frozenset({"messages", "experiment_assignments"})
ROWS = "row_count"
VENDORS = "vendor_count"
# Eight weeks and two of level before the first day that is judged.
HISTORY_DAYS = 77
# An id that so many of the changed rows gained is one that is filled later.
_DELIVERIES_LOOKED_AT, _LARGEST_FILLED_LATER = 14, 0.001


def feeds_with_volumes() -> list[str]:
    """The daily feeds whose rows can be counted by the day on which they happened."""
    return [
        feed
        for feed, contract in all_contracts().items()
        if contract.delivery == "daily"
        and (contract.event_time or feed == _LINES)
        and feed not in _PLANNED
    ]


def feeds_read_for(contract: Contract) -> tuple[str, ...]:
    """The feeds whose rows decide what the volumes of a feed are and how they are judged."""
    also = (_ORDERS,) if contract.feed == _LINES else ()
    return (contract.feed, *also, _CALENDAR)


def daily_volumes(
    connection: duckdb.DuckDBPyConnection,
    contracts: Iterable[Contract],
    zones: Zones,
    last: date,
) -> pl.DataFrame:
    """The series of all daily feeds up to a day, in the form that `anomalies.judge` takes.

    Series are named feed/measure. Only those of feeds that every marketplace needs may block.
    """
    frames = [
        _series_of(connection, contract, query)
        for contract in contracts
        if (query := _query(contract, zones, last)) is not None
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)


def daily_metrics(connection: duckdb.DuckDBPyConnection, last: date) -> pl.DataFrame:
    """The marketplace's money and orders per day, in the same form."""
    frame = connection.execute(
        "select order_date as day, cast(gmv as double) as gmv, "
        "cast(order_count as double) as order_count, "
        "cast(gmv as double) / nullif(order_count, 0) as average_order_value "
        "from marts.mart_marketplace_daily where order_date between ? and ? order by order_date",
        [last - timedelta(days=HISTORY_DAYS + 7), last],
    ).pl()
    kinds = {"gmv": "amount", "order_count": "count", "average_order_value": "average"}
    parts = [
        frame.select(
            pl.lit(name).alias("series_id"),
            pl.lit(kind).alias("kind"),
            pl.lit(value=True).alias("can_block"),
            "day",
            pl.col(name).alias("value"),
            pl.col("order_count").alias("weight"),
        ).drop_nulls("value")
        for name, kind in kinds.items()
    ]
    return pl.concat(parts).cast(_SCHEMA)  # type: ignore[arg-type]


def calendar_days(connection: duckdb.DuckDBPyConnection) -> frozenset[date]:
    """The days of the calendar feed on which trade is known to be unlike other days.

    What holds for one region or closes one vendor excuses nobody else.
    """
    rows = connection.execute(
        f"select distinct calendar_date from raw.{_CALENDAR}_current "
        "where kind <> 'school_holiday' and region = 'all' and vendor_id = 'all'"
    )
    return frozenset(row[0] for row in rows.fetchall())


def _query(contract: Contract, zones: Zones, last: date) -> str | None:
    if contract.feed not in feeds_with_volumes():
        return None
    moment, relation = str(contract.event_time), f"raw.{contract.feed}_current"
    if contract.feed == _LINES:
        # A line happens when its order does.
        moment = "ordered_at"
        relation += (
            f" join (select order_id, ordered_at from raw.{_ORDERS}_current) using (order_id)"
        )
    is_date = moment in contract.columns and contract.columns[moment].type == "date"
    day = zones.day(moment, is_date=is_date)
    measures = ["count(*) as rows"]
    if "vendor_id" in contract.columns:
        measures.append("count(distinct vendor_id) as vendors")
    measures += [
        f"avg(case when {name} is null then 1.0 else 0.0 end) as empty_{name}"
        for name in _optional_ids(contract)
    ]
    first = last - timedelta(days=HISTORY_DAYS + 7)
    return (
        f"select {day} as day, {', '.join(measures)} from {relation} "
        f"where {moment} >= date '{first - timedelta(days=1)}' "
        f"and {day} between date '{first}' and date '{last}' group by 1 order by 1"
    )


def _optional_ids(contract: Contract) -> list[str]:
    return [
        name
        for name, column in contract.columns.items()
        if name.endswith("_id") and not column.required
    ]


def _filled_at_once(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """The optional ids that come with a row or never: of others the newest day has always fewer.

    What the last deliveries overruled tells; where nothing was overruled yet, nobody knows.
    """
    names = _optional_ids(contract)
    if not names or contract.version is None:
        return names
    same = " and ".join(f"loser.{key} = winner.{key}" for key in contract.key)
    later = ", ".join(
        f"count(*) filter (where loser.{name} is null and winner.{name} is not null)"
        for name in names
    )
    total, *counts = connection.execute(
        f"select count(*), {later} from raw.{contract.feed}_superseded as lost "
        f"join raw.{contract.feed} as loser on lost._row_id = loser._row_id "
        f"join raw.{contract.feed}_current as winner on {same} where lost._sequence > coalesce("
        "(select sequence from raw.loads where feed = ? and status = 'loaded' "
        "order by sequence desc limit 1 offset ?), 0)",
        [contract.feed, _DELIVERIES_LOOKED_AT],
    ).fetchone() or (0,)
    pairs = zip(names, counts, strict=True)
    return [name for name, count in pairs if total and count <= total * _LARGEST_FILLED_LATER]


def _series_of(
    connection: duckdb.DuckDBPyConnection, contract: Contract, query: str
) -> pl.DataFrame:
    wide = connection.execute(query).pl()
    kinds = {"rows": (ROWS, "count"), "vendors": (VENDORS, "count")}
    names = _filled_at_once(connection, contract)
    kinds |= {f"empty_{name}": (f"empty {name}", "share") for name in names}
    parts = [
        wide.select(
            pl.lit(f"{contract.feed}/{measure}").alias("series_id"),
            pl.lit(kind).alias("kind"),
            pl.lit(contract.required_feed).alias("can_block"),
            "day",
            pl.col(column).cast(pl.Float64).alias("value"),
            pl.col("rows").cast(pl.Float64).alias("weight"),
        )
        for column, (measure, kind) in kinds.items()
        if column in wide.columns
    ]
    return pl.concat(parts).cast(_SCHEMA)  # type: ignore[arg-type]
