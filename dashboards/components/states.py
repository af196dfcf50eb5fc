"""Loading, empty, stale and refused: how a page says that there is nothing to show."""

from dashboards.components import html, wording
from dashboards.published import LastRun, Manifest
from dashboards.queries.connections import FileHeld
from dashboards.viewer import Viewer
from dashboards.words.languages import Language
from dashboards.words.words import Words


def empty(
    title: str, explanation: str, *, link: str = "", link_text: str = "", language: Language = "en"
) -> None:
    """Say that there is nothing here, why, and where to go instead."""
    html.show(
        "empty.html",
        title=title,
        explanation=explanation,
        link=link,
        link_text=link_text,
        language=language,
    )


def nothing_published() -> None:
    """Say that there is no data at all yet."""
    empty(
        "Nothing has been published yet",
        "The first run of the pipeline is still under way or did not finish. This page shows the"
        " data as soon as it has passed its checks.",
    )


def signed_out(words: Words) -> None:
    """Say that the session has ended."""
    empty(
        words.text("You have been signed out"),
        words.text("Your session has ended or your access has changed."),
        link="/login",
        link_text=words.text("Sign in again"),
        language=words.language,
    )


def file_held(held: FileHeld, viewer: Viewer, words: Words) -> None:
    """Say that the data cannot be read just now; who keeps it is the operator's business."""
    explanation = words.text("Please try again in a few minutes.")
    if viewer.role != "vendor" and held.process:
        explanation = words.text(
            "Process {process} ({program}) has the published file open for writing. Close it"
            " there or end the process, then load this page again.",
            process=held.process,
            program=held.program,
        )
    empty(
        words.text("Another program keeps the data open"),
        explanation,
        language=words.language,
    )


def stale_for_operator(last_run: LastRun | None, manifest: Manifest) -> None:
    """Say why the pages show an older state."""
    if last_run is None or not last_run.is_stale:
        return
    html.show(
        "notice.html",
        kind="watch",
        title=f"Showing data to {wording.day(manifest.as_of_date)}: the run of"
        f" {wording.moment(last_run.at)} UTC was {_outcome(last_run)}.",
        lines=list(last_run.reasons),
    )


def stale_for_vendor(last_run: LastRun | None) -> None:
    """Say that today's update is missing; the reasons are the operator's business."""
    if last_run is not None and last_run.is_stale:
        html.show(
            "notice.html",
            kind="watch",
            title="Today's update has not been published yet.",
            lines=[],
        )


def _outcome(last_run: LastRun) -> str:
    return "blocked by a check" if last_run.outcome == "blocked" else "not completed"
