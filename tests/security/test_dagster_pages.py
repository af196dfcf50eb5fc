"""What the gate passes on to Dagster's socket and back: nothing of ours, and nothing but its pages.

A server of the tests listens there and tells what it was asked. The real one, with every attack on
it, is in tests/orchestration/test_serving.py, for it takes half a minute to start.
"""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.orchestration.processes import wait_until
from tests.security.browserless import cookies_of, socket
from tests.worlds.homes import Home
from tests.worlds.running import running_dashboards, sign_in

pytestmark = pytest.mark.security

GRAPHQL = "/dagster/graphql"
FORGED = {
    "Authorization": "Basic b2xnYQ==",
    "Connection": "x-kontor-sid",
    "Forwarded": "for=10.0.0.1;host=evil.example",
    "X-Forwarded-For": "10.0.0.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Kontor-Sid": "0" * 64,
    "X_Kontor_Sid": "0" * 64,
}
FOREIGN = [
    (b"set-cookie", b"kontor_sid=taken; Path=/"),
    (b"content-security-policy", b"script-src * 'nonce-" + b"0" * 32 + b"' 'unsafe-eval'"),
    (b"x-frame-options", b"ALLOWALL"),
    (b"access-control-allow-origin", b"*"),
    (b"location", b"http://evil.example/"),
    (b"server", b"uvicorn"),
]


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell what was asked, with headers that are none of Dagster's business."""
    asked = {
        "path": scope["path"],
        "query": scope["query_string"].decode(),
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
    }
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-ws"})
        await send({"type": "websocket.send", "text": json.dumps(asked)})
        said = await receive()
        await send({"type": "websocket.send", "text": said["text"][::-1]})
        await send({"type": "websocket.close", "code": 1000})
        return
    length, is_more = 0, True
    while is_more:
        part = await receive()
        length, is_more = length + len(part.get("body", b"")), part.get("more_body", False)
    content = json.dumps({**asked, "length": length}).encode()
    await send({"type": "http.response.start", "status": 207, "headers": FOREIGN})
    await send({"type": "http.response.body", "body": content, "more_body": True})
    await send({"type": "http.response.body", "body": b" " * 3_000_000})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dagster") / "pages"


@pytest.fixture(scope="module")
def gated(home: Home, place: Path) -> Iterator[str]:
    with running_dashboards(home.path, KONTOR_DAGSTER_SOCKET=str(place)) as address:
        yield address


@pytest.fixture
def teller(place: Path) -> Iterator[None]:
    config = uvicorn.Config(told, uds=str(place), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    wait_until(lambda: server.started)
    yield
    server.should_exit = True
    running.join()


@pytest.fixture
def olga(gated: str) -> Iterator[httpx.Client]:
    with sign_in(gated, "olga") as client:
        client.headers["Origin"] = gated
        yield client


@pytest.mark.usefixtures("teller")
def test_dagster_is_not_told_who_asks_nor_what_the_client_says_of_proxies(
    olga: httpx.Client,
) -> None:
    asked = olga.post(GRAPHQL, json={"query": "{version}"}, headers=FORGED).json()

    expected = {"host", "accept", "content-type", "content-length"}
    assert set(asked["headers"]) == expected
    assert asked["headers"]["host"] == "localhost"
    assert asked["length"] == len('{"query":"{version}"}')


@pytest.mark.usefixtures("teller")
def test_an_answer_keeps_its_status_and_content_under_our_own_policy(olga: httpx.Client) -> None:
    answer = olga.get("/dagster/runs")
    policy = answer.headers["content-security-policy"]

    assert (answer.status_code, len(answer.content) > 3_000_000) == (207, True)
    assert f"script-src 'self' 'nonce-{'0' * 32}' 'sha256-" in policy
    assert not {"*", "'unsafe-eval'"} & set(policy.split())
    assert answer.headers["x-frame-options"] == "DENY"
    assert not {"set-cookie", "location", "access-control-allow-origin", "server"} & set(
        answer.headers
    )


@pytest.mark.usefixtures("teller")
@pytest.mark.parametrize(
    ("address", "path", "query"),
    [
        ("/dagster/assets/a%20b%2Fc%3Fd", "/dagster/assets/a b/c?d", ""),
        ("/dagster/runs?q=%2B%20%26&x=a+b", "/dagster/runs", "q=%2B%20%26&x=a+b"),
        ("/dagster/%C3%BC?%C3%BC=1", "/dagster/ü", "%C3%BC=1"),
    ],
)
def test_an_address_arrives_as_it_was_meant(
    olga: httpx.Client, address: str, path: str, query: str
) -> None:
    asked = olga.get(address).json()

    assert (asked["path"], asked["query"]) == (path, query)


@pytest.mark.usefixtures("teller")
def test_more_than_any_page_sends_is_not_passed_on(olga: httpx.Client) -> None:
    assert olga.post(GRAPHQL, content=b"x" * 5_000_000).status_code == 413


@pytest.mark.usefixtures("teller")
def test_the_socket_passes_what_is_said_and_closes_when_dagster_does(
    gated: str, olga: httpx.Client
) -> None:
    how = {"cookie": cookies_of(olga), "path": GRAPHQL, "subprotocols": ["x", "graphql-ws"]}
    with socket(gated, headers=list(FORGED.items())[2:], **how) as opened:  # type: ignore[arg-type]
        asked = json.loads(opened.recv(timeout=10))
        opened.send("abc")
        assert opened.recv(timeout=10) == "cba"
        with pytest.raises(ConnectionClosed):
            opened.recv(timeout=10)

    forged = {name.lower() for name in FORGED} - {"connection"}
    assert not (forged | {"cookie", "origin"}) & set(asked["headers"])
    assert asked["headers"]["sec-websocket-protocol"] == "graphql-ws"


@pytest.mark.usefixtures("teller")
def test_a_socket_speaks_dagsters_language_or_is_none(gated: str, olga: httpx.Client) -> None:
    how = {"cookie": cookies_of(olga), "path": GRAPHQL, "subprotocols": ["streamlit"]}
    with pytest.raises(InvalidStatus, match="403"), socket(gated, **how):  # type: ignore[arg-type]
        pass


def test_while_dagster_is_down_its_pages_say_so(gated: str, olga: httpx.Client) -> None:
    answer = olga.get("/dagster/", headers={"Accept-Language": "de"})
    how = {"cookie": cookies_of(olga), "path": GRAPHQL, "subprotocols": ["graphql-ws"]}

    assert answer.status_code == 503
    assert answer.text.startswith("Dagster antwortet nicht.")
    with pytest.raises(InvalidStatus, match="403"), socket(gated, **how):  # type: ignore[arg-type]
        pass


def test_without_a_dagster_there_are_no_pages(url: str) -> None:
    with sign_in(url, "olga") as client:
        assert client.get("/dagster/").status_code == 404
