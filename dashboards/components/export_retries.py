"""Sending again what of a run did not arrive, for whoever may ask for it."""

from collections.abc import Callable

import streamlit as st

from dashboards.context import Context
from dashboards.exports import Retry, Run


def show(
    context: Context, run: Run, asked: Retry | None, retry: Callable[[Run], None] | None
) -> None:
    """Show since when another attempt is asked for, or the button that asks; `retry` is a click."""
    words = context.words
    if asked is not None:
        st.caption(
            words.text(
                "Asked for again {moment}. Dagster starts the run within a minute; where it does"
                " not run, `kontor export {name}` does.",
                moment=context.utc_moment(asked.asked_at),
                name=run.export,
            )
        )
    elif retry is not None:
        st.button(
            words.text("Send again what did not arrive"),
            key=f"export_retry_{run.run_id}",
            on_click=retry,
            args=(run,),
        )
