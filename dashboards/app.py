"""The router: who is there, which pages they have, and the chosen one."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import resources
from dashboards.components import html, states
from dashboards.context import Context
from dashboards.identity import current_context, current_words
from dashboards.pages import HOME, pages_of
from dashboards.published import NothingPublished, has_versions
from dashboards.queries.connections import FileHeld
from dashboards.queries.reader import OlderVersion, QueryTimeout
from dashboards.viewer import NotAllowed
from dashboards.widget_values import UNREADABLE
from dashboards.words.messages import message

_ASSETS = Path(__file__).parent / "assets"
_ROLES = {
    "operator_admin": message("administrator"),
    "vendor_manager": message("vendor manager"),
    "analyst": message("analyst"),
    "marketer": message("marketing"),
    "auditor": message("auditor"),
    "vendor_owner": message("owner"),
    "vendor_staff": message("staff"),
}


def main() -> None:
    """Show the page that was chosen, to whoever the session says is there."""
    st.set_page_config("Kontor", page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    st.html(_ASSETS / "style.css")
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))
    try:
        context = current_context()
    except NothingPublished:
        states.nothing_published(current_words(), has_versions=has_versions(_published()))
        return
    if context is None:
        states.signed_out(current_words())
        return
    chosen = st.navigation(_menu(context))
    with st.sidebar:
        html.show(
            "account.html",
            title=context.manifest.title,
            name=context.viewer.account_name,
            role=context.words.code(_ROLES, context.viewer.role),
            signed_in_as=context.words.text("Signed in as"),
            sign_out=context.words.text("Sign out"),
        )
    chosen.run()
    _tell_of_unreadable_choices(context)


def _menu(context: Context) -> dict[str, list[StreamlitPage]]:
    """Return the pages of the viewer's role by section; the first is the address of the site."""
    menu: dict[str, list[StreamlitPage]] = {}
    for page in pages_of(context.viewer.role):
        shown = st.Page(
            _guarded(page.show, context),
            title=context.words.say(page.title),
            url_path=page.path,
            icon=page.icon,
            default=page.path == HOME,
        )
        menu.setdefault(context.words.say(page.section), []).append(shown)
    return menu


def _tell_of_unreadable_choices(context: Context) -> None:
    if st.session_state.pop(UNREADABLE, False):
        said = context.words.text(
            "Your browser sent a choice that this page does not offer. It shows the choice that"
            " it had before."
        )
        st.toast(said, icon=":material/info:")


def _published() -> Path:
    return resources.current().settings.published


def _guarded(page: Callable[[Context], None], context: Context) -> Callable[[], None]:
    words = context.words

    def run() -> None:
        try:
            page(context)
        except NotAllowed as refusal:
            resources.log_refusal(context.viewer, refusal)
            states.empty(
                words,
                words.text("There is nothing here for you"),
                words.text(
                    "The data of this page is not published for your account. The operator of the"
                    " marketplace can help."
                ),
            )
        except FileHeld as held:
            resources.log_held(context.viewer, held)
            states.file_held(held, context.viewer, words)
        except OlderVersion as older:
            resources.log_older_version(context.viewer, older)
            states.older_version(words)
        except QueryTimeout:
            states.empty(
                words,
                words.text("This took too long"),
                words.text("Please narrow the list down and try again."),
            )

    return run


main()
