"""What is around every page: the user menu, a phone's bar of pages, the offer of newer data."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import resources
from dashboards.components import html, search
from dashboards.context import Context
from dashboards.listings.filters import LONGEST_SEARCH
from dashboards.published import NothingPublished, current_version
from dashboards.words.languages import NAMES
from dashboards.words.messages import message, message_in
from dashboards.words.words import Words
from operations.preferences import THEMES
from operations.sessions import Session

_ROLES = {
    "operator_admin": message("administrator"),
    "vendor_manager": message("vendor manager"),
    "analyst": message("analyst"),
    "marketer": message("marketing"),
    "auditor": message("auditor"),
    "vendor_owner": message("owner"),
    "vendor_staff": message("staff"),
}
_THEMES = {
    "system": message_in("theme", "As the device"),
    "light": message_in("theme", "Light"),
    "dark": message_in("theme", "Dark"),
}
_LOOKS_FOR_NEWER_EVERY = "60s"
# As many as fit on the narrowest phone beside the button behind which the rest is.
_PLACES = 5
_SEARCHED, _WANTED = "shell_search", "kontor_search_wanted"


def user_menu(session: Session, words: Words, marketplace: str) -> None:
    """Show who is signed in, their language and theme, and the way out."""
    html.show(
        "account.html",
        title=marketplace,
        name=session.account_name,
        role=words.code(_ROLES, session.role),
        text=words.text,
        languages=NAMES,
        language=words.language,
        themes={theme: words.say(_THEMES[theme]) for theme in THEMES},
        theme=session.preferences.theme or "system",
    )


def search_field(words: Words, page: StreamlitPage | None) -> None:
    """Show the field that leads to the search page with what was typed; nothing without the page.

    Only an id is put into the address.
    """
    if page is None:
        return
    st.text_input(
        words.text("Search"),
        placeholder=words.text("Search"),
        max_chars=LONGEST_SEARCH,
        label_visibility="collapsed",
        icon=":material/search:",
        key=_SEARCHED,
        on_change=_note_search,
    )
    if wanted := st.session_state.pop(_WANTED, ""):
        st.switch_page(page, query_params=search.keep(wanted))


def _note_search() -> None:
    st.session_state[_WANTED] = search.searchable(str(st.session_state[_SEARCHED] or ""))
    st.session_state[_SEARCHED] = ""


def bottom_bar(words: Words, pages: Sequence[StreamlitPage]) -> None:
    """Show a bar of the pages, which the style gives to phones alone."""
    shown = pages[:_PLACES]
    with st.container(key="k-bottom-bar", horizontal=True):
        for page in shown:
            st.page_link(page)
        if len(shown) < len(pages):
            with st.popover(words.text_in("menu", "More"), icon=":material/more_horiz:"):
                for page in pages[len(shown) :]:
                    st.page_link(page)


@st.fragment(run_every=_LOOKS_FOR_NEWER_EVERY)
def offer_newer(context: Context) -> None:
    """Offer a version that was published since this page ran; the page itself stays as it is."""
    try:
        newest = current_version(resources.current().settings.published)
    except NothingPublished:
        return
    if newest != context.viewer.version:
        words = context.words
        html.show(
            "newer.html",
            title=words.text("New data is available."),
            load=words.text("Show it"),
        )
