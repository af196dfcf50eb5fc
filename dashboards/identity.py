"""From the gate's header to a viewer; asked again on every run of a page."""

import streamlit as st

from dashboards import resources
from dashboards.context import Context
from dashboards.published import read_last_run
from dashboards.viewer import viewer_of
from dashboards.words.languages import LANGUAGE_PARAMETER, language_of
from dashboards.words.words import Words, words_in
from operations import sessions
from operations.sessions import Session

# What this tab remembers: the language that its address named, and the one that it shows.
_ASKED, _SHOWN = "kontor_language_asked", "kontor_language_shown"


def current_session() -> Session | None:
    """Return the session of whoever looks, or nothing when it is over."""
    session_hash = st.user.get("sid")
    if not isinstance(session_hash, str):
        return None
    return sessions.resolve_session(resources.current().store, session_hash, now=resources.now())


def current_context(session: Session, words: Words) -> Context:
    """Return who looks at which published state.

    Raises:
        NothingPublished: there is none just now.
    """
    opened = resources.current()
    version = opened.version()
    manifest = opened.manifest(version)
    viewer = viewer_of(session, version, manifest.marketplace)
    last_run = read_last_run(opened.settings.published)
    return Context(viewer, manifest, last_run, words, resources.now())


def words_of(session: Session | None) -> Words:
    """Return the words of whoever looks: of the tab's address, the account or the browser.

    Streamlit drops what an address says when it goes to another page, so the tab remembers it.
    """
    if LANGUAGE_PARAMETER in st.query_params:
        st.session_state[_ASKED] = st.query_params[LANGUAGE_PARAMETER]
    chosen = session.preferences.language if session is not None else None
    st.session_state[_SHOWN] = language_of(
        st.session_state.get(_ASKED), chosen, st.context.headers.get("accept-language")
    )
    return words_shown()


def words_shown() -> Words:
    """Return the words that this tab shows, without asking the store, which may be the trouble."""
    accepted = st.context.headers.get("accept-language")
    return words_in(language_of(st.session_state.get(_SHOWN), None, accepted))
