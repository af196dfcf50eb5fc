"""Exports of segments: what waits for approval, what was sent, where to, and whom it finds."""

from functools import partial

import streamlit as st

from dashboards import exports
from dashboards.commands import new_request_id
from dashboards.components import (
    empty,
    export_destinations,
    export_results,
    export_retries,
    export_runs,
    export_setups,
    html,
    sections,
    vendor_exports,
)
from dashboards.components.export_alerts import show_alerts
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.exports import Run, VendorRequest

_SHOWN = 50
_DECIDED = "exports_decided"
_RETRIED = "exports_retried"


def page(context: Context) -> None:
    """Show the part of the page that the address names."""
    words = context.words
    runs = exports.runs_of(context.viewer, context.manifest.marketplace)
    held = [run for run in runs if run.state == "held"]
    lead = words.count(
        "{n} export waits for approval.", "{n} exports wait for approval.", len(held)
    )
    heading(context, words.text("Exports"), lead if held else "")
    show_alerts(context)
    asked = exports.requests_of_vendors(context.viewer, context.manifest.marketplace)
    setups = exports.setups_of(context.viewer, context.manifest.marketplace)
    if not runs and not asked:
        empty.show(words, export_runs.NO_RUNS)
        export_setups.show(context, setups)
        return
    parts = {
        "runs": words.text("Runs"),
        **({"setups": words.text("Set up")} if setups else {}),
        "vendors": words.text("For vendors"),
        "destinations": words.text("Destinations"),
        "quality": words.text("Audience quality"),
    }
    shown = sections.choice(context, parts, key="exports_section")
    if shown == "vendors":
        _show_asked(context, asked)
    elif shown == "setups":
        export_setups.show(context, setups)
    elif not runs:
        empty.show(words, export_runs.NO_RUNS)
        export_setups.show(context, setups)
    elif shown == "destinations":
        export_destinations.show_destinations(context, runs)
    elif shown == "quality":
        if export_destinations.has_quality(runs):
            export_destinations.show_quality(context, runs)
        else:
            empty.show(words, export_destinations.NO_QUALITY)
    else:
        _show_runs(context, runs, held)


def _show_runs(context: Context, runs: list[Run], held: list[Run]) -> None:
    words = context.words
    if st.session_state.pop(_DECIDED, None) is False:
        html.show(
            "notice.html",
            kind="act",
            title=words.text("Not saved"),
            lines=[words.text("Somebody else has decided it meanwhile.")],
        )
    if st.session_state.pop(_RETRIED, None) is False:
        html.show(
            "notice.html",
            kind="act",
            title=words.text("Not saved"),
            lines=[words.text("Another run has begun meanwhile, or nothing is left to be sent.")],
        )
    decide = partial(_decide, context) if exports.may_decide(context.viewer) else None
    export_runs.show_held(context, held, decide, runs)
    export_runs.show_runs(context, runs[:_SHOWN])
    chosen = export_runs.show_outcomes(
        context, runs[:_SHOWN], partial(exports.outcomes, context.viewer)
    )
    export_retries.show(
        context,
        chosen,
        exports.retries_of(context.viewer, context.manifest.marketplace).get(chosen.run_id),
        partial(_retry, context) if exports.may_retry(context.viewer, chosen, runs) else None,
    )
    export_results.show(context, exports.results_of(context.viewer, chosen))


def _show_asked(context: Context, asked: list[VendorRequest]) -> None:
    if not asked:
        empty.show(context.words, vendor_exports.NOBODY_ASKED)
        return
    decide = partial(_decide_asked, context) if exports.may_decide(context.viewer) else None
    vendor_exports.show_queue(context, asked, decide)


def _decide_asked(context: Context, request_id: str, decision: str, reason: str) -> None:
    why = str(st.session_state.get(reason) or "")
    st.session_state[_DECIDED] = exports.decide_request(
        context.viewer, request_id, decision, why, new_request_id()
    )


def _decide(context: Context, run: Run, reason: str, is_approved: bool) -> None:  # noqa: FBT001
    why = str(st.session_state.get(reason) or "")
    st.session_state[_DECIDED] = exports.decide(
        context.viewer, run.run_id, why, new_request_id(), is_approved=is_approved
    )


def _retry(context: Context, run: Run) -> None:
    st.session_state[_RETRIED] = exports.retry(context.viewer, run, new_request_id())
