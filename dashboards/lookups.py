"""Who opened which customer's data: a line of the audit log for each opening, not each rerun."""

import streamlit as st

from dashboards import resources
from dashboards.context import Context
from dashboards.viewer import may_see_people
from operations import audit
from operations.store import writing

_RECORDED = "kontor_recorded_lookup"


def record_lookup(context: Context, action: str, subject: str) -> None:
    """Note that the viewer sees a person's data, before it is shown.

    The subject is an id or a kind of list, never what somebody typed: that may be a name.
    """
    lookup = (action, subject, context.viewer.session, context.viewer.version)
    if st.session_state.get(_RECORDED) == lookup:
        return
    with writing(resources.current().store) as connection:
        audit.record(
            connection,
            actor=context.viewer.account_name,
            action=action,
            subject=subject,
            now=resources.now(),
            version=context.viewer.version,
            with_names=may_see_people(context.viewer),
        )
    st.session_state[_RECORDED] = lookup
