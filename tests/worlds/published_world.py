"""Writes a small published version that looks like a real one, with canaries and hostile names.

Until a test needs the pipeline itself, this is what the pages read: five vendors, 15 months, two
vendors in one order, a vendor without orders, names that try to be Markdown, HTML or a formula.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote

import duckdb
import numpy as np
import polars as pl
from scipy import stats

AS_OF = date(2026, 6, 30)
FIRST_DAY = date(2025, 4, 1)
CURRENCY = "EUR"
_HERE = Path(__file__).parent

VENDORS = {
    "v-001": ("Alder & Sons CANARY-V001", "Garden", 0.5, 0.03),
    "v-002": ("![x](http://beacon.invalid/a.png) Müller CANARY-V002", "Kitchen", 0.3, 0.14),
    "v-003": ("<script>alert(1)</script> Löwe CANARY-V003", "Toys", 0.15, 0.06),
    "v/004 ü": ("Nadel \u202egpj.exe CANARY-V004", "Tools", 0.05, 0.2),
    "v-005": ("Not yet sold CANARY-V005", "Books", 0.0, 0.0),
}
CANARIES = {vendor_id: name.split()[-1] for vendor_id, (name, *_rest) in VENDORS.items()}
_PRODUCTS = [
    "=1+1 Set",
    "@SUM(A1) Bowl",
    "[Lamp](javascript:alert(1))",
    "Oak box",
    "Tea $x^2$ **bold**",
]


@dataclass(frozen=True)
class World:
    """Where a published version was written."""

    home: Path
    version: str


def write_world(
    home: Path,
    *,
    version: str = "20260701T031500Z-1a2b3c4d",
    seed: int = 7,
    orders_per_day: float = 4.0,
    warnings: tuple[str, ...] = (),
) -> World:
    """Write one version below the home and point CURRENT at it."""
    folder = home / "published" / version
    (folder / "vendors").mkdir(parents=True)
    with duckdb.connect(str(folder / "operator.duckdb")) as connection:
        _build(connection, seed, orders_per_day)
        for vendor_id in VENDORS:
            _write_vendor(connection, folder, vendor_id)
        _drop_scaffolding(connection)
    manifest = {
        "version": version,
        "marketplace": "demo",
        "title": "Kontor Demo Market",
        "currency_code": CURRENCY,
        "time_zone": "Europe/Berlin",
        "as_of_date": AS_OF.isoformat(),
        "built_at": "2026-07-01T03:15:00Z",
        "mode": "full",
        "quality": {"state": "warning" if warnings else "ok", "warnings": list(warnings)},
        "tables": {"operator": {}},
        "vendor_count": len(VENDORS),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    point_at(home, version)
    return World(home, version)


def point_at(home: Path, version: str) -> None:
    """Move CURRENT as the pipeline does."""
    pointer = home / "published" / "CURRENT"
    temporary = pointer.with_suffix(".tmp")
    temporary.write_text(version)
    temporary.replace(pointer)


def write_last_run(home: Path, outcome: str, version: str | None, reasons: list[str]) -> None:
    """Write how the last run ended."""
    report = {
        "at": "2026-07-02T03:15:00Z",
        "outcome": outcome,
        "version": version,
        "reasons": reasons,
    }
    (home / "published" / "LAST_RUN.json").write_text(json.dumps(report))


def _build(connection: duckdb.DuckDBPyConnection, seed: int, orders_per_day: float) -> None:
    lines = _lines(np.random.default_rng(seed), orders_per_day)
    vendors = pl.DataFrame(
        [(vendor_id, name, category) for vendor_id, (name, category, *_r) in VENDORS.items()],
        schema=["vendor_id", "vendor_name", "category_name"],
        orient="row",
    )
    connection.execute("create schema marts")
    connection.register("vendors_frame", vendors)
    connection.execute("create table vendors as select * from vendors_frame")
    connection.register("lines_frame", lines)
    amounts = ("unit_price", "gmv", "commission_amount", "discount_amount")
    exact = ", ".join(f"{column}::decimal(18, 2) as {column}" for column in amounts)
    connection.execute(f"create table lines as select * replace ({exact}) from lines_frame")
    _run(connection, "metrics.sql")
    _run(connection, "marts.sql")
    bounds = _bounds(connection.sql("select * from sums where denominator > 0").pl())
    connection.register("bounds", bounds)
    _run(connection, "scorecard.sql")
    _run(connection, "health.sql")


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for statement in connection.extract_statements((_HERE / name).read_text()):
        values = {"as_of": AS_OF.isoformat(), "currency": CURRENCY}
        used = {key: value for key, value in values.items() if f"${key}" in statement.query}
        connection.execute(statement, used or None)


def _lines(random: np.random.Generator, orders_per_day: float) -> pl.DataFrame:
    rows = []
    shares = [share for *_n, share, _late in VENDORS.values()]
    names = list(VENDORS)
    for day in range((AS_OF - FIRST_DAY).days + 1):
        date_ = FIRST_DAY + timedelta(days=day)
        season = 1.0 + 0.35 * np.sin(2 * np.pi * (day - 60) / 365) + day / 1500
        for _order in range(random.poisson(orders_per_day * season)):
            ordered_at = datetime.combine(date_, time(8)) + timedelta(
                minutes=int(random.integers(720))
            )
            order_id = f"o-{len(rows):06d}"
            for vendor_id in sorted(
                {names[i] for i in random.choice(len(names), size=2, p=shares)}
            ):
                rows.extend(_part(random, order_id, vendor_id, ordered_at))
    return pl.DataFrame(rows, infer_schema_length=None)


def _part(
    random: np.random.Generator, order_id: str, vendor_id: str, ordered_at: datetime
) -> list[dict[str, object]]:
    _name, category, _share, late = VENDORS[vendor_id]
    end = datetime.combine(AS_OF, time()) + timedelta(days=1)
    ship_by, promised = ordered_at + timedelta(days=2), ordered_at + timedelta(days=6)
    is_cancelled = bool(random.random() < late / 4)
    shipped = ordered_at + timedelta(
        days=2.6 if random.random() < late else float(random.uniform(0.2, 1.9))
    )
    delivered = shipped + timedelta(
        days=5.0 if random.random() < late else float(random.uniform(1, 3.5))
    )
    rated = not is_cancelled and delivered < end and random.random() < 0.6
    number = int(random.integers(len(_PRODUCTS)))
    price = round(float(random.gamma(3, 14)) + 4, 2)
    quantity = int(random.integers(1, 4))
    part = {
        "order_id": order_id,
        "order_line_id": f"{order_id}-{quote(vendor_id)}",
        "vendor_id": vendor_id,
        "product_id": f"p-{quote(vendor_id)}-{number}",
        "product_name": f"{_PRODUCTS[number]} {CANARIES[vendor_id]}",
        "category_name": category,
        "customer_id": "customer-canary",
        "channel": "web",
        "status": "cancelled" if is_cancelled else "delivered" if delivered < end else "shipped",
        "quantity": quantity,
        "unit_price": price,
        "discount_amount": 0.0,
        "gmv": round(price * quantity, 2),
        "commission_amount": round(price * quantity * 0.12, 2),
        "is_cancelled": is_cancelled,
        "rating": int(random.choice([1, 3, 4, 5, 5], p=[0.1, 0.1, 0.3, 0.3, 0.2]))
        if rated
        else None,
        "ordered_at": ordered_at,
        "order_date": ordered_at.date(),
        "ship_by_at": ship_by,
        "promised_at": promised,
        "shipped_at": shipped if not is_cancelled and shipped < end else None,
        "delivered_at": delivered if not is_cancelled and delivered < end else None,
    }
    return [part]


def _bounds(sums: pl.DataFrame) -> pl.DataFrame:
    """An 80 % interval per rate; good enough to look right, the real ones are the pipeline's."""
    thresholds = {"late_shipment_rate": 0.04, "on_time_delivery_rate": 0.9, "review_score": 4.0}
    rows = []
    for row in sums.iter_rows(named=True):
        scale = 5.0 if row["metric_id"] == "review_score" else 1.0
        numerator, denominator = row["numerator"] / scale, row["denominator"]
        belief = stats.beta(numerator + 1, max(denominator - numerator, 0) + 1)
        limit = thresholds.get(row["metric_id"], 0.05) / scale
        below = float(belief.cdf(limit))
        wrong = (
            below if row["metric_id"] in {"on_time_delivery_rate", "review_score"} else 1 - below
        )
        rows.append(
            {
                "vendor_id": row["vendor_id"],
                "metric_id": row["metric_id"],
                "window_end": row["window_end"],
                "rate_lower": float(belief.ppf(0.1)) * scale,
                "rate_upper": float(belief.ppf(0.9)) * scale,
                "probability_over_threshold": wrong,
            }
        )
    return pl.DataFrame(rows)


def _without(table: str, columns: str) -> str:
    return f"(select * exclude ({columns}) from marts.{table})"


_VENDOR_TABLES = {
    "dim_vendors": "marts.dim_vendors",
    "dim_products": "marts.exp_dim_products",
    "fct_orders": "marts.exp_fct_orders",
    "fct_order_lines": _without("fct_order_lines", "customer_id"),
    "fct_reviews": "marts.exp_fct_reviews",
    "mart_vendor_daily": "marts.mart_vendor_daily",
    "mart_vendor_summary": _without("mart_vendor_summary", "gmv_rank, gmv_share"),
    "mart_vendor_scorecard": _without("mart_vendor_scorecard", "marketplace_rate"),
    "mart_vendor_metric_lines": "marts.mart_vendor_metric_lines",
}


def _write_vendor(connection: duckdb.DuckDBPyConnection, folder: Path, vendor_id: str) -> None:
    path = folder / "vendors" / (quote(vendor_id, safe="") + ".duckdb")
    connection.execute(f"attach '{path}' as vendor_file")
    connection.execute("create schema vendor_file.marts")
    for table, source in _VENDOR_TABLES.items():
        connection.execute(
            f"create table vendor_file.marts.{table} as select * from {source} where vendor_id = ?",
            [vendor_id],
        )
    for table in ("mart_metrics", "mart_trailing_windows"):
        connection.execute(f"create table vendor_file.marts.{table} as from marts.{table}")
    connection.execute("detach vendor_file")


def _drop_scaffolding(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("lines", "parts", "vendors", "windows", "metrics", "metric_lines", "sums"):
        connection.execute(f"drop table {table}")
    for table in ("exp_fct_orders", "exp_fct_reviews", "exp_dim_products"):
        connection.execute(f"drop table marts.{table}")
