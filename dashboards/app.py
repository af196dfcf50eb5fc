"""The router: who is there, which pages they have, and the chosen one."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboards import resources
from dashboards.components import html, states
from dashboards.components.page import Context
from dashboards.identity import current_context, current_words
from dashboards.pages import HOME, pages_of
from dashboards.published import NothingPublished
from dashboards.queries.connections import FileHeld
from dashboards.queries.reader import QueryTimeout
from dashboards.viewer import NotAllowed
from dashboards.widget_values import UNREADABLE

_ASSETS = Path(__file__).parent / "assets"


def main() -> None:
    """Show the page that was chosen, to whoever the session says is there."""
    st.set_page_config("Kontor", page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    st.html(_ASSETS / "style.css")
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))
    try:
        context = current_context()
    except NothingPublished:
        states.nothing_published()
        return
    if context is None:
        states.signed_out(current_words())
        return
    pages = [
        st.Page(
            _guarded(page.show, context),
            title=page.title,
            url_path=page.path,
            icon=page.icon,
            default=page.path == HOME,
        )
        for page in pages_of(context.viewer.role)
    ]
    chosen = st.navigation(pages)
    with st.sidebar:
        html.show(
            "account.html",
            title=context.manifest.title,
            name=context.viewer.account_name,
            role=context.viewer.role,
        )
    chosen.run()
    if st.session_state.pop(UNREADABLE, False):
        st.toast(
            current_words().text(
                "Your browser sent a choice that this page does not offer. It shows the choice"
                " that it had before."
            ),
            icon=":material/info:",
        )


def _guarded(page: Callable[[Context], None], context: Context) -> Callable[[], None]:
    def run() -> None:
        try:
            page(context)
        except NotAllowed as refusal:
            resources.log_refusal(context.viewer, refusal)
            states.empty(
                "There is nothing here for you",
                "The data of this page is not published for your account. The operator of the"
                " marketplace can help.",
            )
        except FileHeld as held:
            resources.log_held(context.viewer, held)
            states.file_held(held, context.viewer, current_words())
        except QueryTimeout:
            states.empty("This took too long", "Please narrow the list down and try again.")

    return run


main()
