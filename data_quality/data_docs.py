"""Data Docs: Great Expectations' own tables of results, in a page without scripts or outside files.

Their page template loads a dozen files from elsewhere and shows unexpected values; here their
section views are used, on results from which every value was taken, under a policy of their own.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from output.findings.finding import Finding

if TYPE_CHECKING:
    from data_quality.rules import Suite

INDEX = "index.html"

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;
color:#1c2430}
h1{font-size:1.5rem}h5{font-size:1.05rem;margin:1.2rem 0 .3rem}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #d9dee5;padding:.35rem .6rem;text-align:left;vertical-align:top}
.badge{background:#eef1f5;border-radius:4px;padding:0 .3rem}.text-danger{color:#a4262c}
.text-success{color:#1b6e37}a{color:#0b57a4}.bad{color:#a4262c;font-weight:600}
.fa-check-circle::before{content:"\\2713 holds"}.fa-times::before,.fa-exclamation-triangle::before
{content:"\\2717 does not hold"}.d-none,[hidden]{display:none}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_ACTIVE = re.compile(
    r"<(script|iframe|object|form|svg|style)\b.*?</\1\s*>|<(script|iframe|object|link|meta|img|base)"
    r"\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_HANDLER = re.compile(
    r"""\s(on\w+|src|href|action|data-[\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE
)


def page_of(suite: "Suite", results: Iterable[Any], run_at: str) -> str:
    """A suite's page, from Great Expectations' results without values."""
    # Imported here: whoever writes the index need not wait for it.
    from great_expectations.render.renderer.page_renderer import (  # noqa: PLC0415
        ValidationResultsPageRenderer,
    )

    parts, view = [], _section_view()
    for result in results:
        document = ValidationResultsPageRenderer(run_info_at_end=True).render(result)
        for number, section in enumerate(document.sections[:-1]):  # the last is about the run
            told = {"section": section.to_json_dict(), "section_loop": {"index": number}}
            parts.append(inactive(str(view.render(told))))
    heading = f"<p><a href='{INDEX}'>All suites</a> &middot; checked {escape(run_at)} UTC</p>"
    return _page(suite.title, heading + "".join(parts))


@cache
def _section_view() -> Any:
    """Their view of a section; one for all pages, for each compiles its templates anew."""
    from great_expectations.render.view.view import DefaultJinjaSectionView  # noqa: PLC0415

    return DefaultJinjaSectionView()


def index_of(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """The list of suites: page name without ending or nothing, title, when checked, what failed."""
    lines = [
        f"<tr><td>{_link(page, title)}</td><td>{escape(run_at)}</td>"
        f"<td class='{'bad' if failed else ''}'>{escape(failed or 'everything holds')}</td></tr>"
        for page, title, run_at, failed in rows
    ]
    head = "<tr><th>Suite</th><th>Checked (UTC)</th><th>Result</th></tr>"
    return _page("Data Docs", f"<table>{head}{''.join(lines)}</table>")


class Judged(Protocol):
    """A result as far as the index is concerned."""

    @property
    def is_passed(self) -> bool: ...

    @property
    def finding(self) -> Finding: ...


def failures_in_words(results: Iterable[Judged]) -> str:
    """What did not hold, in one line; empty where everything did."""
    return " ".join(result.finding.english for result in results if not result.is_passed)


def inactive(html: str) -> str:
    """HTML without anything that runs, loads or leads elsewhere."""
    return _HANDLER.sub("", _ACTIVE.sub("", html))


def _link(page: str, title: str) -> str:
    return f"<a href='{escape(page)}.html'>{escape(title)}</a>" if page else escape(title)


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<meta http-equiv='Content-Security-Policy' content=\"{_POLICY}\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
