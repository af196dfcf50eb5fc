"""`kontor serve`: Dagster is behind the gate only, and nothing is left when it is stopped."""

import http.client
import json
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from playwright.sync_api import WebSocket, sync_playwright
from websockets.exceptions import InvalidStatus

from pipelines.cli.serve import serve
from pipelines.settings import PipelineSettings
from sources.errors import ConfigurationError
from tests.orchestration.processes import (
    command_of,
    descendants_of,
    is_running,
    paths_listened_on,
    ports_listened_on,
    sockets_of,
)
from tests.orchestration.searched import everything_in
from tests.orchestration.serving import (
    CANARY,
    GRAPHQL,
    RUNS,
    Served,
    ask,
    outcome_of_run,
    serving,
    wait_for_dagster,
)
from tests.security.browserless import cookies_of, wait_until_cut
from tests.security.browserless import socket as web_socket

pytestmark = pytest.mark.orchestration

CHROMIUM = Path("/usr/bin/chromium")
MUTATION = quote(
    'mutation{launchRun(executionParams:{selector:{repositoryLocationName:"pipelines.definitions",'
    'repositoryName:"__repository__",jobName:"check_freshness"}}){__typename}}'
)
# What a server may take for the same address.
SPELLINGS = (
    GRAPHQL,
    "/dagster/%67raphql",
    "/dagster/./graphql",
    "/dagster/runs/../graphql",
    "/dagster/runs/%2e%2e/graphql",
    "/dagster//graphql",
    "/dagster/graphql/",
    "/dagster/dagster/../graphql",
    "/./dagster/graphql",
    "//dagster/graphql",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("shop")) as running:
        with running.signed_in("operator") as client:
            wait_for_dagster(client)
        yield running


@pytest.fixture
def operator(served: Served) -> Iterator[httpx.Client]:
    with served.signed_in("operator") as client:
        yield client


def refused(served: Served, **how: object) -> int:
    given = {"subprotocols": ["graphql-ws"], "path": GRAPHQL, **how}
    with pytest.raises(InvalidStatus) as refusal, web_socket(served.url, **given):  # type: ignore[arg-type]
        pass
    return int(refusal.value.response.status_code)


def test_one_address_is_announced_and_dagster_is_below_it(served: Served) -> None:
    assert served.printed.count("://") == 2
    assert f"{served.url}/dagster/" in served.printed
    assert served.operator_password


def test_dagster_listens_on_no_port_and_in_no_folder_that_others_may_enter(served: Served) -> None:
    programs = descendants_of(served.process.pid)
    sockets = set().union(*map(sockets_of, programs))
    folders = {Path(path).parent for path in paths_listened_on(sockets)}

    assert len(programs) >= 4
    assert ports_listened_on(sockets) == [urlsplit(served.url).port]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700]


def test_a_folder_whose_path_is_too_long_for_sockets_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    with pytest.raises(ConfigurationError, match=f"^the path {folder} is too long .* set TMPDIR"):
        serve(PipelineSettings(home=tmp_path), "demo", 0, print, with_dagster=True)


def test_all_servers_have_the_settings_of_the_one_env_file(served: Served) -> None:
    # That the operator can sign in, with the login that the command line made, says the same of
    # the dashboards' store.
    for variable in (
        f"KONTOR_HOME={served.home}",
        f"KONTOR_MARKETPLACE={served.shop.folder / 'corner.yml'}",
        "KONTOR_MEMORY_LIMIT=640MB",
    ):
        for process in descendants_of(served.process.pid):
            told = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
            # What writes the logs needs no settings.
            assert variable.encode() in told or b"log_pump" in command_of(process)


def test_what_strangers_type_is_in_no_log(served: Served) -> None:
    refused = httpx.post(
        f"{served.url}/login",
        data={"name": CANARY, "password": CANARY},
        headers={"Origin": served.url},
    )

    assert refused.status_code == 401
    deadline = time.monotonic() + 10
    while "login refused" not in (served.home / "logs" / "dashboards.log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_operator_sees_dagster(operator: httpx.Client) -> None:
    page = operator.get("/dagster/runs")
    policy = page.headers["content-security-policy"]

    assert page.status_code == 200
    assert '"pathPrefix": "/dagster"' in page.text
    assert "script-src 'self' 'nonce-" in policy
    assert "frame-ancestors 'none'" in policy
    assert not {"'strict-dynamic'", "http:", "https:", "'unsafe-eval'"} & set(policy.split())
    assert page.headers["cache-control"] == "no-store"
    assert operator.get("/dagster").headers["location"] == "/dagster/"
    assert ask(operator, "{version}")["version"]


@pytest.mark.parametrize("name", ["vendor", "analyst"])
def test_to_others_there_is_no_dagster(served: Served, name: str) -> None:
    with served.signed_in(name) as client:
        answers = [client.get(path) for path in ("/dagster/", "/dagster/server_info", GRAPHQL)]
        answers.append(client.post(GRAPHQL, json={"query": "{version}"}))
        cookie = cookies_of(client)

        assert [answer.text for answer in answers] == ["Not found."] * 4
        assert {answer.status_code for answer in answers} == {404}
        assert refused(served, cookie=cookie) == 403


def test_without_a_session_there_is_the_way_to_the_login(served: Served) -> None:
    page = httpx.get(f"{served.url}/dagster/runs")
    asked = httpx.post(
        served.url + GRAPHQL, json={"query": "{version}"}, headers={"Origin": served.url}
    )

    assert (page.status_code, asked.status_code) == (303, 401)
    assert page.headers["location"] == "/login?next=%2Fdagster%2Fruns"
    assert refused(served) == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_starts_no_run_however_it_is_spelt(
    served: Served, operator: httpx.Client, method: str
) -> None:
    before = ask(operator, RUNS)
    for path in SPELLINGS:
        plain = http.client.HTTPConnection(urlsplit(served.url).netloc)
        headers = {"Cookie": cookies_of(operator), "Accept": "application/json"}
        plain.request(method, f"{path}?query={MUTATION}", headers=headers)
        answer = plain.getresponse()
        assert b"__typename" not in answer.read(), path
        plain.close()

    assert operator.request(method, GRAPHQL).status_code == 405
    assert ask(operator, RUNS) == before


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_only_our_own_pages_ask_dagster(
    served: Served, operator: httpx.Client, origin: str | None
) -> None:
    cookie = cookies_of(operator)
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})

    answer = httpx.post(served.url + GRAPHQL, json={"query": "{version}"}, headers=headers)

    assert answer.status_code == 403
    assert refused(served, cookie=cookie, origin=origin) == 403


def test_under_a_foreign_name_there_is_no_dagster(operator: httpx.Client) -> None:
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}

    assert operator.get("/dagster/", headers=headers).status_code == 421
    assert operator.post(GRAPHQL, json={}, headers=headers).status_code == 421


def test_nothing_but_questions_is_posted(operator: httpx.Client) -> None:
    answer = operator.post("/dagster/report_asset_materialization/raw/orders", json={})

    assert answer.status_code == 405


def test_the_socket_is_the_operators_until_the_session_ends(
    served: Served, operator: httpx.Client
) -> None:
    how = {"cookie": cookies_of(operator), "path": GRAPHQL}
    with web_socket(served.url, subprotocols=["graphql-ws"], **how) as asked:  # type: ignore[arg-type]
        asked.send(json.dumps({"type": "connection_init"}))
        assert json.loads(asked.recv(timeout=10)) == {"type": "connection_ack"}
        operator.post("/logout")
        wait_until_cut(asked)
    assert refused(served, **how) == 403


def test_a_run_takes_the_name_of_a_registered_marketplace_and_no_file(
    operator: httpx.Client, tmp_path: Path
) -> None:
    private = tmp_path / "private.yml"
    private.write_text("canary: [", encoding="utf-8")

    status, told = outcome_of_run(operator, "check_freshness", marketplace=str(private))

    assert status == "FAILURE"
    assert f"{str(private)!r} is not a registered marketplace; available: cdnow, demo, " in told
    assert "canary" not in told


def test_dagsters_pages_work_in_a_browser(served: Served) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=options)
        page = browser.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto(f"{served.url}/dagster/runs")
        page.fill("#name", "operator")
        page.fill("#password", served.operator_password)
        with page.expect_websocket(lambda opened: opened.url.endswith(GRAPHQL)) as opening:
            page.click("button")
        opened: WebSocket = opening.value
        acknowledged = opened.wait_for_event("framereceived")
        # The run of the test before this.
        page.get_by_text("check_freshness").first.wait_for()
        browser.close()

    assert "connection_ack" in str(acknowledged)
    assert complaints == []


def test_nothing_is_left_when_it_is_stopped(served: Served) -> None:
    programs = descendants_of(served.process.pid)
    paths = paths_listened_on(set().union(*map(sockets_of, programs)))

    assert served.stop() == 0

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", urlsplit(served.url).port)) != 0
    assert [process for process in programs if is_running(process)] == []
    assert [path for path in paths if Path(path).parent.exists()] == []
    assert served.shop.open_to_others == []
    accounts = {path.name for path in (served.shop.folder / "accounts").iterdir()}
    assert accounts == {"accounts.sqlite"}
    assert not list(served.home.glob("operations.sqlite*"))
    assert (served.home / "logs" / "dagster.log").stat().st_size
    holders = {name for name, content in everything_in(served.home) if CANARY.encode() in content}
    # The search finds it where it belongs.
    assert {name.partition("/")[0] for name in holders} == {"landing", "warehouse.duckdb"}
