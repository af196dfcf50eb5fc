"""The limits there are: of the registry, and those that operators set, with their reasons."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards import limit_setting
from dashboards.commands import new_request_id
from dashboards.components import empty, findings, html, tables, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.limit_setting import Standing
from dashboards.queries import limits as asked
from dashboards.queries.reader import Row
from output.findings.finding import Finding

_CHOSEN, _WHY, _REFUSED = (f"thresholds_withdrawn_{part}" for part in ("chosen", "why", "refused"))


def verdict(context: Context, metrics: Mapping[str, Row], limits: Sequence[Standing]) -> str:
    """Return by how many limits vendors are judged, and how many of them operators set."""
    words = context.words
    if not limits:
        return words.count(
            "{n} limit counts for all vendors; operators set no other.",
            "{n} limits count for all vendors; operators set no other.",
            len(metrics),
        )
    first = limit_setting.earliest(context)
    return words.count(
        "{n} limit was set by operators, {coming} of them to come; elsewhere those for all vendors"
        " count.",
        "{n} limits were set by operators, {coming} of them to come; elsewhere those for all"
        " vendors count.",
        len(limits),
        coming=words.number(sum(limit.valid_from >= first for limit in limits)),
    )


def show_base(context: Context, metrics: Mapping[str, Row]) -> None:
    """Show what counts where no operator set anything else."""
    words = context.words
    columns = [
        Column(words.text("Measure"), lambda row: wording.metric_name(words, row), "strong",
               lambda row: f"/metrics?metric={row['metric_id']}", place="id"),
        Column(words.text("Limit"), lambda row: _value(context, row, row["threshold"]), "number",
               place="amount"),
        Column(words.text("Because"), lambda row: words.published(row["threshold_origin"]), "wide",
               place="state"),
    ]  # fmt: skip
    tables.show(columns, list(metrics.values()), caption=words.text("Limits for all vendors"))


def show(context: Context, metrics: Mapping[str, Row], limits: Sequence[Standing]) -> None:
    """Show what operators set, the last to begin first: also what has been followed by another."""
    words = context.words
    if not limits:
        empty.show(words, empty.NO_LIMITS)
        return
    names = _categories(context)
    columns = [
        Column(words.text("Measure"), lambda row: _name(context, metrics, row["limit"]), "strong",
               place="id"),
        Column(words.text("For"), lambda row: _scope(context, names, row["limit"]), place="state"),
        Column(words.text("Limit"), lambda row: _said(context, metrics, row["limit"]), "number",
               place="amount"),
        Column(words.text("Valid from"), lambda row: words.day(row["limit"].valid_from),
               place="due"),
        Column(words.text("Why"), lambda row: row["limit"].reason, "wide"),
        Column(words.text("Decided by"), lambda row: f"{row['limit'].decided_by}, "
               f"{context.utc_moment(row['limit'].decided_at)}"),
    ]  # fmt: skip
    rows: list[Row] = [{"limit": limit} for limit in limits]
    tables.show(columns, rows, caption=words.text("Set by operators"))
    st.caption(
        words.text(
            "A country's category counts before the country, that before the category, that before"
            " all vendors. A change takes effect with the next run."
        )
    )


def show_withdrawal(
    context: Context, metrics: Mapping[str, Row], limits: Sequence[Standing]
) -> None:
    """Show the way to take back a limit that is yet to begin, where there is one."""
    words = context.words
    first, names = limit_setting.earliest(context), _categories(context)
    pending = [limit for limit in limits if limit.valid_from >= first]
    if not pending:
        return
    st.header(words.text("Withdraw a limit to come"), anchor=False)
    labels = [
        " · ".join(
            (
                _name(context, metrics, limit),
                _scope(context, names, limit),
                _said(context, metrics, limit),
                words.day(limit.valid_from),
            )
        )
        for limit in pending
    ]
    place = st.selectbox(
        words.text("Limit"), range(len(pending)), format_func=labels.__getitem__, key=_CHOSEN
    )
    st.text_input(words.text("Why"), key=_WHY, max_chars=limit_setting.LONGEST_REASON)
    st.button(words.text("Withdraw"), key="thresholds_withdraw", on_click=_withdraw,
              args=(context, pending[place]))  # fmt: skip
    refused = st.session_state.pop(_REFUSED, None)
    if isinstance(refused, Finding):
        why = findings.said(words, refused)
        html.show("notice.html", kind="act", title=words.text("Not saved"), lines=[why])


def _withdraw(context: Context, limit: Standing) -> None:
    reason = str(st.session_state.get(_WHY) or "")
    refused = limit_setting.withdraw(context, limit, reason, new_request_id())
    st.session_state[_REFUSED] = refused
    if refused is None:
        st.session_state[_WHY] = ""


def _categories(context: Context) -> dict[str, str]:
    return {
        str(row["category_id"]): str(row["category_name"] or row["category_id"])
        for row in asked.scopes(context.viewer)
        if row["category_id"]
    }


def _name(context: Context, metrics: Mapping[str, Row], limit: Standing) -> str:
    metric_id = limit.metric_id
    metric = metrics.get(metric_id)
    return wording.metric_name(context.words, metric) if metric else metric_id


def _scope(context: Context, names: Mapping[str, str], limit: Standing) -> str:
    category = limit.category_id and names.get(limit.category_id, limit.category_id)
    parts = [part for part in (limit.country_code, category) if part]
    return ", ".join(parts) or context.words.text("All vendors")


def _said(context: Context, metrics: Mapping[str, Row], limit: Standing) -> str:
    if limit.threshold is None:
        return context.words.text("As the next wider one")
    metric = metrics.get(limit.metric_id)
    return _value(context, metric, limit.threshold) if metric else str(limit.threshold)


def _value(context: Context, metric: Row, value: float) -> str:
    return wording.bound(context.words, metric, value)
