"""The pages' addresses by role, and the language and theme that only their owner chooses."""

from collections.abc import Iterator

import httpx
import pytest

from dashboards.pages import pages_of
from tests.worlds.homes import PASSWORD
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

NAVIGATES = {"Sec-Fetch-Mode": "navigate"}
VENDORS_OWN, OPERATORS_OWN = (
    {page.path for page in pages_of(role)} for role in ("vendor_owner", "operator_admin")
)


@pytest.fixture
def nadel(url: str) -> Iterator[httpx.Client]:
    """Somebody whose preferences no other test reads."""
    with sign_in(url, "nadel") as client:
        client.headers["Origin"] = url
        yield client


def test_an_address_that_is_none_of_the_roles_pages_is_not_found(url: str) -> None:
    with sign_in(url, "mueller") as client:
        answers = {
            path: client.get(f"/{path}", headers=NAVIGATES)
            for path in (*(OPERATORS_OWN - VENDORS_OWN), "nothing", "orders/7", "download/x")
        }
        own = [client.get(f"/{path}", headers=NAVIGATES) for path in VENDORS_OWN]

    # Whether another role has the page is not told.
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.text for answer in answers.values()}) == 1
    assert "There is no such page." in answers["nothing"].text
    assert [answer.status_code for answer in own] == [200] * len(VENDORS_OWN)


def test_an_address_with_a_slash_at_its_end_is_the_page(url: str) -> None:
    with sign_in(url, "mueller") as client:
        answer = client.get("/orders/?lang=de", headers=NAVIGATES, follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, "/orders")
    assert '<html lang="de"' in answer.text


def test_what_was_chosen_is_in_pages_and_refusals_alike(nadel: httpx.Client) -> None:
    nadel.headers["Referer"] = f"{nadel.base_url}/orders?status=shipped&lang=ru"
    chosen = nadel.post("/preferences", data={"language": "de"})
    nadel.post("/preferences", data={"theme": "dark"})

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/orders?status=shipped")
    assert '<html lang="de" data-theme="Dark"' in nadel.get("/orders").text
    refused = nadel.get("/download/orders.csv?vendor=v-001")
    assert (refused.status_code, refused.text) == (404, "Nicht gefunden.")
    assert '<html lang="ru" data-theme="Dark"' in nadel.get("/orders?lang=ru").text


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/orders", "//evil.example", "javascript:alert(1)", "/login", "", "//["],
)
def test_after_a_choice_nobody_is_sent_elsewhere(nadel: httpx.Client, referer: str) -> None:
    answer = nadel.post("/preferences", data={"theme": "light"}, headers={"Referer": referer})

    assert answer.headers["location"] in {"/", "/orders"}


@pytest.mark.parametrize(
    "form", [{}, {"language": "fr"}, {"theme": "<script>"}, {"account": "olga", "role": "analyst"}]
)
def test_what_is_not_offered_changes_nothing(nadel: httpx.Client, form: dict[str, str]) -> None:
    before = nadel.get("/").text
    answer = nadel.post("/preferences", data=form)

    assert answer.status_code == 400
    assert nadel.get("/").text == before


def test_nobody_else_makes_the_choice(url: str, nadel: httpx.Client) -> None:
    theirs = {"data": {"language": "de"}, "headers": {"Origin": "https://evil.example"}}
    assert nadel.post("/preferences", **theirs).status_code == 403  # type: ignore[arg-type]
    own = {"data": {"language": "de"}, "headers": {"Origin": url}}
    assert httpx.post(f"{url}/preferences", **own).status_code == 401  # type: ignore[arg-type]
    assert nadel.get("/preferences").status_code == 404


def test_the_login_form_can_be_read_in_another_language(url: str) -> None:
    with httpx.Client(base_url=url, headers={"Origin": url}) as client:
        turned_away = client.get("/orders?lang=de")
        form = client.get("/login?lang=ru&next=%2Forders")
        wrong = client.post("/login?lang=ru", data={"name": "nobody", "password": "x"})
        right = client.post(
            "/login?lang=ru",
            data={"name": "loewe", "password": PASSWORD, "next": "/orders?a=1"},
        )

    assert turned_away.headers["location"] == "/login?next=%2Forders%3Flang%3Dde&lang=de"
    assert 'href="?lang=de&amp;next=%2Forders"' in form.text.replace("next=/", "next=%2F")
    assert 'action="/login?lang=ru"' in form.text
    assert "Неверное имя пользователя или пароль." in wrong.text
    assert right.headers["location"] == "/orders?a=1&lang=ru"


def test_a_tab_can_ask_whether_its_session_is_still_the_one(url: str) -> None:
    with sign_in(url, "mueller") as client:
        named = client.get("/session")
        assert f'data-session="{named.text}"' in client.get("/").text
        client.post("/logout", headers={"Origin": url})

    assert httpx.get(f"{url}/session").headers["location"].startswith("/login")
    assert httpx.get(f"{url}/session", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
