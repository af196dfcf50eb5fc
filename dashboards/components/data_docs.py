"""The way from the Data health page to the checks' own pages."""

from dashboards.components import html
from dashboards.context import Context
from dashboards.viewer import may_operate

ADDRESS = "/data-docs/"


def show_link(context: Context) -> None:
    """Show operators where every rule and its result is listed; others may not open it."""
    if may_operate(context.viewer):
        text = context.words.text("Every rule and what it found (Data Docs)")
        html.show("link.html", href=ADDRESS, text=text)
