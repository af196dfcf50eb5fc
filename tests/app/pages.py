"""Runs a page in process, as whoever a session belongs to."""

from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from dashboards import resources
from dashboards.pages import HOME, pages_of
from operations import accounts, sessions

APP = Path(__file__).parents[2] / "dashboards" / "app.py"

OPERATOR_PAGES, VENDOR_PAGES = (
    tuple(page.path for page in pages_of(role)) for role in ("operator_admin", "vendor_owner")
)


@dataclass(frozen=True)
class Visit:
    """A browser tab of somebody."""

    test: AppTest

    def text(self) -> str:
        """Return everything that the page says, as it is sent to the browser."""
        return "\n".join(str(getattr(node, "proto", "")) for node in self.test._tree)

    def said(self) -> str:
        """Return the page's own HTML, unescaped by protobuf's printing."""
        return "\n".join(element.proto.body for element in self.test.get("html"))


def session_of(store: sa.Engine, name: str) -> str:
    """Return the hash of a new session."""
    account = accounts.find_account(store, name)
    assert account is not None
    cookie = sessions.open_session(
        store, account, kind="local", remote_address="::1", now=resources.now()
    )
    return sessions.hash_of(cookie)


def visit(
    store: sa.Engine, name: str, page: str = HOME, language: str = "en", **query: str
) -> Visit:
    """Open a page as somebody."""
    return visit_with(session_of(store, name), page, language, **query)


def visit_with(
    session_hash: str | None, page: str = HOME, language: str = "en", **query: str
) -> Visit:
    """Open a page with a session, in a browser that asks for a language."""
    test = AppTest.from_file(str(APP), default_timeout=30)
    if session_hash is not None:
        test.user = {"sid": session_hash}
    for key, value in query.items():
        test.query_params[key] = value
    if page != HOME:
        test._page_hash = _hash_of(page)
    # AppTest has no request, so no headers.
    with patch.object(ContextProxy, "headers", {"accept-language": language}):
        return Visit(test.run())


def _hash_of(page: str) -> str:
    from streamlit.util import calc_hash  # noqa: PLC0415

    return calc_hash(page)
