"""Loading, empty, stale and refused: how a page says that there is nothing to show."""

from dashboards.components import findings, html
from dashboards.context import Context
from dashboards.published import LastRun
from dashboards.queries.connections import FileHeld
from dashboards.viewer import Viewer
from dashboards.words.words import Words


def empty(
    words: Words, title: str, explanation: str, *, link: str = "", link_text: str = ""
) -> None:
    """Say that there is nothing here, why, and where to go instead."""
    html.show(
        "empty.html",
        title=title,
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
    empty(words, title, explanation, link="/", link_text=words.text("Try again"))
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


def stale_for_operator(context: Context) -> None:
    """Say why the pages show an older state."""
    last_run, words = context.last_run, context.words
    if last_run is None or not last_run.is_stale:
        return
    day = words.day(context.manifest.as_of_date)
    moment = context.utc_moment(last_run.at)
    html.show(
        "notice.html",
        kind="watch",
        title=_why_stale(words, last_run, day, moment),
        lines=findings.reasons(words, last_run),
    )


def stale_for_vendor(context: Context) -> None:
    """Say that today's update is missing; the reasons are the operator's business."""
    if context.last_run is not None and context.last_run.is_stale:
        title = context.words.text("Today's update has not been published yet.")
        html.show("notice.html", kind="watch", title=title, lines=[])


def _why_stale(words: Words, last_run: LastRun, day: str, moment: str) -> str:
    if last_run.outcome == "blocked":
        return words.text(
            "Showing data to {day}: a check blocked the run of {moment}.", day=day, moment=moment
        )
    return words.text(
        "Showing data to {day}: the run of {moment} did not finish.", day=day, moment=moment
    )
