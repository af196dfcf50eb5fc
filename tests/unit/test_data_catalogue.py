"""What readers are told of a table: its meaning, its SQL, and what it is made from."""

from pathlib import Path
from typing import Any

from pipelines.dbt.catalogue import catalogue
from pipelines.dbt.manifest import Manifest

STEPS = {"posteriors": "int_counts"}


def model(path: str, reads: list[str], columns: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": path.rpartition("/")[2],
        "schema": path.partition("/")[0],
        "fqn": ["kontor", *path.split("/")],
        "original_file_path": f"models/{path}.sql",
        "description": "Who  buys.\n",
        "raw_code": "select {{ as written }}",
        "depends_on": {"nodes": reads},
        "columns": {
            name: {"name": name, "data_type": "string", "description": f"The {name}.", "meta": meta}
            for name, meta in (columns or {}).items()
        },
    }


def project(columns: dict[str, Any]) -> Manifest:
    """A mart over a statistical step over an intermediate model over a feed."""
    return Manifest(
        {
            "nodes": {
                "m.mart": model("marts/sales/mart_rates", ["s.posteriors"], columns),
                "m.counts": model("intermediate/sales/int_counts", ["m.staged"]),
                "m.staged": model("staging/shop/stg_orders", ["s.orders"]),
                "m.other": model("staging/shop/stg_other", ["s.other"]),
            },
            "sources": {
                "s.posteriors": {"name": "posteriors"},
                "s.orders": {"name": "orders"},
                "s.other": {"name": "other"},
            },
            "exposures": {
                "e.page": {"name": "page_operator_rates", "depends_on": {"nodes": ["m.mart"]}},
                "e.other": {"name": "page_operator_other", "depends_on": {"nodes": ["m.counts"]}},
                "e.export": {"name": "export_vendor", "depends_on": {"nodes": ["m.mart"]}},
            },
        }
    )


def test_a_table_names_its_origin_also_behind_a_statistical_step(tmp_path: Path) -> None:
    table = catalogue(project({}), tmp_path, STEPS)["tables"]["mart_rates"]

    assert table["models"] == ["int_counts", "stg_orders"]
    assert table["feeds"] == ["orders"]
    assert table["pages"] == ["operator_rates"]
    assert table["description"] == "Who buys."


def test_a_column_says_whether_it_is_personal(tmp_path: Path) -> None:
    found = catalogue(project({"city": {"pii": True}, "day": {}}), tmp_path, STEPS)

    columns = found["tables"]["mart_rates"]["columns"]
    assert columns["city"] == {"description": "The city.", "is_personal": True}
    assert columns["day"] == {"description": "The day.", "is_personal": False}


def test_the_sql_is_what_the_engine_got_else_what_was_written(tmp_path: Path) -> None:
    written = catalogue(project({}), tmp_path, STEPS)["tables"]["mart_rates"]["sql"]
    compiled = tmp_path / "models" / "marts" / "sales" / "mart_rates.sql"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("select 1", "utf-8")

    assert written == "select {{ as written }}"
    assert catalogue(project({}), tmp_path, STEPS)["tables"]["mart_rates"]["sql"] == "select 1"


def test_a_metric_is_a_column_of_its_name_or_rows_of_the_scorecard(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"metric_id": {}, "rate": {}, "gmv": {}}

    metrics = catalogue(project(columns), tmp_path, STEPS)["metrics"]

    assert metrics["gmv"] == [{"table": "mart_rates", "column": "gmv"}]
    assert metrics["late_shipment_rate"] == [{"table": "mart_rates", "column": "rate"}]
    assert metrics["order_count"] == []
