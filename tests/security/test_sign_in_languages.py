"""The first pages that a person sees, in the language that the browser asks for."""

import contextlib
import re

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from dashboards import resources
from operations import sessions
from operations.sessions import hash_of
from tests.security.browserless import cookies_of, run_page, socket
from tests.worlds.homes import Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

# What Chromium sends, and what it is to read: form, wrong password, sign-out, refusal.
SPOKEN = {
    "en": (
        None,
        ["Sign in", "Name", "Password", "Forgotten your password?"],
        "Wrong name or password.",
        ["Sign out?", "Back to Kontor"],
        "Please sign in.",
    ),
    "de": (
        "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7",
        ["Anmeldung", "Anmelden", "Benutzername", "Passwort", "Der Betreiber Ihres Marktplatzes"],
        "Benutzername oder Passwort ist falsch.",
        ["Abmelden?", "Zurück zu Kontor"],
        "Bitte melden Sie sich an.",
    ),
    "ru": (
        "ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7",
        ["Вход", "Войти", "Имя пользователя", "Пароль", "Оператор вашего маркетплейса"],
        "Неверное имя пользователя или пароль.",
        ["Выйти?", "Вернуться в Kontor"],
        "Войдите в систему.",
    ),
}
SIGNED_OUT = {
    "en": "You have been signed out",
    "de": "Sie wurden abgemeldet",
    "ru": "Сеанс завершён",
}


def alert(answer: httpx.Response) -> str:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    return found[1] if found else ""


@pytest.mark.parametrize("language", SPOKEN)
def test_signing_in_and_out_speaks_the_browsers_language(url: str, language: str) -> None:
    asked, form, wrong, leaving, refused = SPOKEN[language]
    headers = {"Origin": url} | ({"Accept-Language": asked} if asked else {})

    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        login, logout = client.get("/login"), client.get("/logout")
        guess = {"name": f"nobody-{language}", "password": "wrong"}
        attempt = client.post("/login", data=guess)
        refusal = client.get("/_stcore/health")

    for page, sentences in ((login, form), (logout, leaving), (attempt, [wrong])):
        assert f'<html lang="{language}">' in page.text
        assert [sentence for sentence in sentences if sentence not in page.text] == []
    assert alert(attempt) == wrong
    assert (refusal.text, refusal.headers["content-language"]) == (refused, language)
    assert all(answer.headers["cache-control"] == "no-store" for answer in (login, attempt))


def after_the_end(url: str, home: Home, language: str) -> str:
    """What an open page says when its session has ended, before its socket is cut."""
    for _ in range(5):
        with (
            contextlib.suppress(ConnectionClosed),  # the watch over the sockets was faster
            sign_in(url, "mueller") as client,
            socket(url, cookie=cookies_of(client), headers=[("Accept-Language", language)]) as page,
        ):
            run_page(page)
            session_hash = hash_of(client.cookies["kontor_sid"])
            sessions.revoke_session(home.store, session_hash, reason="test", now=resources.now())
            return run_page(page)
    raise AssertionError("the socket was cut before the page could run")


@pytest.mark.parametrize("language", SIGNED_OUT)
def test_an_ended_session_is_told_in_the_browsers_language(
    url: str, home: Home, language: str
) -> None:
    assert SIGNED_OUT[language] in after_the_end(url, home, language)


def test_what_a_browser_asks_for_cannot_break_the_page(url: str) -> None:
    for asked in ('"><script>', "../../etc/passwd", "de;q=9," * 4_000, "\xe4\xf6\xfc"):
        answer = httpx.get(url + "/login", headers=[(b"Accept-Language", asked.encode("latin-1"))])

        assert answer.status_code == 200
        assert '<html lang="en">' in answer.text
