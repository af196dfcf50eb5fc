"""The headers every answer carries, and the answers the gate gives itself."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Scope, Send

from dashboards.gate.requests import in_language, is_visit, language_asked, words_for
from dashboards.words import messages
from dashboards.words.languages import NAMES

_TEMPLATES = Path(__file__).parent.parent / "templates"

# What is served under these names never changes.
_ASSETS = ("/static/", "/dagster/_next/static/")
_NONCE = re.compile(r"'nonce-[0-9a-f]{32}'")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _inline_scripts() -> str:
    """Return the hashes of the scripts that Streamlit's own page holds in its HTML."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(text.encode()).digest() for text in _INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@cache
def content_security_policy() -> str:
    """Return the policy: everything from here, nothing from elsewhere.

    Measured with charts and tables of Streamlit 1.67; style-src cannot do without 'unsafe-inline'.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {_inline_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


_SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # not no-referrer: browsers would send "Origin: null" with our own forms
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def with_security_headers(send: Send, scope: Scope, *, is_secure: bool) -> Send:
    """Return a send that adds the headers to every answer, whoever made it."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = _policy_of(headers)
            for name, value in _SECURITY_HEADERS.items():
                headers[name] = value
            if is_secure:
                headers["strict-transport-security"] = "max-age=31536000"
            if not _is_asset(scope):
                headers["cache-control"] = "no-store"
        await send(message)

    return send_with_headers


def _policy_of(headers: MutableHeaders) -> str:
    """Return our policy; of an answer's own it keeps the nonce by which Dagster's scripts run."""
    nonce = _NONCE.search(headers.get("content-security-policy", ""))
    allowed = f"script-src 'self' {nonce[0]}" if nonce else "script-src 'self'"
    return content_security_policy().replace("script-src 'self'", allowed)


def _is_asset(scope: Scope) -> bool:
    """Return whether the answer is a file of Streamlit or Dagster whose name holds its hash."""
    return str(scope.get("path", "")).startswith(_ASSETS)


def refusal(scope: Scope, status_code: int, why: messages.Message) -> Response:
    """Return an answer that says no in a few words: a page to a person, a text to a program."""
    words = words_for(scope)
    said = words.say(why)
    answer: Response
    if is_visit(scope):
        answer = page("refused.html", scope, status_code=status_code, why=said)
    else:
        answer = PlainTextResponse(said, status_code=status_code)
    answer.headers["content-language"] = words.language
    return answer


def to_login(next_path: str, scope: Scope) -> Response:
    """Return the way to the login page and back, in the language of the address."""
    way = f"/login?next={quote(next_path, safe='')}"
    return RedirectResponse(in_language(way, language_asked(scope)), status_code=303)


def page(template: str, scope: Scope, *, status_code: int = 200, **data: str) -> Response:
    """Return a page in the reader's language; its template says `text` and `text_in`."""
    words = words_for(scope)
    said = {"language": words.language, "text": words.text, "text_in": words.text_in}
    switch = {"asked": language_asked(scope), "languages": NAMES}
    body = _templates().get_template(template).render(**said, **switch, **data)
    return HTMLResponse(body, status_code=status_code)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
