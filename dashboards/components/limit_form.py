"""Setting a limit: for whom, from when and why, and whom it would change before it does."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboards import limit_setting
from dashboards.commands import new_request_id
from dashboards.components import findings, html, tables, vendors, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.limit_setting import Wish
from dashboards.queries import limits as asked
from dashboards.queries.reader import Row
from dashboards.words.words import Words
from output.findings.finding import Finding

_METRIC, _COUNTRY, _CATEGORY, _VALUE, _FROM, _WHY, _REFUSED, _COMMAND = (
    f"thresholds_{part}"
    for part in ("metric", "country", "category", "value", "from", "why", "refused", "command")
)
_ALL = ""
# So many vendors are shown before the others are folded away.
_OPEN = 10
# What a step of the field changes, and how the value is shown, by the unit of the metric.
_STEPS = {
    "rate": (0.5, "%.2f"),
    "score": (0.1, "%.2f"),
    "hours": (1.0, "%.1f"),
    "points": (1.0, "%.0f"),
}


def show(context: Context, metrics: Mapping[str, Row]) -> None:
    """Show the form with what it would change, for those who may set limits."""
    words = context.words
    wish = _asked(context, metrics)
    _effect(context, wish)
    st.text_input(words.text("Why"), key=_WHY, max_chars=limit_setting.LONGEST_REASON)
    st.button(words.text("Set this limit"), key="thresholds_set", on_click=_set,
              args=(context, wish))  # fmt: skip
    refused = st.session_state.pop(_REFUSED, None)
    if isinstance(refused, Finding):
        why = findings.said(words, refused)
        html.show("notice.html", kind="act", title=words.text("Not saved"), lines=[why])


def _asked(context: Context, metrics: Mapping[str, Row]) -> Wish:
    words = context.words
    metric_id = st.selectbox(
        words.text("Measure"),
        list(metrics),
        format_func=lambda each: wording.metric_name(words, metrics[each]),
        key=_METRIC,
    )
    country, category = _scope(context)
    metric = metrics[metric_id]
    columns = st.columns(2)
    value = columns[0].number_input(
        _value_title(words, metric),
        value=float(metric["threshold"]) * _scale(metric),
        min_value=0.0,
        step=_STEPS[metric["unit"]][0],
        format=_STEPS[metric["unit"]][1],
        key=f"{_VALUE}_{metric_id}",
    )
    first = limit_setting.earliest(context)
    begins = columns[1].date_input(
        words.text("Valid from"), value=first, min_value=first, key=_FROM
    )
    return Wish(
        metric_id=metric_id,
        unit=str(metric["unit"]),
        country_code=country or None,
        category_id=category or None,
        threshold=round(value / _scale(metric), 6),
        valid_from=begins if isinstance(begins, date) else first,
    )


def _scope(context: Context) -> tuple[str, str]:
    """Return the country and the category that were chosen, empty where it is all of them."""
    words, scopes = context.words, asked.scopes(context.viewer)
    countries = sorted({str(row["country_code"]) for row in scopes if row["country_code"]})
    categories = {str(row["category_id"]): row["category_name"] for row in scopes
                  if row["category_id"]}  # fmt: skip
    columns = st.columns(2)
    country = columns[0].selectbox(
        words.text("Country"), [_ALL, *countries], key=_COUNTRY,
        format_func=lambda code: code or words.text("All countries"),
    )  # fmt: skip
    category = columns[1].selectbox(
        words.text("Category"), [_ALL, *categories], key=_CATEGORY,
        format_func=lambda code: str(categories[code] or code) if code
        else words.text("All categories"),
    )  # fmt: skip
    return str(country), str(category)


def _effect(context: Context, wish: Wish) -> None:
    """Show whose state would be another than now."""
    words, limits = context.words, limit_setting.limits(context)
    found = [
        row
        for row in asked.effect(context.viewer, context.window_end, wish)
        if not limit_setting.keeps_its_own(wish, limits, row["country_code"], row["category_id"])
    ]
    worse = sum(bool(row["is_stricter_then"]) for row in found)
    said = words.text(
        "Vendors whose state would change, by today's figures: {worse} for the worse, {better} for"
        " the better.",
        worse=words.number(worse),
        better=words.number(len(found) - worse),
    )
    if wish.unit == "hours":
        said += " " + words.text(
            "Vendors are compared as under the present limit; the next run compares them anew."
        )
    st.caption(said)
    if not found:
        return

    def value(column: str, row: Row) -> str:
        return wording.rate_value(words, {**row, "rate": row[column]})

    columns = [
        Column(words.text("Vendor"), vendors.name, "strong",
               lambda row: vendors.measures_link(row["vendor_id"]), place="id"),
        Column(words.text("Observed"), lambda row: value("rate", row), "number"),
        Column(words.text("Adjusted for chance"), lambda row: value("rate_estimate", row),
               "number", place="amount"),
        Column(words.text("Limit now"), lambda row: value("threshold", row), "number",
               place="due"),
        Column(words.text("Now"), lambda row: words.code(wording.LEVELS, row["state"])),
        Column(words.text("Then"), lambda row: words.code(wording.LEVELS, row["state_then"]),
               place="state"),
    ]  # fmt: skip
    caption = words.text("What would change")
    tables.show(columns, found[:_OPEN], caption=caption)
    if others := found[_OPEN:]:
        with st.expander(words.count("{n} more vendor", "{n} more vendors", len(others))):
            tables.show(columns, others, caption=caption)


def _set(context: Context, wish: Wish) -> None:
    command = st.session_state.setdefault(_COMMAND, new_request_id())
    reason = str(st.session_state.get(_WHY) or "")
    refused = limit_setting.decide(context, wish, reason, command)
    del st.session_state[_COMMAND]
    st.session_state[_REFUSED] = refused
    if refused is None:
        st.session_state[_WHY] = ""


def _scale(metric: Row) -> float:
    """Return what a value is shown in: rates in per cent."""
    return 100.0 if metric["unit"] == "rate" else 1.0


def _value_title(words: Words, metric: Row) -> str:
    if metric["unit"] == "rate":
        return words.text("Limit in per cent")
    if metric["unit"] == "hours":
        return words.text("Limit in hours")
    if metric["unit"] == "points":
        return words.text("Limit in points")
    return words.text("Limit in stars")
