"""Nothing that a person typed, or is called, reaches the server's log."""

import httpx
import pytest

from tests.security.browserless import Log, cookies_of, run_page, send, socket, widgets_of
from tests.worlds.homes import Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

CANARY = "Erika-Kanarie-1"
ORDERS = "/download/orders.csv"


def test_what_people_type_and_are_called_is_in_no_log(url: str, home: Home) -> None:
    log = Log(home.path / "server.log")
    log.read = 0  # from its first line
    origin = {"Origin": url}

    # A password in the wrong field, and an address that somebody followed.
    httpx.post(f"{url}/login", data={"name": CANARY, "password": CANARY}, headers=origin)
    httpx.get(f"{url}/orders", params={"search": CANARY}, headers={"Host": CANARY})
    httpx.get(f"{url}/{CANARY}", params={"q": f"\x1b[2J{CANARY}"})
    with sign_in(url, "mueller") as client:
        assert client.get(ORDERS, params={"from": CANARY}).status_code == 400
        assert client.get(ORDERS, params={"vendor": CANARY}).status_code == 404
        client.get(ORDERS, params={"search": CANARY, "status": f"{CANARY}\x00"})
        assert client.get(f"/data-docs/{CANARY}.html").status_code == 404
        assert client.get(f"/dagster/{CANARY}").status_code == 404
        with socket(url, cookie=cookies_of(client)) as stream:
            run_page(stream, "orders", f"order={CANARY}")
            widgets = widgets_of(run_page(stream, "orders"))
            send(stream, "orders", [(widget, "string_value", CANARY) for widget in widgets])
            send(stream, CANARY, [(widget, "bytes_value", CANARY.encode()) for widget in widgets])
    with sign_in(url, "ghost") as client, socket(url, cookie=cookies_of(client)) as stream:
        run_page(stream)
        assert client.get(ORDERS).status_code == 404

    written = log.news()
    assert "login refused" in written
    assert "download refused" in written
    assert "dagster refused" in written
    assert "unreadable from" in written
    for name in (CANARY, "mueller", "ghost", "127.0.0.1", "Traceback"):
        assert name not in written, name
    assert [line for line in written.splitlines() if not line.isprintable()] == []
