"""Speaks to the page's WebSocket as a browser would, or as an attacker would."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

STREAM = "/_stcore/stream"


def cookies_of(client: httpx.Client) -> str:
    """Return the Cookie header of a client."""
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@contextmanager
def socket(
    url: str,
    *,
    cookie: str = "",
    origin: str | None = "same",
    headers: list[tuple[str, str]] | None = None,
    subprotocols: list[str] | None = None,
    path: str = STREAM,
) -> Iterator[ClientConnection]:
    """Open the stream, or another socket; raises InvalidStatus when the gate refuses."""
    wanted = url if origin == "same" else origin
    extra = [*(headers or []), *([("Cookie", cookie)] if cookie else [])]
    names = [Subprotocol(name) for name in subprotocols or ["streamlit"]]
    with connect(
        url.replace("http://", "ws://") + path,
        origin=Origin(wanted) if wanted else None,
        additional_headers=extra,
        subprotocols=names,
        open_timeout=10,
        max_size=None,
    ) as connection:
        yield connection


def run_page(connection: ClientConnection, page: str = "", query: str = "") -> str:
    """Ask for a run of the page and return all that was sent until it finished."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    connection.send(message.SerializeToString())
    return read_run(connection)


def read_run(connection: ClientConnection) -> str:
    """Return all that is sent until the script has finished."""
    sent = []
    while True:
        received = ForwardMsg()
        received.ParseFromString(bytes(connection.recv(timeout=20)))  # type: ignore[arg-type]
        sent.append(str(received))
        if received.WhichOneof("type") == "script_finished":
            return "\n".join(sent)


def wait_until_cut(connection: ClientConnection) -> None:
    """Return when the server has ended the connection; raises when it does not."""
    try:
        while True:
            connection.recv(timeout=5)
    except ConnectionClosed:
        return
