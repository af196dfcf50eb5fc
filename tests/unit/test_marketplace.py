"""A marketplace's file: what it may say, and that each mistake is named with its place."""

from pathlib import Path

import pytest
import yaml

from pipelines.docs_pages.feeds import feeds_page
from pipelines.marketplaces import marketplace_file
from pipelines.settings import PROJECT_ROOT
from sources.connectors.files import discover, inferred_format
from sources.contract import all_contracts
from sources.errors import ConfigurationError
from sources.expected import expected_of
from sources.marketplace import load_marketplace

GOOD = """\
name: mine
title: Mine
currency_code: EUR
folder: data
feeds:
  orders:
    - files: orders.csv
      columns:
        order_id: number
        customer_id: buyer
        status: state
        ordered_at: placed
  order_lines: [{files: lines.csv}]
  vendors: [{files: vendors.csv}]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_marketplace(write(folder, text), {})
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_folder_is_relative_to_the_file(tmp_path: Path) -> None:
    marketplace = load_marketplace(write(tmp_path, GOOD), {})

    assert marketplace.folder == tmp_path / "data"


def test_folder_from_the_environment_is_relative_to_where_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    text = GOOD.replace("folder: data", "folder: ${PLACE}")

    marketplace = load_marketplace(write(tmp_path, text), {"PLACE": "../data"})

    assert marketplace.folder == tmp_path / "data"


def test_folder_from_the_environment_is_the_same_for_a_server_that_works_elsewhere(
    tmp_path: Path,
) -> None:
    text = GOOD.replace("folder: data", "folder: ${PLACE}")
    told = {"PLACE": "../data", "KONTOR_STARTED_IN": str(tmp_path / "shop")}

    assert load_marketplace(write(tmp_path, text), told).folder == tmp_path / "data"


def test_environment_fills_in_variables_and_defaults(tmp_path: Path) -> None:
    text = GOOD.replace("folder: data", "folder: ${PLACE:-/nowhere}/${SUB}")

    assert load_marketplace(write(tmp_path, text), {"SUB": "x"}).folder == Path("/nowhere/x")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("        order_id: number", "        ordr_id: number\n        order_id: number"),
            (
                "mine.yml:9:9: feeds.orders.0.columns.ordr_id: orders has no such column; "
                "did you mean 'order_id'?"
            ),
        ),
        (
            ("        ordered_at: placed\n", ""),
            (
                "mine.yml:8:7: feeds.orders.0.columns: orders needs 'ordered_at'; map it to a "
                "column or give a constant"
            ),
        ),
        (
            ("        customer_id: buyer\n", ""),
            (
                "mine.yml:8:7: feeds.orders.0.columns: orders needs 'customer_id or "
                "customer_record_id'; map it to a column or give a constant"
            ),
        ),
        (
            ("  vendors: [{files: vendors.csv}]", "  vendor: [{files: vendors.csv}]"),
            "mine.yml:14:3: feeds.vendor: there is no such feed; did you mean 'vendors'?",
        ),
        (
            ("  vendors: [", "  operation_events: [{files: x.csv}]\n  vendors: ["),
            (
                "mine.yml:14:3: feeds.operation_events: operation_events is filled by Kontor from "
                "its own store; remove it"
            ),
        ),
        (
            ("name: mine", "name: mine\ntime_zone: Berlin"),
            "mine.yml:2:1: time_zone: no such time zone; write it like Europe/Berlin",
        ),
        (
            ("folder: data", "folder: ${MY_DIR}"),
            "mine.yml:4:1: folder: MY_DIR is not set; set it in the environment or in .env",
        ),
        (
            ("status: state", "status: {column: state, constant: x}"),
            (
                "mine.yml:11:9: feeds.orders.0.columns.status: give exactly one of column, "
                "constant, template or expression"
            ),
        ),
        (
            ("title: Mine", "titel: Mine"),
            "mine.yml:2:1: titel: there is no such key; did you mean 'title'?",
        ),
        (
            ("files: orders.csv", "files: /data/orders.csv"),
            ("mine.yml:7:7: feeds.orders.0.files: leads out of folder; use a path below it"),
        ),
    ],
)
def test_each_mistake_is_named_with_line_column_and_remedy(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    assert expected in problems_of(tmp_path, GOOD.replace(*change))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("files: orders.csv", "files: orders.csv\n      encoding: utf-9"),
            "mine.yml:8:7: feeds.orders.0.encoding: no such encoding; write it like utf-8",
        ),
        (
            ("files: orders.csv", "files: orders.csv\n      encoding: base64"),
            "mine.yml:8:7: feeds.orders.0.encoding: no such encoding; write it like utf-8",
        ),
        (
            ("files: orders.csv", "files: orders.csv\n      delimiter: tab"),
            "mine.yml:8:7: feeds.orders.0.delimiter: not a delimiter; use one character",
        ),
        (
            ("files: orders.csv", "files: orders.csv\n      delimiter: ''"),
            "mine.yml:8:7: feeds.orders.0.delimiter: not a delimiter; use one character",
        ),
        (
            ("order_id: number", "order_id: {column: number, pattern: '['}"),
            (
                "mine.yml:9:36: feeds.orders.0.columns.order_id.pattern: not a regular expression "
                "at character 1; correct it"
            ),
        ),
        (
            ("order_id: number", "order_id: {column: number, pattern: '(?=1)1'}"),
            "order_id.pattern: uses lookaround or backreferences, which RE2 does not",
        ),
        (
            ("order_id: number", "order_id: {template: 'A-{number'}"),
            "order_id.template: not a template (expected '}' before end of string)",
        ),
        (
            ("ordered_at: placed", "ordered_at: {column: placed, format: 'dd.mm.yyyy'}"),
            "ordered_at.format: names no part of a date; write it like '%d.%m.%Y",
        ),
        (
            ("currency_code: EUR", "currency_code: Euro"),
            "mine.yml:3:1: currency_code: not a currency; use an ISO 4217 code",
        ),
        (
            ("folder: data", "folder: data\nown_hosts: ['https://shop.example/']"),
            "own_hosts.0: not a host name; write it like shop.example",
        ),
        (
            ("folder: data", "folder: data\nsegments: {bounds: {monetary: [50, 150, 150, 900]}}"),
            "mine.yml:5:21: segments.bounds.monetary: give four bounds between five scores, each",
        ),
        (
            ("folder: data", "folder: data\nsegments: {bounds: {recency_days: [30, 90, 180]}}"),
            "segments.bounds.recency_days: give four bounds between five scores",
        ),
        (
            ("folder: data", "folder: data\nsegments: {bounds: {frequencies: [2, 3, 4, 5]}}"),
            "mine.yml:5:21: segments.bounds.frequencies: there is no such key; did you mean 'freq",
        ),
    ],
)
def test_word_that_is_none_is_named_before_anything_is_read(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    [problem] = problems_of(tmp_path, GOOD.replace(*change))

    assert expected in problem


def test_broken_yaml_is_named_with_line_and_column(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, "name: mine\nfeeds: [unclosed\ntitle: x\n")

    assert problem.startswith("mine.yml:3:6: not valid YAML:")


@pytest.mark.parametrize("name", ["../pyproject", "../tests/private", "/etc/hosts", "demo/../demo"])
def test_name_of_a_marketplace_is_no_path(name: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no marketplace"):
        marketplace_file(name)


@pytest.mark.parametrize("files", ["''", ".", "/"])
def test_glob_that_names_no_file_is_a_mistake(tmp_path: Path, files: str) -> None:
    [problem] = problems_of(tmp_path, GOOD.replace("files: orders.csv", f"files: {files}"))

    assert "feeds.orders.0.files: " in problem


@pytest.mark.parametrize("folder", ["~nobody-of-that-name/x", "circle"])
def test_folder_that_leads_nowhere_is_a_mistake(tmp_path: Path, folder: str) -> None:
    (tmp_path / "circle").symlink_to("circle")

    [problem] = problems_of(tmp_path, GOOD.replace("folder: data", f"folder: {folder}"))

    assert problem == "mine.yml:4:1: folder: leads nowhere; write its path in full"


def test_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no\.yml: cannot be read"):
        load_marketplace(tmp_path / "no.yml", {})


def test_files_come_in_a_stable_order_each_pattern_after_the_other(tmp_path: Path) -> None:
    text = GOOD.replace("{files: lines.csv}", "{files: 'b*.csv'}, {files: 'a*.csv'}")
    marketplace = load_marketplace(write(tmp_path, text), {})
    marketplace.folder.mkdir()
    for name in ("a2.csv", "b2.csv", "b1.csv", "a1.csv"):
        (marketplace.folder / name).touch()

    names = [file.name for file in discover(marketplace, "order_lines").files]

    assert names == ["b1.csv", "b2.csv", "a1.csv", "a2.csv"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", "csv"),
        ("a.CSV.gz", "csv"),
        ("a.jsonl.zst", "jsonl"),
        ("a.tsv", "tsv"),
        ("a.parquet", "parquet"),
        ("a", "csv"),
    ],
)
def test_format_is_told_by_the_name(name: str, expected: str) -> None:
    assert inferred_format(Path(name)) == expected


@pytest.mark.parametrize("name", ["cdnow", "demo", "olist"])
def test_marketplaces_that_ship_are_sound(name: str) -> None:
    variables = dict.fromkeys(("KONTOR_CDNOW_DIR", "KONTOR_DEMO_DIR", "KONTOR_OLIST_DIR"), "/data")

    marketplace = load_marketplace(PROJECT_ROOT / "marketplaces" / f"{name}.yml", variables)

    assert set(marketplace.feeds) <= set(all_contracts())


def test_example_in_the_documentation_is_sound(tmp_path: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "your-own-data.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    marketplace = load_marketplace(write(tmp_path, example), {"MY_SHOP_DIR": "/data"})

    assert marketplace.name == "mine"


def test_page_of_the_feeds_is_current() -> None:
    page = (PROJECT_ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")

    assert page == feeds_page(all_contracts().values()), "make docs"


def test_dialect_needs_no_columns_and_belongs_to_events(tmp_path: Path) -> None:
    text = (
        "name: shop\ntitle: Shop\nfolder: .\nfeeds:\n"
        "  orders: [{files: o.csv}]\n  order_lines: [{files: l.csv}]\n  vendors: [{files: v.csv}]\n"
        "  events:\n"
        "    - {files: a, dialect: segment, columns: {vendor_id: properties.merchant}}\n"
        "    - {files: b, dialect: ga4, columns: {vendr_id: items.owner}}\n"
        "  payments: [{files: p, dialect: ga4}]\n"
    )
    path = tmp_path / "shop.yml"
    path.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load_marketplace(path, {})

    found = str(caught.value)
    assert "events has no such column; did you mean 'vendor_id'?" in found
    assert "payments has no dialect, only events has" in found
    assert len(caught.value.problems) == 2


def test_dialect_refuses_a_format_that_it_does_not_come_in(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(
        "name: shop\ntitle: Shop\nfolder: .\nfeeds:\n"
        "  events: [{files: a, dialect: segment, format: parquet}]\n"
    )

    with pytest.raises(ConfigurationError, match="segment is read from jsonl, not from parquet"):
        load_marketplace(path, {})


def test_dialect_is_never_a_snapshot(tmp_path: Path) -> None:
    text = GOOD + "  events: [{files: clicks.jsonl, dialect: segment, snapshot: true}]\n"

    [problem] = problems_of(tmp_path, text)

    assert problem.startswith("mine.yml:15:12: feeds.events.0: ")
    assert "segment delivers new events, never a full snapshot; remove snapshot" in problem


def test_databases_in_the_documentation_are_sound(tmp_path: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "your-own-data.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(part.split("```")[0]) for part in page.split("```yaml\n")[1:]]
    files = examples[0]
    [databases] = [example for example in examples if "databases" in example]
    example = {**files, "databases": databases["databases"]}
    example["feeds"] = {**files["feeds"], **databases["feeds"]}
    variables = {"MY_SHOP_DIR": "/data", "KONTOR_SHOP_URL": "postgresql://r:secret@host/shop"}

    marketplace = load_marketplace(write(tmp_path, yaml.safe_dump(example)), variables)

    assert [entry.entry for entry in marketplace.database_feeds("order_lines")] == ["shop/items"]
    assert "secret" not in repr(marketplace) + marketplace.model_dump_json()


LINES = """\
  order_lines:
    - files: lines.csv
      columns: {order_line_id: position, order_id: number, quantity: pieces, unit_price: price}
"""


def test_who_sells_must_be_said_by_lines_or_orders_or_the_lines_own_products(
    tmp_path: Path,
) -> None:
    nobody = GOOD.replace("  order_lines: [{files: lines.csv}]\n", LINES)
    by_order = nobody.replace("status: state", "status: state\n        vendor_id: seller")
    # The lines do not say which product they are of.
    unreachable = nobody + "  products: [{files: p.csv, columns: {product_id: a, vendor_id: b}}]\n"
    by_product = unreachable.replace("unit_price: price", "unit_price: price, product_id: sku")

    assert problems_of(tmp_path, unreachable) == problems_of(tmp_path, nobody)
    assert problems_of(tmp_path, nobody) == [
        (
            "mine.yml:15:7: feeds.order_lines.0.columns: order_lines needs 'vendor_id'; map it, or "
            "else 'orders.vendor_id' or 'products.vendor_id', or give a constant"
        )
    ]
    for text in (by_order, by_product):
        lines = load_marketplace(write(tmp_path, text), {})
        contract = all_contracts()["order_lines"]
        [entry] = lines.feeds["order_lines"]
        assert not expected_of(lines, contract, entry.columns).columns["vendor_id"].required
        # Files without a mapping of their own hold all that is required.
        assert expected_of(lines, contract, None) == contract
