"""The router: who is there, which pages they have, and the chosen one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import resources, shell
from dashboards.components import states
from dashboards.context import Context
from dashboards.counted_views import count_opened
from dashboards.identity import current_context, current_session, words_of
from dashboards.pages import HOME, SEARCH, Page, pages_of
from dashboards.published import NothingPublished, has_versions
from dashboards.queries.connections import FileHeld
from dashboards.queries.reader import OlderVersion, QueryTimeout
from dashboards.viewer import NotAllowed
from dashboards.widget_values import take_told
from dashboards.words.words import Words
from operations.roles import role_of

_ASSETS = Path(__file__).parent / "assets"


def main() -> None:
    """Show the page that was chosen, to whoever the session says is there."""
    st.set_page_config("Kontor", page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))
    states.begin()
    session = current_session()
    words = words_of(session)
    if session is None:
        states.signed_out(words)
        return
    try:
        context = current_context(session, words)
    except NothingPublished:
        context = None
    menu = _menu(session.role, words, context)
    # Streamlit's button for the rest of a long menu speaks English only.
    chosen = st.navigation(menu, expanded=True)
    listed = [page for section in menu.values() for page in section]
    with st.sidebar:
        shell.search_field(words, next((p for p in listed if p.url_path == SEARCH), None))
        shell.user_menu(session, words, context.manifest.title if context else "")
    if role_of(session.role).audience == "vendor":
        shell.bottom_bar(words, listed)
    if context is not None:
        shell.offer_newer(context)
    chosen.run()
    _tell(words)


def _menu(role: str, words: Words, context: Context | None) -> dict[str, list[StreamlitPage]]:
    """Return the pages of a role by section; the first is the address of the site."""
    menu: dict[str, list[StreamlitPage]] = {}
    for page in pages_of(role):
        shown = st.Page(
            _guarded(page, context) if context else partial(_nothing_published, words),
            title=words.say(page.title),
            url_path=page.path,
            icon=page.icon,
            default=page.path == HOME,
            visibility="visible" if page.is_listed else "hidden",
        )
        menu.setdefault(words.say(page.section), []).append(shown)
    return menu


def _tell(words: Words) -> None:
    for told in take_told():
        st.toast(words.say(told), icon=":material/info:")


def _nothing_published(words: Words) -> None:
    published = resources.current().settings.published
    states.nothing_published(words, has_versions=has_versions(published))


def _guarded(page: Page, context: Context) -> Callable[[], None]:
    words = context.words

    def run() -> None:
        try:
            page.show(context)
            count_opened(context, page.name)
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
