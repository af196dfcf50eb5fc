import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from operations.errors import StoreUnavailableError
from operations.store import open_store, opened, sqlite_url, upgrade
from operations.tables import METADATA

OPERATIONS = Path(__file__).parents[2] / "operations"


def test_the_migrations_make_the_tables_that_the_code_uses(store: sa.Engine) -> None:
    with store.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)

    assert differences == []


def test_opening_a_store_again_changes_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "operations.sqlite")
    open_store(url).dispose()
    before = (tmp_path / "operations.sqlite").read_bytes()

    open_store(url).dispose()

    assert (tmp_path / "operations.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:canary@127.0.0.1:1/x",
        "postgresql://u:canary@[127/x",
        "sqlite:////proc/nope/x",
        "sqlite:////etc/passwd",
        "postgresql+pg8000://u:canary@h/x",
    ],
)
def test_a_store_that_cannot_be_opened_is_told_without_its_address(url: str) -> None:
    with pytest.raises(StoreUnavailableError, match="KONTOR_OPERATIONS_URL") as told:
        open_store(url)

    assert "canary" not in str(told.value)


def ask_after_damage(engine: sa.Engine, file: Path) -> None:
    file.write_bytes(b"x" * 100_000)
    with engine.connect() as connection:
        connection.execute(sa.text("select * from accounts"))


def test_a_store_that_breaks_while_it_is_used_is_told(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "operations.sqlite")
    open_store(url).dispose()

    with pytest.raises(StoreUnavailableError, match="cannot be used"), opened(url) as engine:
        ask_after_damage(engine, tmp_path / "operations.sqlite")


def test_upgrading_twice_is_once(store: sa.Engine) -> None:
    upgrade(store)

    assert set(METADATA.tables) <= set(sa.inspect(store).get_table_names())


def test_operations_imports_no_program_and_reads_no_environment() -> None:
    forbidden = {"dashboards", "pipelines", "duckdb", "streamlit", "os", "sources", "dagster"}
    for path in OPERATIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            assert not {name.split(".")[0] for name in names} & forbidden, path
