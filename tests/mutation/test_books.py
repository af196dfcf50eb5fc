"""What only the models see: planted at once, read from the reconciliation and the lights."""

import shutil
from dataclasses import dataclass

import duckdb
import pytest

from data_quality.runner import Checker
from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from sources.parsing.client import Parser
from tests.mutation.books import BOOKS, Books
from tests.mutation.clean_days import END, CleanDays, with_warehouse
from tests.mutation.regime import Regime
from tests.warehouse.dbt import run_dbt

pytestmark = pytest.mark.quality

_FOUND = """
select 'mart_reconciliation/' || source || '/' || measure || ' ' || coalesce(vendor_id, 'nobody')
    || ' ' || reconciliation_date from marts.mart_reconciliation where state <> 'ok'
union all
select 'mart_feed_status/' || freshness || ' ' || feed from marts.mart_feed_status
where freshness = 'late'
"""


@dataclass(frozen=True)
class Findings:
    """What the marts find wrong before and after the planting, and where it was planted."""

    before: set[str]
    after: set[str]
    planted: dict[str, str]


def built(home: Home, clean: CleanDays) -> set[str]:
    """Builds the marts of the books and of the lights; returns what they find wrong."""
    done = run_dbt(
        home,
        "build",
        *("--exclude-resource-type", "unit_test", "test"),
        *("--select", "+mart_reconciliation", "+mart_feed_status"),
        variables=dbt_variables(clean.shop, END),
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return {str(row[0]) for row in connection.execute(_FOUND).fetchall()}


@pytest.fixture(scope="module")
def findings(
    clean: CleanDays, parser: Parser, checker: Checker, tmp_path_factory: pytest.TempPathFactory
) -> Findings:
    folder = tmp_path_factory.mktemp("books")
    home = with_warehouse(clean, folder)
    before = built(home, clean)
    shutil.copyfile(clean.home.warehouse, home.warehouse)
    shutil.copytree(clean.inbox, folder / "inbox")
    with open_warehouse(home.warehouse) as connection:
        books = Books(connection, folder / "inbox" / "feeds", END)
        planted = {name: plant(books) for name, (_, plant) in BOOKS.items()}
    shop = clean.shop.model_copy(update={"folder": folder / "inbox"})
    Regime(home, shop, parser, checker, END, clean.measured).run(books.write())
    return Findings(before, built(home, clean), planted)


def test_books_of_a_clean_marketplace_agree(findings: Findings) -> None:
    assert findings.before == set()


@pytest.mark.parametrize("name", BOOKS)
def test_wrong_document_stands_where_it_is_wrong(findings: Findings, name: str) -> None:
    place = findings.planted[name]

    assert place.startswith(BOOKS[name][0])
    assert place in findings.after


def test_every_plant_has_a_place_of_its_own(findings: Findings) -> None:
    assert len(set(findings.planted.values())) == len(BOOKS)
