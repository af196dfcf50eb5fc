"""Where requests may go, and what becomes of one that is refused, lost, slow or too large."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.exporting.wire.addresses import (
    AddressRefusedError,
    check_url,
    is_public,
    resolved,
)
from pipelines.exporting.wire.http import LostError, NotSentError, RefusedConnectionError, Wire
from tests.exports.local_server import HOST, Asked, Reply, serving


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "0", "::ffff:169.254.169.254", "10.1.2.3"],
)
def test_a_host_that_is_this_machine_or_its_network_is_refused_however_it_is_spelled(
    host: str,
) -> None:
    with pytest.raises(AddressRefusedError):
        resolved(host, 443)


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::7f00:1",  # NAT64
        "2002:7f00:1::",  # 6to4
        "2001:0:7f00:1::",  # Teredo
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "fec0::1",
        "fe80::1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "ff02::1",
        "0.0.0.0",  # noqa: S104  # refused
    ],
)
def test_an_address_that_is_or_contains_a_private_one_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_address_is_public_in_a_spelling_that_hides_a_private_one(
    address: ipaddress.IPv4Address,
) -> None:
    assert is_public(address) <= address.is_global
    assert not is_public(ipaddress.ip_address(f"::ffff:{address}"))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "file:///etc/passwd",
        "gopher://example.com",
        "https://user:password@example.com",
        "https://①②⑦.⓪.⓪.①/",
        "https://[fe80::1%25eth0]/",
        "https:///path",
        "https://example.com:port/",
        "example.com",
        "",
    ],
)
def test_an_address_is_https_to_a_named_host_without_credentials(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_url(url)


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "https://[2606:4700::1111]:8443/"])
def test_an_ordinary_address_passes(url: str) -> None:
    check_url(url)


def test_this_machine_answers_only_where_it_is_named() -> None:
    with serving(lambda _: Reply(200, {"a": 1})) as server:
        assert Wire((HOST,)).request("GET", server.address).body == {"a": 1}
        with pytest.raises(RefusedConnectionError):
            Wire().request("GET", server.address.replace("http:", "https:"))
        assert len(server.asked) == 1


def test_naming_this_machine_opens_nothing_else() -> None:
    with pytest.raises(AddressRefusedError):
        resolved("10.0.0.1", 443, ("10.0.0.1",))


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with serving(lambda _: Reply(302, None, {"Location": "http://127.0.0.1:1/"})) as server:
        assert Wire((HOST,)).request("POST", server.address, b"{}").status == 302
        assert len(server.asked) == 1


def test_host_is_the_one_of_the_address_and_not_the_pinned_one() -> None:
    with serving(lambda asked: Reply(200, dict(asked.headers))) as server:
        url = server.address.replace(HOST, "localhost")
        headers = Wire(("localhost",)).request("GET", url).body

    assert headers["host"] == url.removeprefix("http://")


def test_an_answer_of_more_than_a_megabyte_is_lost() -> None:
    with (
        serving(lambda _: Reply(200, b"x" * ((1 << 20) + 1))) as server,
        pytest.raises(LostError),
    ):
        Wire((HOST,)).request("GET", server.address)


def test_an_answer_that_drips_ends_with_the_seconds_of_the_whole_request() -> None:
    with dripping() as port:
        began = time.monotonic()
        with pytest.raises(LostError):
            Wire((HOST,), seconds=0.3).request("GET", f"http://{HOST}:{port}/")

    # Each byte comes in time; all of them would take 50 seconds.
    assert time.monotonic() - began < 5


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        port = unused.getsockname()[1]

    with pytest.raises(NotSentError):
        Wire((HOST,)).request("POST", f"http://{HOST}:{port}/")


def test_a_connection_that_ends_without_an_answer_may_have_brought_the_request() -> None:
    with serving(lambda _: Reply()) as server:
        server.faults.append("lost_after")
        with pytest.raises(LostError):
            Wire((HOST,)).request("POST", server.address, b"{}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("Thu, 01 Jan 1970 00:02:00 GMT", 20.0), ("soon", None), ("", None)],
)
def test_retry_after_is_read_in_both_of_its_forms(value: str, seconds: float | None) -> None:
    def busy(_: Asked) -> Reply:
        return Reply(429, None, {"Retry-After": value})

    with serving(busy) as server:
        answer = Wire((HOST,)).request("GET", server.address)

    assert answer.retry_after_seconds(now=100.0) == seconds


@contextmanager
def dripping() -> Iterator[int]:
    """A server that sends a byte of its answer each tenth of a second."""
    with socket.create_server((HOST, 0)) as listening:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
                while not ended.wait(0.1):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            thread.join()
