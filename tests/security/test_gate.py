"""The attacks that decision 9 lists, on the running server."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa
from websockets.exceptions import InvalidStatus

from dashboards.pages import PAGES
from operations import accounts, sessions
from operations.sessions import hash_of
from operations.tables import sessions as sessions_table
from tests.security.browserless import cookies_of, run_page, socket, wait_until_cut
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import BY, PASSWORD, Home
from tests.worlds.running import sign_in

pytestmark = pytest.mark.security

PROTECTED = [
    "/_stcore/health",
    "/_stcore/host-config",
    "/media/x.csv",
    "/static/js/x.js",
    "/download/orders.csv",
    "/component/x",
]
CLOSED = [
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/a/b",
    "/auth/login",
    "/oauth2callback",
    "/app/static/x",
]
ADDRESSES = sorted({"/", *(f"/{page.path}" for page in PAGES)})


def refused_socket(url: str, **how: object) -> int:
    with pytest.raises(InvalidStatus) as refusal, socket(url, **how):  # type: ignore[arg-type]
        pass
    return int(refusal.value.response.status_code)


def set_columns(home: Home, client: httpx.Client, **columns: object) -> None:
    with home.store.begin() as connection:
        connection.execute(
            sa.update(sessions_table)
            .where(sessions_table.c.session_hash == hash_of(client.cookies["kontor_sid"]))
            .values(**columns)
        )


@pytest.mark.parametrize("path", ADDRESSES)
def test_a01_without_a_cookie_a_page_is_the_way_to_the_login(url: str, path: str) -> None:
    answer = httpx.get(url + path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize("path", PROTECTED)
def test_a01_without_a_cookie_what_a_page_fetches_is_refused(url: str, path: str) -> None:
    assert httpx.get(url + path).status_code == 401


@pytest.mark.parametrize("path", CLOSED)
def test_doors_that_nobody_needs_are_closed_signed_in_or_not(url: str, path: str) -> None:
    with sign_in(url, "olga") as client:
        assert client.get(path).status_code == 404
    assert httpx.get(url + path).status_code == 404


@pytest.mark.parametrize("cookie", ["random", "", "a" * 5000, "\x80\xff", "'; drop table sessions"])
def test_a02_a_random_cookie_is_nobody(url: str, cookie: str) -> None:
    header = {"Cookie": f"kontor_sid={cookie}".encode("latin-1")}

    assert httpx.get(url + "/media/x", headers=header).status_code in {400, 401}


def test_a03_and_a04_expired_sessions_are_nobody(url: str, home: Home) -> None:
    for column in ("absolute_expires_at", "idle_expires_at"):
        with sign_in(url, "alder") as client:
            assert client.get("/_stcore/health").status_code == 200
            set_columns(home, client, **{column: datetime.now(UTC) - timedelta(seconds=1)})  # noqa: TID251
            assert client.get("/_stcore/health").status_code == 401
            assert refused_socket(url, cookie=cookies_of(client)) == 403


def test_a05_and_a06_a_cookie_is_worthless_after_logout(url: str) -> None:
    with sign_in(url, "alder") as client:
        stolen = cookies_of(client)
        answer = client.post("/logout", headers={"Origin": url})

    assert answer.status_code == 303
    assert httpx.get(url + "/_stcore/health", headers={"Cookie": stolen}).status_code == 401
    assert refused_socket(url, cookie=stolen) == 403


def test_logging_out_cuts_the_open_sockets_of_the_session_and_no_others(url: str) -> None:
    with (
        sign_in(url, "alder") as client,
        sign_in(url, "alder") as other,
        socket(url, cookie=cookies_of(client)) as cut,
        socket(url, cookie=cookies_of(other)) as kept,
    ):
        run_page(cut)
        run_page(kept)
        client.post("/logout", headers={"Origin": url})

        started = time.monotonic()
        wait_until_cut(cut)
        assert time.monotonic() - started < 3
        assert "script_finished" in run_page(kept)


def test_a08_a_disabled_account_is_cut_off_everywhere(url: str, home: Home) -> None:
    new = accounts.NewAccount("leaver", "operator_admin", PASSWORD)
    accounts.create_account(home.store, new, BY)
    with sign_in(url, "leaver") as client, socket(url, cookie=cookies_of(client)) as open_page:
        run_page(open_page)
        accounts.disable_account(home.store, "leaver", BY)

        assert client.get("/_stcore/health").status_code == 401
        wait_until_cut(open_page)
    answer = httpx.post(
        url + "/login", data={"name": "leaver", "password": PASSWORD}, headers={"Origin": url}
    )
    assert answer.status_code == 401


def test_a09_and_a10_another_role_or_vendor_ends_the_session(url: str, home: Home) -> None:
    new = accounts.NewAccount("mover", "operator_admin", PASSWORD)
    accounts.create_account(home.store, new, BY)
    for vendor_id in ("v-001", "v-002"):
        with sign_in(url, "mover") as client:
            accounts.assign_role(
                home.store, "mover", BY, role="vendor_owner", vendor_id=vendor_id, marketplace=None
            )
            assert client.get("/_stcore/health").status_code == 401


def test_a11_a_cookie_brought_to_the_login_is_not_the_session_afterwards(url: str) -> None:
    planted = "planted-by-somebody-else"
    answer = httpx.post(
        url + "/login",
        data={"name": "alder", "password": PASSWORD},
        headers={"Origin": url, "Cookie": f"kontor_sid={planted}"},
    )

    assert answer.cookies["kontor_sid"] != planted
    header = {"Cookie": f"kontor_sid={planted}"}
    assert httpx.get(url + "/_stcore/health", headers=header).status_code == 401


def test_a11_signing_in_again_ends_the_session_before(url: str) -> None:
    with sign_in(url, "alder") as client:
        before = cookies_of(client)
        client.post(
            "/login", data={"name": "mueller", "password": PASSWORD}, headers={"Origin": url}
        )

        assert cookies_of(client) != before
        assert httpx.get(url + "/_stcore/health", headers={"Cookie": before}).status_code == 401


@pytest.mark.parametrize(
    "name", ["X-Kontor-Sid", "x-kontor-sid", "X_KONTOR_SID", "x_kontor_sid", "X-KONTOR-SID"]
)
def test_a12_to_a14_an_identity_sent_by_the_client_is_ignored(
    url: str, home: Home, name: str
) -> None:
    account = accounts.find_account(home.store, "olga")
    assert account is not None
    right = hash_of(
        sessions.open_session(
            home.store,
            account,
            kind="local",
            remote_address="x",
            now=datetime.now(UTC),  # noqa: TID251
        )
    )

    assert httpx.get(url + "/_stcore/health", headers={name: right}).status_code == 401
    assert refused_socket(url, headers=[(name, right)]) == 403
    with (
        sign_in(url, "alder") as client,
        socket(url, cookie=cookies_of(client), headers=[(name, right)]) as page,
    ):
        shown = run_page(page)
    assert CANARIES["v-001"] in shown
    assert "Vendors to look at" not in shown


def test_a15_doubled_identity_headers_are_all_ignored(url: str) -> None:
    with (
        sign_in(url, "alder") as client,
        socket(
            url,
            cookie=cookies_of(client),
            headers=[("X-Kontor-Sid", "a"), ("X-Kontor-Sid", "b"), ("x_kontor_sid", "c")],
        ) as page,
    ):
        assert CANARIES["v-001"] in run_page(page)


def test_a16_two_different_session_cookies_are_none(url: str) -> None:
    with sign_in(url, "alder") as one, sign_in(url, "olga") as two:
        both = f"{cookies_of(one)}; {cookies_of(two)}"

    assert httpx.get(url + "/_stcore/health", headers={"Cookie": both}).status_code == 401
    assert refused_socket(url, cookie=both) == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost.evil.example", None]
)
def test_a17_and_a18_a_socket_from_elsewhere_is_refused(url: str, origin: str | None) -> None:
    with sign_in(url, "alder") as client:
        assert refused_socket(url, cookie=cookies_of(client), origin=origin) == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1/evil",
        "",
    ],
)
def test_a19_a_host_that_is_not_ours_is_refused(url: str, host: str) -> None:
    with sign_in(url, "alder") as client:
        answer = client.get("/", headers={"Host": host})

    assert answer.status_code in {400, 421}
    assert "kontor" not in answer.text.lower()


def test_a20_a_streamlit_session_cannot_be_taken_over_by_somebody_else(url: str) -> None:
    with sign_in(url, "mueller") as victim, sign_in(url, "alder") as attacker:
        with socket(url, cookie=cookies_of(victim)) as page:
            shown = run_page(page)
            assert CANARIES["v-002"] in shown
            session_id = next(
                line.split('"')[1] for line in shown.splitlines() if "session_id:" in line
            )
        with socket(
            url, cookie=cookies_of(attacker), subprotocols=["streamlit", "x", session_id]
        ) as page:
            taken = run_page(page)

    assert CANARIES["v-002"] not in taken
    assert CANARIES["v-001"] in taken


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_a_login_form_from_elsewhere_is_refused(url: str, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    answer = httpx.post(
        url + "/login", data={"name": "olga", "password": PASSWORD}, headers=headers
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_logout_from_elsewhere_asks_first(url: str) -> None:
    with sign_in(url, "alder") as client:
        assert client.post("/logout").status_code == 403
        asked = client.get("/logout", headers={"Sec-Fetch-Site": "cross-site"})
        assert asked.status_code == 200
        assert "Sign out?" in asked.text
        assert client.get("/_stcore/health").status_code == 200


def test_guessing_is_slowed_and_says_the_same_for_known_and_unknown_names(
    url: str, home: Home
) -> None:
    accounts.create_account(
        home.store, accounts.NewAccount("guessed", "operator_admin", PASSWORD), BY
    )

    def guess(name: str, password: str) -> httpx.Response:
        form = {"name": name, "password": password}
        return httpx.post(url + "/login", data=form, headers={"Origin": url}, timeout=30)

    known = [guess("guessed", "wrong") for _ in range(4)]
    unknown = [guess("nobody-at-all", "wrong") for _ in range(4)]

    assert {answer.status_code for answer in (*known, *unknown)} == {401}
    assert {answer.text for answer in known} == {answer.text for answer in unknown}
    assert min(answer.elapsed.total_seconds() for answer in (known[3], unknown[3])) >= 1
    assert guess("guessed", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/evil.example",
        "/login",
    ],
)
def test_after_login_nobody_is_sent_elsewhere(url: str, wanted: str) -> None:
    answer = httpx.post(
        url + "/login",
        data={"name": "loewe", "password": PASSWORD, "next": wanted},
        headers={"Origin": url},
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(url: str) -> None:
    answer = httpx.post(
        url + "/login", data={"name": "loewe", "password": PASSWORD}, headers={"Origin": url}
    )

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie


@pytest.mark.parametrize(
    "path", ["/", "/login", "/health", "/_stcore/health", "/_stcore/metrics", "/nowhere"]
)
def test_every_answer_carries_the_security_headers(url: str, path: str) -> None:
    with sign_in(url, "olga") as client:
        headers = client.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "'unsafe-eval'" not in headers["content-security-policy"]
    assert "script-src 'self' 'sha256-" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_a_huge_login_form_is_not_read(url: str) -> None:
    answer = httpx.post(
        url + "/login", data={"name": "olga", "password": "x" * 1_000_000}, headers={"Origin": url}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(url: str, method: str) -> None:
    with sign_in(url, "olga") as client:
        assert client.request(method, "/").status_code == 405


def test_health_says_nothing_about_the_marketplace(url: str) -> None:
    assert httpx.get(url + "/health").json() == {"store": "ok", "published": "ok"}
