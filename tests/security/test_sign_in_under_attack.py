"""Nobody can keep others from signing in: what failures of strangers cost, through the gate.

In this process with a clock that is told the time, so that hundreds of waits cost nothing; and once
more over the network, with real seconds, behind a proxy that tells whose address it is.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from dashboards import resources
from dashboards.gate import health
from dashboards.gate.gate import Gate
from dashboards.gate.login import Clock, LoginPages
from dashboards.gate.requests import Surroundings
from dashboards.gate.sockets import LiveSockets
from dashboards.settings import DashboardSettings
from operations import accounts, throttling
from tests.worlds.homes import BY, PASSWORD, Home
from tests.worlds.running import running_dashboards

pytestmark = pytest.mark.security

Result = TypeVar("Result")

SITE = "http://localhost"
COME_BACK = {
    "en": "Too many attempts at once. Please wait a few seconds and try again.",
    "de": "Zu viele Versuche auf einmal. "
    "Bitte warten Sie einige Sekunden und versuchen Sie es dann erneut.",
    "ru": "Слишком много попыток одновременно. Подождите несколько секунд и попробуйте снова.",
}
HOME, OFFICE, ATTACKER, LOOPBACK = "192.0.2.1", "192.0.2.2", "203.0.113.5", "127.0.0.1"


def run(asked: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns, also where a browser's test left a loop running in this thread."""
    with ThreadPoolExecutor(max_workers=1) as other:
        return other.submit(asyncio.run, asked).result()


@dataclass
class Time:
    """Passes at once, unless it is told to stand still; what was waited for is noted."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    goes_on: asyncio.Event | None = None

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds
        if self.goes_on is not None:
            await self.goes_on.wait()


@dataclass
class Browser:
    """Somebody at an address, with the cookies that were set there."""

    door: ASGIApp
    address: str
    time: Time
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    async def sign_in(
        self, name: str, password: str = PASSWORD, language: str = "en"
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.door, client=(self.address, 50_000))
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE, cookies=self.cookies
        ) as client:
            form = {"name": name, "password": password}
            headers = {"Origin": SITE, "Accept-Language": language}
            answer = await client.post("/login", data=form, headers=headers)
            self.cookies.update(client.cookies)
        return answer

    def signs_in(self, name: str, password: str = PASSWORD) -> tuple[int, float]:
        """The answer's status, and how long it was waited for."""
        answer = run(self.sign_in(name, password))
        return answer.status_code, self.time.waits[-1]


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def door(home: Home, clock: Time) -> Iterator[ASGIApp]:
    opened = resources.open_resources(DashboardSettings(home=home.path))
    resources.install(opened)
    surroundings = Surroundings(frozenset({"localhost"}), is_secure=False)
    sockets = LiveSockets(lambda _: frozenset())
    pages = LoginPages(surroundings, sockets, Clock(lambda: clock.seconds, clock.sleep))
    gate = Middleware(Gate, surroundings=surroundings, find_session=lambda _: None, sockets=sockets)
    yield Starlette(routes=[*pages.routes(), *health.routes()], middleware=[gate])
    opened.close()


@pytest.fixture
def browser_at(door: ASGIApp, clock: Time) -> Callable[[str], Browser]:
    return lambda address: Browser(door, address, clock)


@pytest.fixture(autouse=True)
def _cheap_verification(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Hundreds of guesses at argon2's price would take long; who is right stays the same."""
    if "full_price" not in request.fixturenames:
        real = accounts.passwords.matches
        monkeypatch.setattr(
            accounts.passwords,
            "matches",
            lambda known, password: password == PASSWORD and real(known, password),
        )


@pytest.fixture
def full_price() -> None:
    """Ask for argon2's own price."""


BrowserAt = Callable[[str], Browser]


def test_who_knows_the_operators_name_cannot_lock_the_operator_out(browser_at: BrowserAt) -> None:
    at_home, new, attacker = browser_at(HOME), browser_at(OFFICE), browser_at(ATTACKER)
    assert at_home.signs_in("olga") == (303, 0)

    assert {attacker.signs_in("olga", "wrong")[0] for _ in range(25)} == {401}

    assert at_home.signs_in("olga") == (303, 0)
    assert new.signs_in("olga") == (303, throttling.BY_NAME.longest_seconds)
    # The attacker waits longer, and the right password costs him as long as a wrong one.
    assert attacker.signs_in("olga") == (303, throttling.BY_ORIGIN.longest_seconds)


def test_the_browser_that_was_new_is_known_the_next_time(browser_at: BrowserAt) -> None:
    new, attacker = browser_at(OFFICE), browser_at(ATTACKER)
    for _ in range(25):
        attacker.signs_in("olga", "wrong")
    new.signs_in("olga")

    assert new.signs_in("olga") == (303, 0)


def test_a_known_browser_is_known_for_each_of_its_accounts_and_no_other(
    browser_at: BrowserAt,
) -> None:
    shared = browser_at(HOME)
    shared.signs_in("olga")
    shared.signs_in("ana")
    attacker = browser_at(ATTACKER)
    for name in ("olga", "ana", "alder"):
        for _ in range(25):
            attacker.signs_in(name, "wrong")

    assert shared.signs_in("olga") == (303, 0)
    assert shared.signs_in("ana") == (303, 0)
    assert shared.signs_in("alder")[1] > 0


def test_a_changed_password_and_a_disabled_account_make_a_browser_unknown(
    browser_at: BrowserAt, home: Home
) -> None:
    new = accounts.NewAccount("changer", "operator_admin", PASSWORD)
    accounts.create_account(home.store, new, BY)
    laptop, attacker = browser_at(HOME), browser_at(ATTACKER)
    laptop.signs_in("changer")
    for _ in range(25):
        attacker.signs_in("changer", "wrong")
    accounts.set_password(home.store, "changer", BY, password=PASSWORD)

    assert laptop.signs_in("changer") == (303, throttling.BY_NAME.longest_seconds)
    accounts.disable_account(home.store, "changer", BY)
    assert laptop.signs_in("changer") == (401, throttling.BY_NAME.longest_seconds)


def test_many_names_from_one_address_slow_that_address_only(browser_at: BrowserAt) -> None:
    attacker, neighbour = browser_at(ATTACKER), browser_at(OFFICE)

    async def guesses() -> set[int]:
        answers = [await attacker.sign_in(f"name{number}", "wrong") for number in range(100)]
        return {answer.status_code for answer in answers}

    assert run(guesses()) == {401}
    assert attacker.signs_in("olga") == (303, throttling.BY_ADDRESS.longest_seconds)
    assert neighbour.signs_in("olga") == (303, 0)


def test_the_addresses_of_one_ipv6_customer_are_one(browser_at: BrowserAt) -> None:
    for number in range(throttling.BY_ADDRESS.free):
        browser_at(f"2001:db8:1:2::{number:x}").signs_in(f"name{number}", "wrong")

    assert browser_at("2001:db8:1:2:ffff::1").signs_in("nobody", "wrong") == (401, 1)
    assert browser_at("2001:db8:1:3::1").signs_in("nobody", "wrong") == (401, 0)


@pytest.mark.parametrize("address", [LOOPBACK, "::1", "::ffff:127.0.0.1", "127.9.9.9"])
def test_on_loopback_nobody_is_slowed_by_what_failed_for_other_names(
    browser_at: BrowserAt, address: str
) -> None:
    for number in range(60):
        assert browser_at(address).signs_in(f"name{number}", "wrong") == (401, 0)

    assert browser_at(address).signs_in("olga") == (303, 0)


def test_known_and_unknown_names_get_the_same_answers_after_the_same_waits(
    browser_at: BrowserAt,
) -> None:
    def guessed(name: str) -> list[tuple[int, float, str]]:
        attacker = browser_at(ATTACKER if name == "olga" else OFFICE)
        answers = [run(attacker.sign_in(name, "wrong")) for _ in range(8)]
        waits = attacker.time.waits[-8:]
        return [
            (answer.status_code, wait, answer.text)
            for answer, wait in zip(answers, waits, strict=True)
        ]

    known, unknown = guessed("olga"), guessed("nobody-at-all")

    assert known == unknown
    assert [wait for _, wait, _ in known] == [0, 0, 0, 1, 2, 4, 8, 8]


def test_the_known_browser_cookie_goes_to_the_login_page_alone(browser_at: BrowserAt) -> None:
    answer = run(browser_at(HOME).sign_in("olga"))

    [cookie] = [
        text.lower()
        for text in answer.headers.get_list("set-cookie")
        if text.startswith("kontor_known_")
    ]
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/login"))
    assert "olga" not in cookie


@pytest.mark.usefixtures("full_price")
def test_verifying_is_bounded_and_keeps_to_the_order_in_which_people_came(
    browser_at: BrowserAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cost of argon2 is no way to keep the machine busy beyond two at once."""
    running, most, order, lock = 0, 0, [], threading.Lock()
    at_home = browser_at(HOME)
    at_home.signs_in("olga")

    def slow(_known: str | None, password: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            order.append(password)
        time.sleep(0.03)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(accounts.passwords, "matches", slow)

    async def together() -> list[httpx.Response]:
        guesses = [
            browser_at(f"192.0.2.{number}").sign_in(f"name{number}", f"{number:02}")
            for number in range(20)
        ]
        return await asyncio.gather(*guesses, at_home.sign_in("olga", "known"))

    answers = run(together())

    assert 2 <= most <= 3
    assert {answer.status_code for answer in answers} == {401}
    # The known browser came last, and stands behind nobody.
    assert order.index("known") < 4
    order.remove("known")
    # Two at a time may begin in either order.
    assert all(abs(place - int(password)) <= 1 for place, password in enumerate(order))


def test_the_line_of_an_attacker_is_his_own(browser_at: BrowserAt, door: ASGIApp) -> None:
    """Those who wait hold no thread: others are answered while they do."""
    attacker = browser_at(ATTACKER)
    for _ in range(throttling.BY_ORIGIN.free):
        attacker.signs_in("olga", "wrong")

    async def attacked() -> tuple[list[int], list[int], int]:
        attacker.time.goes_on = asyncio.Event()
        before = len(attacker.time.waits)
        waiting = [asyncio.create_task(attacker.sign_in("olga", "wrong")) for _ in range(4)]
        while len(attacker.time.waits) < before + 4:
            await asyncio.sleep(0.01)
        over = [await attacker.sign_in("olga", "wrong", language) for language in COME_BACK]
        transport = httpx.ASGITransport(door, client=(OFFICE, 1))
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            healthy = (await client.get("/health")).status_code
        attacker.time.goes_on.set()
        done = await asyncio.gather(*waiting)
        for answer, sentence in zip(over, COME_BACK.values(), strict=True):
            assert answer.headers["retry-after"] == "8"
            assert f'role="alert">{sentence}<' in answer.text
        return (
            [answer.status_code for answer in done],
            [answer.status_code for answer in over],
            healthy,
        )

    assert run(attacked()) == ([401] * 4, [429] * 3, 200)


def test_over_the_network_an_attack_slows_the_attacker_and_never_signs_in(home: Home) -> None:
    stop = threading.Event()
    guessed: list[int] = []

    with running_dashboards(home.path, KONTOR_BEHIND_TLS_PROXY="true") as url:
        origin = url.replace("http://", "https://")

        server = httpx.Client(base_url=url, timeout=30)

        def post(address: str, password: str, cookies: str = "") -> httpx.Response:
            headers = {"Origin": origin, "X-Forwarded-For": address, "Cookie": cookies}
            form = {"name": "olga", "password": password}
            return server.post("/login", data=form, headers=headers)

        def attack() -> None:
            while not stop.is_set():
                guessed.append(post(ATTACKER, "wrong").status_code)
                time.sleep(0.05)  # the processor is not what is fought for here

        def seconds(address: str, cookies: str = "") -> float:
            started = time.monotonic()
            assert post(address, PASSWORD, cookies).status_code == 303
            return time.monotonic() - started

        known = "; ".join(f"{name}={value}" for name, value in post(HOME, PASSWORD).cookies.items())
        assert "__Secure-kontor_known_" in known
        attackers = [threading.Thread(target=attack) for _ in range(8)]
        for thread in attackers:
            thread.start()
        try:
            while len(guessed) < 15:
                time.sleep(0.05)
            started = time.monotonic()
            server.get("/health").raise_for_status()
            answered = time.monotonic() - started
            at_once, in_a_while = seconds(HOME, known), seconds(OFFICE)
        finally:
            stop.set()
            for thread in attackers:
                thread.join()

    # How long exactly is told by the clock above; here a busy machine has its share in it.
    assert max(answered, at_once) < 8
    assert in_a_while < throttling.BY_NAME.longest_seconds + 8
    assert set(guessed) == {401, 429}
