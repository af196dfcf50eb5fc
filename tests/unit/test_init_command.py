"""`kontor init`: of each system's export it proposes a mapping that loads orders and lines."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.home import Home
from pipelines.loading.feed import load_feed
from pipelines.proposing.values import states, time_format
from sources.contract import all_contracts
from sources.marketplace import load_marketplace
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk
from tests.unit.test_examples import EXAMPLES, SYSTEMS, Sums

pytestmark = pytest.mark.loading


@pytest.mark.parametrize("known", SYSTEMS)
def test_proposal_loads_the_orders_and_lines_that_the_hand_written_mapping_does(
    tmp_path: Path, parser: Parser, known: Callable[[], Sums]
) -> None:
    folder, out = tmp_path / "my exports", tmp_path / "proposed.yml"
    folder.mkdir()
    for path in (EXAMPLES / known.__name__).iterdir():
        if path.suffix != ".yml":
            shutil.copy(path, folder)

    done = CliRunner().invoke(app, ["init", str(folder), "--out", str(out)])

    assert done.exit_code == 0, done.output
    shop = load_marketplace(out, {})
    assert shop.name == "my_exports"
    desk = Desk(Home(tmp_path / "home"), shop, parser)
    with desk.loader() as loader:
        outcomes = [one for feed in shop.feeds for one in load_feed(loader, feed).outcomes]
    assert {one.status for one in outcomes} == {"loaded"}
    for feed in ("orders", "order_lines"):
        lacking = " or ".join(
            f"{name} is null"
            for name, one in all_contracts()[feed].columns.items()
            if one.required and not one.else_from
        )
        assert desk.query(f"select count(*) from raw.{feed}_current where {lacking}") == [(0,)]
    # Who sells stands on the line, on its order or on its product.
    said = ["order_lines.vendor_id is null"]
    said += ["orders.vendor_id is null"] if "vendor_id" in shop.feeds["orders"][0].columns else []
    if "products" in shop.feeds:
        said += ["product_id not in (select product_id from raw.products_current)"]
    assert desk.query(
        "select count(*) from raw.order_lines_current as order_lines join raw.orders_current as "
        f"orders using (order_id) where {' and '.join(said)}"
    ) == [(0,)]
    # What a proposal cannot know, as which rows are sums, it loads or quarantines; none is lost.
    assert {
        order for (order,) in desk.query("select distinct order_id from raw.order_lines_current")
    } == {*known()}


def test_what_cannot_be_told_is_asked(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
        "536365,A,6,01/02/2026,2.55,17850\n536366,B,-1,03/02/2026,1.50,\n"
    )

    said = CliRunner().invoke(app, ["init", str(tmp_path)]).output

    asked = [line.strip() for line in said.splitlines() if line.strip().startswith("# ?")]
    assert "# ? Both day before month and month before day fit. Which is it?" in asked
    assert any("taken for returns" in line for line in asked)
    assert any("taken for guests" in line for line in asked)
    assert any("one vendor sells all" in line for line in asked)


def test_an_erps_folder_is_proposed_with_its_cover_sheet_two_header_lines_and_percents(
    tmp_path: Path, parser: Parser
) -> None:
    folder, out = tmp_path / "erp", tmp_path / "proposed.yml"
    folder.mkdir()
    with xlsxwriter.Workbook(folder / "Aufträge.xlsx") as book:
        book.add_worksheet("Deckblatt").write(0, 0, "Auftragsexport, Stand 27.05.2026")
        page = book.add_worksheet("Aufträge")
        for number, row in enumerate(
            [
                ["Beleg", "", "Termine", ""],
                ["Auftragsnummer", "Kundennummer", "Auftragsdatum", "Status"],
                ["A1", "D7", "27.05.2026", "In Arbeit"],
                ["A2", "D8", "26.05.2026", "Fakturiert"],
            ]
        ):
            page.write_row(number, 0, row)
    (folder / "Positionen.csv").write_bytes(
        (
            "Auftragsnummer;Pos.;Artikelnummer;Kreditor;Menge;Einzelpreis;Rabatt %;Buchungsdatum\n"
            "A1;10;000139;K1;3;1.339,80;12,50;27.05.2026\nA2;10;000140;K2;2;10,00;0,00;26.05.2026\n"
            "A2;910;000140;K2;-1;10,00;0,00;27.05.2026\n"
        ).encode("cp1252")
    )
    (folder / "Kreditoren.csv").write_bytes(
        "Kreditor-Nr.;Firma 1\nK1;Müller & Söhne\nK2;Weiß OHG\n".encode("cp1252")
    )
    (folder / "Lieferscheine.csv").write_text('Schein;"Versandt\nam"\nL1;27.05.2026\n')

    done = CliRunner().invoke(app, ["init", str(folder), "--out", str(out)])

    assert done.exit_code == 0, done.output
    shop = load_marketplace(out, {})
    desk = Desk(Home(tmp_path / "home"), shop, parser)
    with desk.loader() as loader:
        outcomes = [one for feed in shop.feeds for one in load_feed(loader, feed).outcomes]
    assert {one.status for one in outcomes} == {"loaded"}
    assert desk.query("select order_id, status from raw.orders_current order by 1") == [
        ("A1", "processing"),
        ("A2", "invoiced"),
    ]
    # A percentage is a share of a hundred, and a row with a negative number of pieces a return.
    assert desk.query(
        "select order_line_id, quantity, unit_price, discount_rate from raw.order_lines_current "
        "where order_id = 'A1'"
    ) == [("10", 3, Decimal("1339.8"), Decimal("0.125"))]
    assert desk.query("select order_id, quantity, refund_amount from raw.returns_current") == [
        ("A2", 1, 10)
    ]
    assert desk.query("select name from raw.vendors_current order by 1") == [
        ("Müller & Söhne",),
        ("Weiß OHG",),
    ]
    assert "# ? Lieferscheine.csv: Schein, Versandt am" in out.read_text().splitlines()


def test_payments_are_not_taken_for_orders_and_what_is_cancelled_or_given_off_is_kept(
    tmp_path: Path,
) -> None:
    (tmp_path / "orders.csv").write_text(
        "Name,Email,Fulfillment Status,Cancelled at,Created at,Lineitem quantity,Lineitem price,"
        "Lineitem sku,Lineitem discount,Vendor\n"
        "#1,eva@example.com,fulfilled,,2026-03-08,1,10.00,A,1.00,Bay\n"
        "#1,,,,2026-03-08,2,5.00,B,0,Oak\n"
    )
    (tmp_path / "transactions.csv").write_text(
        "Order,Kind,Status,Amount,Created At\n#1,sale,success,19.00,2026-03-08\n"
        "#1,refund,success,5.00,2026-03-09\n"
    )

    said = CliRunner().invoke(app, ["init", str(tmp_path)]).output

    feeds = yaml.safe_load(said)["feeds"]
    assert feeds["orders"][0]["files"] == "orders.csv"
    status = feeds["orders"][0]["columns"]["status"]
    assert status["expression"] == (
        "'cancelled' if not is_empty({Cancelled at}) else {Fulfillment Status}"
    )
    assert status["map"]["cancelled"] == "cancelled"
    assert feeds["order_lines"][0]["columns"]["discount_amount"] == "Lineitem discount"
    assert any(line.startswith("# ? transactions.csv: Order") for line in said.splitlines())


def test_of_files_whose_columns_are_not_known_the_columns_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("zakaz,shtuk,rub\n1,2,3\n")

    said = CliRunner().invoke(app, ["init", str(tmp_path)]).output

    assert "# ? a.csv: zakaz, shtuk, rub" in said.splitlines()


def test_a_workbook_without_a_table_is_left_out(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Cover").write(0, 0, "Only a title")

    done = CliRunner().invoke(app, ["init", str(tmp_path)])

    assert (done.exit_code, "has no CSV" in " ".join(done.output.split())) == (2, True)


def test_a_folder_without_exports_is_told_and_no_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0\0")
    empty = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert (empty.exit_code, "has no CSV" in " ".join(empty.output.split())) == (2, True)

    (tmp_path / "a.csv").write_text("order,quantity,price\n1,2,3\n")
    kept = tmp_path / "mine.yml"
    kept.write_text("mine")
    there = CliRunner().invoke(app, ["init", str(tmp_path), "--out", str(kept)])
    assert (there.exit_code, kept.read_text()) == (2, "mine")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026-01-31", "2026-02-01T10:00:00Z", ""], (None, None, False)),
        (["31.01.2026 10:00"], ("%d.%m.%Y %H:%M", None, False)),
        (["31/01/2026", "01/02/2026"], ("%d/%m/%Y", None, False)),
        (["10-Dez-25", "01-Mär-26"], ("%d-%b-%y", "de", False)),
        (["Jan 5, 2026, 10:00:00 AM"], ("%b %d, %Y, %I:%M:%S %p", None, False)),
        (["soon", "later"], None),
        ([""], None),
    ],
)
def test_the_format_of_times_is_told_from_its_values(values: list[str], expected: object) -> None:
    assert time_format(values) == expected


def test_states_are_known_by_their_words() -> None:
    words = ["Versandt", "storniert", "Versandt", "wunderbar", "paid"]

    assert states(words) == {
        "Versandt": "shipped",
        "storniert": "cancelled",
        "wunderbar": None,
        "paid": "approved",
    }
