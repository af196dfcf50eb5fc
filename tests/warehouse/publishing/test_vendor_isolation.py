"""A vendor's file holds that vendor's rows, and nothing of anybody else in any of its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import duckdb
import pytest

from pipelines.publishing.publish import publish
from pipelines.publishing.versions import vendor_file_name

if TYPE_CHECKING:
    from tests.warehouse.publishing.conftest import Built

pytestmark = pytest.mark.warehouse

HOSTILE = [
    "../escape", "a/b", "..", ".", "%", "%2F", "a%2fb", "ü", "Ω漢字", "it's", 'say "hi"', "a b",
    "a;drop", "con", "-rf", "~", "x\ny", "A", "a", "v" * 300, "ä" * 90, "marts.duckdb", "marts",
    "' or '1'='1", "system", "temp", "memory",
]  # fmt: skip


def fill(built: Built, vendors: list[str]) -> None:
    """Gives each vendor 40 lines whose notes name the vendor's own canary."""
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("delete from marts.dim_vendors; delete from marts.fct_order_lines")
        rows = [(vendor, f"NAME{number:04d}CANARY") for number, vendor in enumerate(vendors)]
        connection.executemany("insert into marts.dim_vendors values (?, ?)", rows)
        connection.execute(
            "insert into marts.fct_order_lines select 'line-' || vendor_name || i, vendor_id, "
            "'note of ' || vendor_name || repeat(chr(cast(97 + i % 26 as integer)), "
            "cast(i * 7 % 90 as integer)), 1, 10, date '2026-06-01' + cast(i % 30 as integer) "
            "from marts.dim_vendors, range(40) as numbers(i)"
        )
        connection.execute(
            "create or replace table exports.exp_vendor__dim_vendors as from marts.dim_vendors"
        )
        # Somebody's personal data, in the warehouse and in no export.
        connection.execute("create table marts.people as select 'PERSON-CANARY' as name")


def test_no_byte_of_a_vendors_file_comes_from_another_vendor(built: Built) -> None:
    vendors = [f"vendor-{number:04d}-id" for number in range(60)]
    fill(built, vendors)

    done = publish(built.publication())

    folder = built.published / done.version / "vendors"
    assert len(list(folder.iterdir())) == 60  # no logs, no temporary files beside them
    seen_own = 0
    for number, vendor in enumerate(vendors):
        content = (folder / vendor_file_name(vendor)).read_bytes()
        own = {vendor.encode(), f"NAME{number:04d}CANARY".encode()}
        seen_own += all(canary in content for canary in own)
        for other, other_vendor in enumerate(vendors):
            if other != number:
                assert other_vendor.encode() not in content
                assert f"NAME{other:04d}CANARY".encode() not in content
        assert b"PERSON-CANARY" not in content
    assert seen_own == 60  # the search would have found them: strings are stored as they are


def test_the_manifest_names_no_vendor_and_no_person(built: Built) -> None:
    fill(built, ["vendor-0001-id"])

    done = publish(built.publication())

    text = (built.published / done.version / "manifest.json").read_text()
    assert "vendor-0001-id" not in text
    assert "CANARY" not in text


def test_ids_that_look_like_paths_or_sql_are_only_ids(built: Built) -> None:
    fill(built, HOSTILE)

    done = publish(built.publication())

    assert done.vendor_count == len(HOSTILE)
    folder = built.published / done.version / "vendors"
    assert {path.name for path in folder.iterdir()} == {vendor_file_name(v) for v in HOSTILE}
    for vendor in HOSTILE:
        # Under a name of the reader's own: DuckDB would call the database after its file, and
        # then "marts" could mean the vendor's database, and "system" could not be opened at all.
        path = str(folder / vendor_file_name(vendor)).replace("'", "''")
        with duckdb.connect() as connection:
            connection.execute(f"attach '{path}' as vendor_file (read_only)")
            own = connection.execute(
                "select vendor_id, count(*) from vendor_file.marts.fct_order_lines group by all"
            ).fetchall()
        assert own == [(vendor, 40)]
    published = {path.name for path in built.published.iterdir()}
    assert published == {"CURRENT", done.version}


@pytest.mark.parametrize("vendor", HOSTILE)
def test_a_file_name_stays_in_its_folder_and_fits(vendor: str) -> None:
    name = vendor_file_name(vendor)

    assert "/" not in name
    assert name not in {".", ".."}
    assert len(name.encode()) <= 250
    if len(quote(vendor, safe="")) <= 200:
        assert name == quote(vendor, safe="") + ".duckdb"  # what the dashboards open


def test_two_long_ids_never_share_a_file() -> None:
    assert vendor_file_name("v" * 300) != vendor_file_name("v" * 301)


def test_addresses_and_numbers_in_texts_do_not_reach_vendors(built: Built) -> None:
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute(
            "update marts.fct_order_lines set note = 'Mug info@shop.example (+49 30 1234567), 5+1' "
            "where order_line_id = 'line-1'; "
            "update marts.fct_order_lines set order_line_id = 'jo@mail.example-' || quantity "
            "where order_line_id in ('line-2', 'line-4')"
        )

    done = publish(built.publication())

    file = built.published / done.version / "vendors" / vendor_file_name("v-1")
    assert b"shop.example" not in file.read_bytes()
    with duckdb.connect(str(file), read_only=True) as connection:
        # both lines are still there and still two
        found = connection.execute(
            "select count(*), count(distinct order_line_id), "
            "count(*) filter (where starts_with(order_line_id, 'masked-')), "
            "any_value(note) filter (where order_line_id = 'line-1') from marts.fct_order_lines"
        ).fetchone()
    assert found == (60, 60, 2, "Mug *** (***), 5+1")
