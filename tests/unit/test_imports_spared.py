"""Processes import nothing that a library asks for and they have no use of."""

import subprocess
import sys

import pytest

from installation.workers import with_our_code

# What DuckDB, Arrow and polars import pandas for, when they find it.
ASKS_FOR_PANDAS = """
import sys
{begin}
import duckdb, pyarrow
connection = duckdb.connect()
connection.execute("select ?, ?", [1, "text"]).fetchall()
connection.executemany("select ?", [[1], [2]])
arrow_table = pyarrow.table({{"number": [1, 2], "text": ["a", None]}})
assert connection.execute("select count(text) from arrow_table").fetchone() == (1,)
assert connection.execute("select * from arrow_table").pl().height == 2
print("pandas" in sys.modules)
"""
DO_WITHOUT = "from installation.imports import do_without; do_without('pandas')"


@pytest.mark.parametrize(("begin", "is_imported"), [("", True), (DO_WITHOUT, False)])
def test_duckdb_and_arrow_do_their_work_without_pandas(begin: str, *, is_imported: bool) -> None:
    assert printed(ASKS_FOR_PANDAS.format(begin=begin)) == str(is_imported)


@pytest.mark.parametrize("module", ["sources.parsing.worker", "pipelines.publishing.vendor_worker"])
def test_a_worker_finds_no_pandas(module: str) -> None:
    script = (
        f"import importlib, {module} as worker\n"
        "try: worker.main()\n"
        "except Exception: pass\n"  # the second one wants a job
        "try: importlib.import_module('pandas')\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )

    assert printed(script) == "this process does without pandas"


def test_forecasts_load_their_libraries_when_one_is_made() -> None:
    script = (
        "import sys\n"
        "import pipelines.analytics.forecasting, pipelines.assets.predictions\n"
        "print({'statsforecast', 'mlforecast', 'lightgbm', 'numba'} & set(sys.modules) or 'none')\n"
    )

    assert printed(script) == "none"


def test_a_module_that_can_wait_is_loaded_with_its_first_use() -> None:
    script = (
        "import sys\n"
        "from installation.imports import import_when_used; import_when_used('json.tool')\n"
        "import json.tool as tool\n"
        "print('argparse' in sys.modules, callable(tool.main), 'argparse' in sys.modules)\n"
    )

    assert printed(script) == "False True True"


def test_the_collector_leaves_alone_what_was_imported_for_good() -> None:
    script = (
        "import gc\n"
        "from installation.imports import importing_for_good\n"
        "with importing_for_good():\n"
        "    import json.tool\n"
        "    during = gc.isenabled()\n"
        "print(during, gc.isenabled(), gc.get_freeze_count() > 0)\n"
    )

    assert printed(script) == "False True True"


@pytest.mark.quality
def test_the_checker_loads_nothing_that_no_suite_asks_for() -> None:
    script = (
        "import sys\n"
        "from data_quality import worker; worker.main()\n"
        "assert 'great_expectations' in sys.modules\n"
        "assert not {'sqlalchemy', 'altair.vegalite', 'scipy.optimize'} & sys.modules.keys()\n"
    )

    printed(script)


def test_what_a_process_without_pandas_starts_finds_it() -> None:
    command = "[sys.executable, '-c', 'import pandas']"
    child = f"import subprocess, sys; subprocess.run({command}, check=True)"

    assert printed(f"{DO_WITHOUT}; {child}; print('found')") == "found"


def printed(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=with_our_code({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
