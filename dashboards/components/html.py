"""The only way from data to HTML: templates that escape whatever they are given.

`st.markdown` would turn a vendor's name into a link or fetch an image named in it; here a name is
text, whatever it looks like. Direction marks are isolated, so that a name cannot turn its
neighbours around.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards.words.plain import plain

_TEMPLATES = Path(__file__).parent.parent / "templates"


def show(template: str, **data: Any) -> None:
    """Render a template with its data at this place of the page."""
    st.html(rendered(template, **data))


def rendered(template: str, **data: Any) -> str:
    """Return a template with its data, escaped."""
    return environment().get_template(template).render(**data)


def markdown_safe(text: object) -> str:
    """Return text from data for the few places where Streamlit insists on Markdown."""
    special = set("\\`*_{}[]()<>#+-.!|~:$&@/")
    return "".join(f"\\{letter}" if letter in special else letter for letter in plain(text))


@cache
def environment() -> Environment:
    """Return the environment of all components; a missing value is an error, not a blank."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    return made
