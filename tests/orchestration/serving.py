"""`kontor serve` as a person starts it, and what an operator asks of Dagster there."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import httpx

from operations import accounts
from operations.store import open_store, sqlite_url
from pipelines.settings import PROJECT_ROOT, child_environment
from tests.orchestration.shop import YAML, Shop, open_shop
from tests.worlds.homes import BY, PASSWORD
from tests.worlds.running import sign_in

GRAPHQL = "/dagster/graphql"
# All of it is relative to the folder in which the file lies, and in which `kontor` is started.
ENV_FILE = """\
KONTOR_HOME=home
KONTOR_MARKETPLACE=corner.yml
KONTOR_OPERATIONS_URL=sqlite:///accounts/accounts.sqlite
KONTOR_MEMORY_LIMIT=640MB
"""
CANARY = "erika-kanarie"
PEOPLE_FEED = "  contacts: [{files: contacts.csv, time_zone: UTC}]\n"
# One that is sound; one whose values do not fit; one that is no line.
PEOPLE = f"""\
contact_id,account_id,name,email,birth_date,created_at
k1,a1,{CANARY},{CANARY}@example.org,1990-01-31,2026-05-01 10:00:00
,a1,{CANARY},{CANARY},{CANARY},{CANARY}
k3,a1,"{CANARY}
"""
RUNS = "{runsOrError{... on Runs{results{status}}}}"
_LAUNCH = """
mutation Launch($job: String!, $config: RunConfigData) {
  launchRun(executionParams: {
    selector: {
      repositoryLocationName: "pipelines.definitions"
      repositoryName: "__repository__"
      jobName: $job
    }
    runConfigData: $config
  }) { __typename ... on LaunchRunSuccess { run { runId } } }
}
"""
_OUTCOME = """
query Outcome($run: ID!) {
  runOrError(runId: $run) { ... on Run { status } }
  logsForRun(runId: $run) {
    ... on EventConnection {
      events {
        ... on MessageEvent { message }
        ... on RunFailureEvent { error { message stack causes { message stack } } }
      }
    }
  }
}
"""


@dataclass(frozen=True)
class Served:
    """The running servers."""

    shop: Shop
    process: subprocess.Popen[str]
    printed: str

    @property
    def home(self) -> Path:
        return self.shop.home

    @property
    def url(self) -> str:
        return re.findall(r"Dashboards: (http://\S+)", self.printed)[0]

    @property
    def operator_password(self) -> str:
        return re.findall(r"New login: operator / (\S{20,})", self.printed)[0]

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        """A browser of somebody, on our own pages."""
        password = self.operator_password if name == "operator" else PASSWORD
        with sign_in(self.url, name, password) as client:
            client.headers["Origin"] = self.url
            yield client

    def stop(self) -> int:
        """The exit code after being told to end."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Servers of a shop without a delivery, so that nothing runs by itself."""
    shop = open_shop(folder)
    contacts = folder / "inbox" / "contacts.csv"
    (folder / "corner.yml").write_text(YAML + PEOPLE_FEED, encoding="utf-8")
    contacts.write_text(PEOPLE, encoding="utf-8")
    assert "contacts: 1 quarantined: unclosed_quote" in shop.kontor("ingest").stderr
    rmtree(folder / "inbox")
    (folder / "accounts").mkdir()
    store = open_store(sqlite_url(folder / "accounts" / "accounts.sqlite"))
    for name, role, vendor_id in (("analyst", "analyst", None), ("vendor", "vendor_owner", "v1")):
        new = accounts.NewAccount(name, role, PASSWORD, vendor_id, "corner" if vendor_id else None)
        accounts.create_account(store, new, BY)
    store.dispose()
    (folder / ".env").write_text(ENV_FILE)
    # Any free port, as the setting says where no option does.
    free = {"KONTOR_PORT": "0"}
    variables = {"PYTHONPATH": str(PROJECT_ROOT), "PYTHONUNBUFFERED": "1", **free}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli.main", "serve"],
        env=child_environment(variables),
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        umask=0o022,  # as most machines have it
    )
    try:
        printed = ""
        while "Stop with" not in printed:
            line = process.stdout.readline() if process.stdout else ""
            assert line, printed
            printed += line
        assert ":8501" not in printed
        yield Served(shop, process, printed)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def ask(client: httpx.Client, query: str, **variables: object) -> Any:
    """What Dagster answers through the gate."""
    answer = client.post(GRAPHQL, json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def wait_for_dagster(client: httpx.Client) -> None:
    deadline = time.monotonic() + 120
    while client.get("/dagster/server_info").status_code != 200:
        assert time.monotonic() < deadline, "Dagster did not come up"
        time.sleep(0.5)


def outcome_of_run(client: httpx.Client, job: str, **config: str) -> tuple[str, str]:
    """How a run with a configuration ended, and everything that Dagster tells of it."""
    given = {"resources": {"run": {"config": config}}}
    launched = ask(client, _LAUNCH, job=job, config=given)["launchRun"]
    deadline = time.monotonic() + 120
    while True:
        told = ask(client, _OUTCOME, run=launched["run"]["runId"])
        status = told["runOrError"]["status"]
        if status in {"SUCCESS", "FAILURE", "CANCELED"}:
            return status, json.dumps(told)
        assert time.monotonic() < deadline, status
        time.sleep(0.5)
