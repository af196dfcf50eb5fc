"""What leaves, as dbt's manifest says: models of exports and marked columns of marts alike."""

from typing import Any

import pytest

from pipelines.dbt.manifest import Manifest, ManifestError


def model(path: str, for_vendors: tuple[str, ...] = (), **meta: Any) -> dict[str, Any]:
    """A model with the columns vendor_id, day and rank."""
    return {
        "resource_type": "model",
        "name": path.rpartition("/")[2],
        "schema": path.partition("/")[0],
        "fqn": ["kontor", *path.split("/")],
        "config": {"meta": meta},
        "columns": {
            name: {
                "name": name,
                "data_type": "string",
                "config": {"meta": {"vendor": name in for_vendors}},
            }
            for name in ("vendor_id", "day", "rank")
        },
    }


def key(of: str, *columns: str) -> dict[str, Any]:
    """A test that these columns are a key."""
    return {
        "resource_type": "test",
        "attached_node": of,
        "test_metadata": {"name": "unique_combination", "kwargs": {"columns": list(columns)}},
    }


def test_marked_columns_of_a_mart_are_an_export_like_a_model() -> None:
    manifest = Manifest(
        {
            "nodes": {
                "days": model("marts/sales/mart_days", ("vendor_id", "day")),
                "orders": model("exports/vendor/exp_vendor__orders", shared=True),
                "wide_key": key("days", "vendor_id", "rank"),  # not all of it leaves
                "key": key("days", "vendor_id", "day"),
            }
        }
    )

    days, orders = manifest.exports()

    assert (days.name, orders.name) == ("vendor/mart_days", "vendor/orders")
    assert [column.name for column in days.columns] == ["vendor_id", "day"]
    assert days.query == 'select "vendor_id", "day" from "marts"."mart_days"'
    assert orders.query == 'select * from "exports"."exp_vendor__orders"'
    assert (days.key, orders.key) == (("vendor_id", "day"), ())
    assert (days.model.is_shared, orders.model.is_shared) == (False, True)


def test_exports_are_found_by_their_destination() -> None:
    manifest = Manifest(
        {
            "nodes": {
                "days": model("marts/sales/mart_days", ("vendor_id",), vendor_table="days"),
                "letters": model("exports/marketing/letters/exp_marketing_letters__contacts"),
            }
        }
    )

    assert [export.name for export in manifest.exports("vendor")] == ["vendor/days"]
    assert [export.name for export in manifest.exports("marketing/letters")] == [
        "marketing/letters/contacts"
    ]
    assert manifest.exports("marketing") == ()


def test_one_table_of_a_destination_comes_from_one_model() -> None:
    nodes = {
        "days": model("marts/sales/mart_days", ("vendor_id",)),
        "export": model("exports/vendor/exp_vendor__mart_days"),
    }

    with pytest.raises(ManifestError, match="are both the table vendor/mart_days"):
        Manifest({"nodes": nodes}).exports()


def test_columns_of_marts_alone_are_marked_for_vendors() -> None:
    nodes = {"days": model("intermediate/sales/int_days_spined", ("vendor_id",))}

    with pytest.raises(ManifestError, match="int_days_spined is no mart"):
        Manifest({"nodes": nodes}).exports()
