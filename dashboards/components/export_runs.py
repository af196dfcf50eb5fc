"""Runs of exports: what waits for approval, what became of the others, and whom they find."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboards.components import choices, findings, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exports import Run
from dashboards.listings.listing import Empty
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

NO_RUNS = Empty(
    message("Nothing has been exported yet"),
    message("Exports are set up in a file of the marketplace; the first run appears here."),
)
STATES: Mapping[str, Message] = {
    "held": message("Waits for approval"),
    "ready": message("Being sent"),
    "finished": message("Finished"),
    "declined": message("Declined"),
    "abandoned": message("Given up; planned anew"),
}
_LIGHTS = {
    "held": "watch",
    "ready": "watch",
    "finished": "ok",
    "declined": "absent",
    "abandoned": "failed",
}
_COUNTS: Mapping[str, Message] = {
    "members": message("Members of the segment"),
    "before": message("At the destination before"),
    "after": message("At the destination afterwards"),
    "overlap": message("There and stays"),
    "added": message("New"),
    "changed": message("Changed"),
    "remove": message("To be removed"),
    "unchanged": message("Unchanged"),
    "unresolved": message("Of unknown state"),
}
_LEFT_OUT: Mapping[str, Message] = {
    "never_asked": message("Never asked for consent"),
    "refused": message("Refused"),
    "suppressed": message("Objected"),
    "withdrawn": message("Withdrew consent"),
    "holdout": message("Held out to measure the effect"),
    "bounced": message("Address that does not work"),
    "no_address": message("No address"),
    "not_contactable": message("May not be contacted"),
    "consent_unproven": message("No version of the consent is known"),
    "not_computable": message("A field cannot be computed"),
    "capped": message("Contacted often enough"),
    "ended": message("Contract or enquiry has ended"),
    "low_stock": message("What is offered is about to run out"),
}
ROW_STATES: Mapping[str, Message] = {
    "pending": message("Still to be sent"),
    "sending": message("Sent, without an answer yet"),
    "confirmed": message("Confirmed"),
    "refused": message("Refused by the destination"),
    "suppressed": message("Held back just before sending"),
    "unknown": message("May have arrived"),
}
_DONE = frozenset({"confirmed", "refused", "suppressed", "unknown"})


def show_held(
    context: Context,
    runs: Sequence[Run],
    decide: Callable[[Run, str, bool], None] | None,
    others: Sequence[Run] = (),
) -> None:
    """Show what waits for approval, why, and what would be sent; `decide` is what a click does.

    Of the other runs, the newest first, the export's last one that was sent is shown beside it.
    """
    words = context.words
    for run in runs:
        st.header(
            words.text("{export} waits for approval", export=name_of(run.export)), anchor=False
        )
        for finding in run.held_by:
            st.markdown(f"- {findings.said(words, finding)}")
        before = (each for each in others if each.export == run.export and each.state == "finished")
        show_plan(context, run, next(before, None))
        if decide is None:
            continue
        reason = f"export_reason_{run.run_id}"
        st.text_input(words.text("Why, if you decline"), key=reason, max_chars=500)
        approve, decline = st.columns(2)
        approve.button(
            words.text("Approve"),
            key=f"export_approve_{run.run_id}",
            type="primary",
            on_click=decide,
            args=(run, reason, True),
        )
        decline.button(
            words.text("Decline"),
            key=f"export_decline_{run.run_id}",
            on_click=decide,
            args=(run, reason, False),
        )
        st.caption(
            words.text(
                "What is approved is sent by the export's next scheduled run, or at once by"
                " `kontor export {name}`. Who withdrew consent is removed in any case.",
                name=run.export,
            )
        )


def show_plan(context: Context, run: Run, before: Run | None = None) -> None:
    """Show the rows of a plan beside those of the run before: what changes, who is left out."""
    words = context.words
    said = {**_COUNTS, **{f"not_{reason}": text for reason, text in _LEFT_OUT.items()}}
    earlier = before.counts if before is not None else {}
    rows: list[Row] = [
        {"what": words.say(text), "count": run.counts.get(name, 0), "earlier": earlier.get(name, 0)}
        for name, text in said.items()
        if run.counts.get(name, 0) or earlier.get(name, 0) or name in {"members", "before", "after"}
    ]
    columns = [
        Column(words.text("Rows"), lambda row: str(row["what"]), "strong", place="id"),
        Column(
            words.text("Number"), lambda row: words.number(row["count"]), "number", place="amount"
        ),
    ]
    if before is not None:
        columns.append(
            Column(words.text("The run before"), lambda row: words.number(row["earlier"]), "number")
        )
    tables.show(columns, rows, caption=words.text("What would be sent"))


def show_runs(context: Context, runs: Sequence[Run]) -> None:
    """Show the runs, the newest first."""
    words = context.words
    rows: list[Row] = [{"run": run, "state": light(run)} for run in runs]
    tables.show(
        [
            Column(
                words.text("Export"), lambda row: name_of(row["run"].export), "strong", place="id"
            ),
            Column(words.text("Destination"), lambda row: name_of(row["run"].destination)),
            Column(
                words.text("State"),
                lambda row: words.code(STATES, row["run"].state),
                "state",
                place="state",
            ),
            Column(
                words.text("Rows done"),
                lambda row: _progress(words, row["run"]),
                "number",
                place="amount",
            ),
            Column(
                words.text("Planned"),
                lambda row: context.utc_moment(row["run"].planned_at),
                "short",
                place="due",
            ),
            Column(words.text("Problem"), lambda row: matter(words, row["run"]), "wide"),
        ],
        rows,
        caption=words.text("Runs of exports"),
    )


def show_outcomes(
    context: Context,
    runs: Sequence[Run],
    outcomes: Callable[[Run], Sequence[tuple[str, str | None, int]]],
) -> Run:
    """Show what became of the rows of a run, by state and reason; returns the run chosen."""
    words = context.words
    options = {
        run.run_id: f"{name_of(run.export)}, {context.utc_moment(run.planned_at)}" for run in runs
    }
    chosen = choices.choose(words.text("Run"), "run", options, key="exports_run")
    run = next(run for run in runs if run.run_id == chosen)
    rows: list[Row] = [
        {
            "what": words.code(ROW_STATES, state),
            "why": why(words, reason),
            "count": count,
        }
        for state, reason, count in outcomes(run)
    ]
    if not rows:
        st.caption(words.text("The run had no rows; nothing was to be sent."))
        return run
    _show_reasons(words, rows)
    st.caption(
        words.text(
            "What the destination refused is sent again by the next run, at its time or at once by"
            " `kontor export {name}`; what may have arrived is asked about, or sent again where"
            " that does no harm.",
            name=run.export,
        )
    )
    return run


def _show_reasons(words: Words, rows: list[Row]) -> None:
    tables.show(
        [
            Column(words.text("Rows"), lambda row: str(row["what"]), "strong", place="id"),
            Column(words.text("Reason"), lambda row: str(row["why"]), place="due"),
            Column(
                words.text("Number"),
                lambda row: words.number(row["count"]),
                "number",
                place="amount",
            ),
        ],
        rows,
        caption=words.text("What became of the rows"),
    )


def show_counts(words: Words, rows: list[Row], what: str, caption: str) -> None:
    """Show numbers of rows, each beside what it is."""
    tables.show(
        [
            Column(what, lambda row: str(row["what"]), "strong", place="id"),
            Column(
                words.text("Number"),
                lambda row: words.number(row["count"]),
                "number",
                place="amount",
            ),
        ],
        rows,
        caption=caption,
    )


def name_of(name: str) -> str:
    """Return the name of a file as words."""
    return name.replace("_", " ").capitalize()


def light(run: Run) -> str:
    """Return the colour of how a run is."""
    if run.interrupted or set(run.results) & {"refused", "unknown"}:
        return "warning"
    return _LIGHTS[run.state]


def _progress(words: Words, run: Run) -> str:
    planned = run.counts.get("upsert", 0) + run.counts.get("remove", 0)
    done = sum(count for state, count in run.results.items() if state in _DONE)
    return words.text("{done} of {n}", done=words.number(done), n=words.number(max(planned, done)))


def matter(words: Words, run: Run) -> str:
    """Return what somebody should know of a run: why it stopped or waits, or what was lost."""
    if run.interrupted:
        return words.text(
            "Stopped on its way; the next run goes on with it. {why}", why=run.interrupted
        )
    if run.held_by and run.state == "held":
        return " ".join(findings.said(words, finding) for finding in run.held_by)
    lost = [
        words.text("{state}: {n}", state=words.say(ROW_STATES[state]), n=words.number(count))
        for state in ("refused", "unknown")
        if (count := run.results.get(state, 0))
    ]
    return ", ".join(lost) or NOTHING


def why(words: Words, reason: str | None) -> str:
    """Return why a row did not arrive, in words."""
    if reason is None:
        return NOTHING
    return words.code(_LEFT_OUT, reason) if reason in _LEFT_OUT else reason
