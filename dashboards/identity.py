"""From the gate's header to a viewer; asked again on every run of a page."""

import streamlit as st

from dashboards import resources
from dashboards.context import Context
from dashboards.published import read_last_run
from dashboards.viewer import viewer_of
from dashboards.words.languages import language_of
from dashboards.words.words import Words, words_in
from operations import sessions


def current_context() -> Context | None:
    """Return who looks at which published state, or nothing when the session is over."""
    session_hash = st.user.get("sid")
    if not isinstance(session_hash, str):
        return None
    opened = resources.current()
    session = sessions.resolve_session(opened.store, session_hash, now=resources.now())
    if session is None:
        return None
    version = opened.version()
    manifest = opened.manifest(version)
    viewer = viewer_of(session, version, manifest.marketplace)
    last_run = read_last_run(opened.settings.published)
    return Context(viewer, manifest, last_run, current_words(), resources.now())


def current_words() -> Words:
    """Return the words of whoever looks, in the language that the browser asks for."""
    return words_in(language_of(None, st.context.headers.get("accept-language")))
