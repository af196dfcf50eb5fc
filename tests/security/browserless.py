"""Speaks to the page's WebSocket as a browser would, or as an attacker would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


def send(
    connection: ClientConnection, page: str, widgets: list[tuple[str, str, Any]], query: str = ""
) -> str:
    """Ask for a run of the page with these values of its widgets, and return what it sends."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    for widget, field, value in widgets:
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        if field.endswith("array_value"):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
    connection.send(message.SerializeToString())
    return read_run(connection)


def widgets_of(shown: str) -> list[str]:
    found = sorted(set(re.findall(r'id: "(\$\$ID[^"]+)"', shown)))
    assert found
    return found


class Log:
    """What the server has written since it was last asked."""

    def __init__(self, path: Path) -> None:
        self.path, self.read = path, path.stat().st_size

    def news(self) -> str:
        with self.path.open("rb") as stream:
            stream.seek(self.read)
            found = stream.read()
        self.read += len(found)
        return found.decode()


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
