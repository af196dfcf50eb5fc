"""A version is published whole and verified, or not at all."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import quote

import duckdb
import pytest

from output.findings.texts import TEXTS
from pipelines.publishing.contracts import PublicationRefused
from pipelines.publishing.publish import publish
from pipelines.publishing.vendor_files import VendorFilesError, start, stop
from pipelines.publishing.vendor_job import VendorJob, VendorReport
from pipelines.publishing.versions import current_version, versions
from pipelines.publishing.workshop import alone
from tests.warehouse.publishing.conftest import BUILT_AT

if TYPE_CHECKING:
    from tests.warehouse.publishing.conftest import Built

pytestmark = pytest.mark.warehouse

OTHER = "select order_line_id from marts.fct_order_lines where note = 'other'"
VERSION = "20260630T120000Z-1a2b3c4d"  # BUILT_AT and the first digits of the fingerprint


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(question).fetchall()


def vendor_file(built: Built, vendor: str, version: str = VERSION) -> Path:
    return built.published / version / "vendors" / f"{quote(vendor, safe='')}.duckdb"


def test_a_version_holds_the_marts_each_vendors_own_rows_and_a_manifest(built: Built) -> None:
    catalogue = {"tables": {"dim_vendors": {"description": "Wer verkauft."}}}
    done = publish(built.publication(catalogue=catalogue))

    assert current_version(built.published) == done.version == VERSION
    folder = built.published / VERSION
    assert json.loads((folder / "catalogue.json").read_text("utf-8")) == catalogue
    assert sorted(p.name for p in folder.iterdir()) == [
        "catalogue.json",
        "digests.json",
        "manifest.json",
        "operator.duckdb",
        "vendors",
    ]
    operator = folder / "operator.duckdb"
    assert ask(operator, "select count(*), sum(gmv) from marts.fct_order_lines") == [
        # 0.25 + 1.25 + ... + 89.25 = 89 * 90 / 2 + 90 * 0.25
        (90, pytest.approx(4027.50)),
    ]
    assert ask(operator, "select typeof(gmv) from marts.fct_order_lines limit 1") == [
        ("DECIMAL(18,2)",)
    ]
    lines = "select vendor_id, count(*) from marts.fct_order_lines group by vendor_id"
    assert ask(vendor_file(built, "v-1"), lines) == [("v-1", 60)]  # two of every three lines
    assert ask(vendor_file(built, "v-2"), lines) == [("v-2", 30)]
    assert ask(vendor_file(built, "v-3"), lines) == []  # no lines, and yet a file
    for vendor in ("v-1", "v-2", "v-3"):
        path = vendor_file(built, vendor)
        assert ask(path, "select vendor_id from marts.dim_vendors") == [(vendor,)]
        assert ask(path, "select metric_id from marts.mart_metrics") == [("m",)]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest == {
        "version": VERSION,
        "marketplace": "demo",
        "as_of_date": "2026-06-30",
        "built_at": "2026-06-30T12:00:00Z",
        "tables": {
            "operator": {
                "dim_vendors": 3,
                "fct_order_lines": 90,
                "mart_metrics": 1,
                "mart_vendor_daily": 30,
            }
        },
        "vendor_count": 3,
    }


def test_a_vendors_file_that_would_hold_the_same_is_that_of_the_version_before(
    built: Built,
) -> None:
    code = {**built.publication().about, "code": "as it was"}
    first = publish(built.publication(about=code)).version
    built.run("update marts.fct_order_lines set note = 'other' where order_line_id = 'line-1'")
    later = {"built_at": BUILT_AT + timedelta(hours=1), "fingerprint": "2b3c4d5e6f70"}
    second = publish(built.publication(**later, about=code)).version

    assert ask(vendor_file(built, "v-1", second), OTHER) == [("line-1",)]
    assert ask(vendor_file(built, "v-1", first), OTHER) == []
    for vendor in ("v-2", "v-3"):
        assert vendor_file(built, vendor, second).samefile(vendor_file(built, vendor, first))

    # two lines that exchange their amounts leave count and sum as they were
    amount = "case order_line_id when 'line-0' then 3.25 when 'line-3' then 0.25 else gmv end"
    built.run(f"update marts.fct_order_lines set gmv = {amount}")
    latest = {"built_at": BUILT_AT + timedelta(hours=2), "fingerprint": "3c4d5e6f7081"}
    third = publish(built.publication(**latest, about=code)).version

    exchanged = "select gmv from marts.fct_order_lines where order_line_id = 'line-0'"
    assert ask(vendor_file(built, "v-2", third), exchanged) == [(Decimal("3.25"),)]
    assert vendor_file(built, "v-1", third).samefile(vendor_file(built, "v-1", second))

    # other code may write another file of the same rows
    last = {"built_at": BUILT_AT + timedelta(hours=3), "fingerprint": "4d5e6f708192"}
    fourth = publish(built.publication(**last, about={**code, "code": "as it is"})).version

    assert not vendor_file(built, "v-3", fourth).samefile(vendor_file(built, "v-3", third))


def test_of_the_operators_file_the_tables_are_written_whose_rows_are_others(built: Built) -> None:
    publish(built.publication())
    built.run("update marts.fct_order_lines set gmv = gmv + 1 where order_line_id = 'line-1'")
    built.run("update marts.dim_vendors set vendor_name = 'Tolliver' where vendor_id = 'v-3'")
    steps: list[str] = []
    later = built.publication(built_at=BUILT_AT + timedelta(hours=1))

    version = publish(later, lambda step, _: steps.append(step)).version

    assert [step for step in steps if step.startswith("operator: ")] == [
        "operator: dim_vendors",
        "operator: fct_order_lines",
    ]
    operator = built.published / version / "operator.duckdb"
    assert ask(operator, "select sum(gmv) from marts.fct_order_lines") == [(Decimal("4028.50"),)]
    assert ask(operator, "select vendor_name from marts.dim_vendors order by vendor_id") == [
        ("Brantwick",), ("Quillova",), ("Tolliver",)
    ]  # fmt: skip
    assert ask(operator, "select count(*) from marts.mart_vendor_daily") == [(30,)]

    # A full run keeps nothing, not even in blocks of the file that no table uses any more.
    steps.clear()
    full = built.publication(
        built_at=BUILT_AT + timedelta(hours=2), about={**later.about, "mode": "full"}
    )
    publish(full, lambda step, _: steps.append(step))

    assert sum(step.startswith("operator: ") for step in steps) == 4


def test_files_that_were_put_back_from_a_copy_are_not_built_upon(built: Built) -> None:
    first = publish(built.publication()).version
    built.run("update marts.fct_order_lines set gmv = gmv + 1 where order_line_id = 'line-1'")
    second = publish(built.publication(built_at=BUILT_AT + timedelta(hours=1))).version
    # of the version that is read, two files are those of the one before, with as many rows
    for name in ("operator.duckdb", vendor_file(built, "v-1").relative_to(built.published / first)):
        old = built.published / first / name
        place = built.published / second / name
        place.unlink()
        shutil.copyfile(old, place)

    third = publish(built.publication(built_at=BUILT_AT + timedelta(hours=2))).version

    whole = "select sum(gmv) from marts.fct_order_lines"
    operator = built.published / third / "operator.duckdb"
    assert ask(operator, whole) == [(Decimal("4028.50"),)]
    [(before,)] = ask(vendor_file(built, "v-1", first), whole)
    assert ask(vendor_file(built, "v-1", third), whole) == [(Decimal(str(before)) + 1,)]


def test_vendors_get_of_a_mart_the_columns_that_are_marked_and_their_own_rows(
    built: Built,
) -> None:
    publish(built.publication())

    path = vendor_file(built, "v-2")
    days = "select distinct vendor_id, order_count from marts.mart_vendor_daily"
    assert ask(path, days) == [("v-2", 3)]  # 30 lines on 10 days
    columns = "select column_name from duckdb_columns() where table_name = 'mart_vendor_daily'"
    assert ask(path, columns) == [("vendor_id",), ("order_count",), ("order_date",)]
    assert ("gmv_rank",) in ask(built.published / VERSION / "operator.duckdb", columns)


def test_a_mart_may_have_another_name_for_vendors(built: Built) -> None:
    built.node("mart_vendor_daily")["config"]["meta"] = {"vendor_table": "days"}

    publish(built.publication())

    assert ask(vendor_file(built, "v-2"), "select count(*) from marts.days") == [(10,)]
    operator = built.published / VERSION / "operator.duckdb"
    assert ask(operator, "select count(*) from marts.mart_vendor_daily") == [(30,)]


def test_a_reader_of_the_old_version_keeps_its_rows_while_the_new_one_appears(built: Built) -> None:
    publish(built.publication())
    with duckdb.connect(str(vendor_file(built, "v-1")), read_only=True) as reader:
        built.run("delete from marts.fct_order_lines where vendor_id = 'v-1'")
        later = publish(
            built.publication(built_at=built.publication().built_at + timedelta(days=1))
        )

        assert reader.execute("select count(*) from marts.fct_order_lines").fetchall() == [(60,)]
    new = vendor_file(built, "v-1", later.version)
    assert ask(new, "select count(*) from marts.fct_order_lines") == [(0,)]


STEPS = [
    "cleared", "expectations", "operator: fct_order_lines", "operator: mart_vendor_daily",
    "operator", "vendors", "manifest", "verified", "renamed", "pointed", "pruned",
]  # fmt: skip

KILLED = """
import os, sys, pickle
from pipelines.publishing.publish import publish

def progress(step, done):
    if step == sys.argv[2]:
        os._exit(9)

publish(pickle.load(open(sys.argv[1], "rb")), progress)
"""


def run_killed(built: Built, publication: object, step: str) -> None:
    job = built.folder / "job.pickle"
    job.write_bytes(pickle.dumps(publication))
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(job), step], check=False, cwd=root, timeout=60
    )
    assert ended.returncode == 9, f"no step {step}"


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_readers_have_a_whole_version_and_the_next_run_ends_well(
    built: Built, step: str
) -> None:
    publish(built.publication())
    built.run("delete from marts.fct_order_lines where vendor_id = 'v-1'")
    tomorrow = built.publication(built_at=built.publication().built_at + timedelta(days=1))

    run_killed(built, tomorrow, step)

    current = current_version(built.published)
    moved = step in {"pointed", "pruned"}
    assert current == (tomorrow.version if moved else VERSION)
    remaining = 0 if moved else 60
    path = vendor_file(built, "v-1", current)
    assert ask(path, "select count(*) from marts.fct_order_lines") == [(remaining,)]
    publish(tomorrow)  # the retry, with the same name
    assert current_version(built.published) == tomorrow.version
    path = vendor_file(built, "v-1", tomorrow.version)
    assert ask(path, "select count(*) from marts.fct_order_lines") == [(0,)]
    names = {entry.name for entry in built.published.iterdir()}
    assert names == {"CURRENT", VERSION, tomorrow.version}


def test_a_publication_waits_for_the_workers_of_one_that_was_killed(tmp_path: Path) -> None:
    with alone(tmp_path) as held:
        orphan = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
            pass_fds=(held,),
        )
    begun = threading.Event()

    def publish_next() -> None:
        with alone(tmp_path):
            begun.set()

    threading.Thread(target=publish_next, daemon=True).start()
    waited = not begun.wait(0.5)
    orphan.communicate()

    assert waited
    assert begun.wait(60)


def test_killed_worker_ends_the_publication_with_a_sentence(built: Built) -> None:
    def kill_a_worker(step: str, _done: float) -> None:
        if step == "operator":
            threading.Thread(target=_kill_worker, daemon=True).start()

    with pytest.raises(VendorFilesError) as ended:
        publish(built.publication(), kill_a_worker)

    assert str(ended.value).startswith(
        "the process that writes vendors' files was killed by signal 9 (SIGKILL), most likely "
        "because the machine ran out of memory; lower KONTOR_MEMORY_LIMIT"
    )
    assert current_version(built.published) is None


def test_worker_that_ends_before_it_reads_its_job_ends_the_publication_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    answers: SimpleQueue[tuple[int, VendorReport]] = SimpleQueue()
    longer_than_a_pipe_holds = ["v" * 1_000] * 1_000
    job = VendorJob(
        warehouse="",
        catalog="",
        folder="",
        scratch="",
        workshop="",
        vendors=longer_than_a_pipe_holds,
        rows=[],
        shared_rows=[],
        tables=[],
    )

    process = start(0, job, answers)
    _, report = answers.get(timeout=60)
    stop(process)

    assert [reason.english for reason in report.reasons] == [
        "the process that writes vendors' files ended with exit code 1; run again"
    ]


def _kill_worker() -> None:
    """Kills this process's vendor worker as soon as there is one."""
    while True:
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                command = status.with_name("cmdline").read_bytes()
                if parent == os.getpid() and b"vendor_worker" in command:
                    os.kill(int(status.parent.name), signal.SIGKILL)
                    return


def test_the_first_publication_killed_leaves_no_pointer(built: Built) -> None:
    run_killed(built, built.publication(), "verified")

    assert current_version(built.published) is None
    assert versions(built.published) == []


BROKEN = {
    "drop table marts.mart_metrics": ["mart_metrics does not exist"],
    "alter table marts.fct_order_lines drop column note": [
        "marts.fct_order_lines lacks the column note"
    ],
    "alter table marts.fct_order_lines add column secret varchar": [
        "marts.fct_order_lines has the column secret without a contract"
    ],
    "alter table marts.fct_order_lines alter gmv type double": [
        "marts.fct_order_lines.gmv is DOUBLE, its contract says DECIMAL(18,2)",
        "exports.exp_vendor__fct_order_lines.gmv is DOUBLE, its contract says DECIMAL(18,2)",
    ],
    "delete from marts.dim_vendors where vendor_id = 'v-2'": [
        "fct_order_lines has 30 rows whose vendor is not in dim_vendors"
    ],
    "insert into marts.dim_vendors values (null, 'Nobody')": [
        "dim_vendors has 1 row without a vendor_id"
    ],
    "insert into marts.dim_vendors values ('v-1', 'Twice')": [
        "dim_vendors has several rows of one vendor"
    ],
    "create or replace view exports.exp_vendor__fct_order_lines as "
    "select * replace (cast(gmv * 2 as decimal(18, 2)) as gmv) "
    "from warehouse.marts.fct_order_lines": [
        'gmv of fct_order_lines adds up to 8055.0000, that of "marts"."fct_order_lines" to 4027.50'
    ],
}


@pytest.mark.parametrize("change", BROKEN)
def test_a_violated_contract_publishes_nothing_and_is_said_in_clear_sentences(
    built: Built, change: str
) -> None:
    publish(built.publication())
    built.run(change)
    tomorrow = built.publication(built_at=built.publication().built_at + timedelta(days=1))

    with pytest.raises(PublicationRefused) as refused:
        publish(tomorrow)

    said = [reason.english for reason in refused.value.reasons]
    assert all(reason.code in TEXTS for reason in refused.value.reasons)
    assert not any("as_written" in reason.json_text for reason in refused.value.reasons)
    for sentence in BROKEN[change]:
        assert any(sentence in reason for reason in said), said
    assert current_version(built.published) == VERSION
    assert {entry.name for entry in built.published.iterdir()} == {"CURRENT", VERSION}


@pytest.mark.parametrize(
    ("model", "table", "column"),
    [
        ("exp_vendor__fct_order_lines", "fct_order_lines", "note"),
        ("mart_vendor_daily", "mart_vendor_daily", "order_count"),
    ],
)
def test_a_column_marked_as_personal_never_reaches_a_vendor(
    built: Built, model: str, table: str, column: str
) -> None:
    built.node(model)["columns"][column]["config"]["meta"]["pii"] = True

    with pytest.raises(PublicationRefused, match=rf"{table}\.{column} is personal data"):
        publish(built.publication())

    assert versions(built.published) == []


def test_a_personal_column_of_a_mart_that_is_not_for_vendors_stays(built: Built) -> None:
    built.node("mart_vendor_daily")["columns"]["gmv_rank"]["config"]["meta"]["pii"] = True

    publish(built.publication())

    assert versions(built.published) == [VERSION]


def test_a_vendor_table_without_vendor_id_has_to_be_marked_as_shared(built: Built) -> None:
    built.node("mart_metrics")["config"].pop("meta")

    with pytest.raises(PublicationRefused, match="mart_metrics has no vendor_id"):
        publish(built.publication())


def test_a_mart_of_which_vendors_get_all_but_the_vendor_is_refused(built: Built) -> None:
    built.node("mart_vendor_daily")["columns"]["vendor_id"]["config"].pop("meta")

    with pytest.raises(PublicationRefused, match="mart_vendor_daily has no vendor_id"):
        publish(built.publication())


def test_a_model_without_a_contract_is_not_published(built: Built) -> None:
    built.node("mart_metrics")["columns"] = {}

    with pytest.raises(PublicationRefused, match=r"marts\.mart_metrics has no contract"):
        publish(built.publication())


def test_old_versions_go_and_those_that_are_referred_to_stay(built: Built) -> None:
    first = built.publication()
    names = []
    for day in range(5):
        later = built.publication(built_at=first.built_at + timedelta(days=day), keep=2)
        names.append(later.version)
        publish(later)
        if day == 0:
            (built.published / "KEEP").write_text(f"{later.version}\n")

    # The first is on the keep-list; of the others the newest two stay.
    assert versions(built.published) == [names[0], names[3], names[4]]
    publish(
        built.publication(
            built_at=first.built_at + timedelta(days=9), keep=2, keep_also=frozenset({names[3]})
        )
    )
    assert versions(built.published)[:3] == [names[0], names[3], names[4]]


def test_fewer_than_two_versions_cannot_be_kept(built: Built) -> None:
    with pytest.raises(ValueError, match="at least two"):
        publish(built.publication(keep=1))


def test_a_marketplace_without_vendors_is_published_too(built: Built) -> None:
    built.run("delete from marts.fct_order_lines; delete from marts.dim_vendors;")
    built.run("create or replace table exports.exp_vendor__dim_vendors as from marts.dim_vendors")

    done = publish(built.publication())

    assert done.vendor_count == 0
    assert list((built.published / VERSION / "vendors").iterdir()) == []
