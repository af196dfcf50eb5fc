"""Loading, empty, stale and refused: how a page says that there is nothing to show."""

import streamlit as st

from dashboards.components import html
from dashboards.context import Context
from dashboards.published import LastRun
from dashboards.queries.connections import FileHeld
from dashboards.viewer import Viewer
from dashboards.words.words import Words

# Whether this run of the page has shown its heading.
_HEADED = "kontor_headed"


def begin() -> None:
    """Note that a run of a page begins, which has no heading yet."""
    st.session_state[_HEADED] = False


def note_heading() -> None:
    """Note that this run of the page has a heading."""
    st.session_state[_HEADED] = True


def empty(
    words: Words, title: str, explanation: str, *, link: str = "", link_text: str = ""
) -> None:
    """Say that there is nothing here, why, and where to go instead.

    On a page that has no heading so far the title is the page's.
    """
    html.show(
        "empty.html",
        title=title,
        is_whole_page=not st.session_state.get(_HEADED),
        explanation=explanation,
        link=link,
        link_text=link_text,
        language=words.language,
    )


def nothing_published(words: Words, *, has_versions: bool) -> None:
    """Say that there is no data yet, or none just now, with the way to try again or to leave."""
    if has_versions:
        title = words.text("The data is temporarily unavailable")
        explanation = words.text(
            "Nothing is lost. Please try again in a few minutes; if it stays like this, the"
            " operator of the marketplace can help."
        )
    else:
        title = words.text("Nothing has been published yet")
        explanation = words.text(
            "This page shows data as soon as the first run of the pipeline has passed its checks."
        )
    again = words.text("Try again")
    empty(words, title, explanation, link="/", link_text=again)
    html.show("link.html", href="/logout", text=words.text("Sign out"))


def signed_out(words: Words) -> None:
    """Say that the session has ended."""
    empty(
        words,
        words.text("You have been signed out"),
        words.text("Your session has ended or your access has changed."),
        link="/login",
        link_text=words.text("Sign in again"),
    )


def file_held(held: FileHeld, viewer: Viewer, words: Words) -> None:
    """Say that the data cannot be read just now; who keeps it is the operator's business."""
    explanation = words.text("Please try again in a few minutes.")
    if viewer.audience == "operator" and held.process:
        explanation = words.text(
            "Process {process} ({program}) has the published file open for writing. Close it"
            " there or end the process, then load this page again.",
            process=held.process,
            program=held.program,
        )
    empty(words, words.text("Another program keeps the data open"), explanation)


def older_version(words: Words) -> None:
    """Say that the published version lacks what the page shows, and what will bring it."""
    empty(
        words,
        words.text("This is not in the published data yet"),
        words.text(
            "The published data was written by an older version of Kontor. The next run of the"
            " pipeline adds what this page shows."
        ),
    )


def why_stale(context: Context) -> str:
    """Return why the pages show an older state, as far as it is the viewer's business, or ""."""
    last_run, words = context.last_run, context.words
    if last_run is None or not last_run.is_stale:
        return ""
    if context.is_vendor:
        return words.text("Today's update has not been published yet.")
    day = words.day(context.manifest.as_of_date)
    return _why_stale(words, last_run, day, context.utc_moment(last_run.at))


def _why_stale(words: Words, last_run: LastRun, day: str, moment: str) -> str:
    if last_run.outcome == "blocked":
        return words.text(
            "Showing data to {day}: a check blocked the run of {moment}.", day=day, moment=moment
        )
    return words.text(
        "Showing data to {day}: the run of {moment} did not finish.", day=day, moment=moment
    )
