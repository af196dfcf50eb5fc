"""A rate with its judgement, its limit, its trend and what to do about it."""

from collections.abc import Callable, Sequence
from typing import Any

from dashboards.charts import sparklines
from dashboards.components import changes, figures, html, limits, measure_windows, wording
from dashboards.components.page import definition
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import message
from dashboards.words.words import Words

_LIKELY_RANGE = {
    "fitted": message(
        "The observed value is what was counted. The adjusted value estimates the true rate, which"
        " more data would show: in 80 of 100 cases it lies inside the range. With little data the"
        " estimate leans towards what is usual among vendors, so that one bad day does not look"
        " like a habit."
    ),
    "no_overdispersion": message(
        "The observed value is what was counted. The adjusted value estimates the true rate, which"
        " more data would show: in 80 of 100 cases it lies inside the range. Vendors differ here"
        " no more than chance would make them, so the estimate leans strongly towards what is"
        " usual among them."
    ),
    "too_few_vendors": message(
        "The observed value is what was counted. The adjusted value estimates the true rate from"
        " this vendor's data alone, because there are too few vendors to compare with. In 80 of"
        " 100 cases it lies inside the range."
    ),
    "poor_fit": message(
        "The observed value is what was counted. The adjusted value estimates the true rate from"
        " this vendor's data alone, because no rate is usual among the vendors. In 80 of 100"
        " cases it lies inside the range."
    ),
}

_WITHOUT_OTHERS = message(
    "{counted}; without what others caused, which is judged: {numerator} of {n}"
)
_WITHOUT_UNKNOWN = message(
    "{counted}; without what others caused or nobody knows the cause of, which is judged:"
    " {numerator} of {n}"
)


def show_tiles(
    context: Context,
    rates: Sequence[Row],
    history_of: Callable[[str], Rows],
    *,
    link: str = "",
    advises: bool = True,
) -> None:
    """Show rates as tiles, in the order given; `link` is a page's address that takes a metric.

    `advises` is whether a tile tells a vendor what to do, which an action above may say already.
    """
    html.show(
        "rates.html",
        rates=[
            _tile(context, rate, history_of(rate["metric_id"]))
            | {"link": link_to(link, rate), "advice": _advice(context, rate) if advises else ""}
            for rate in rates
        ],
        link_text=context.words.text("See what is behind it"),
    )


def show_panel(context: Context, rate: Row, history: Rows) -> None:
    """Show one rate in full."""
    words = context.words
    html.show(
        "rate_panel.html",
        rate=_tile(context, rate, history)
        | {
            "counted": wording.rate_sentence(words, rate, is_own=context.is_vendor),
            # the chart below draws it in full, and a sentence says the limit
            "sparkline": None,
            "limit": "",
            "distance": limits.sentence(words, rate) if rate["is_judged"] else "",
        },
        advice=_advice(context, rate),
        threshold=wording.threshold_sentence(words, rate),
        judgement=measure_windows.judged_sentence(context, rate)
        or wording.state_sentence(words, rate),
        period=words.days(rate["window_start"], rate["window_end"]),
    )


def show_definition(context: Context, rate: Row) -> None:
    """Show how the rate is made."""
    words = context.words
    prior = _LIKELY_RANGE.get(rate["prior_fit"])
    definition(
        words.text("How this is counted"),
        [
            (words.text("In words"), words.published(rate["sentence"])),
            (words.text("Formula"), words.published(rate["formula"])),
            (words.text("Counts on the"), words.published(rate["membership_date"])),
            (words.text("Left out"), words.published(rate["exclusions"])),
            (
                words.text("Period"),
                words.days(rate["window_start"], rate["window_end"]),
            ),
            (words.text("Observed and adjusted"), words.say(prior) if prior else ""),
            (
                words.text("Version"),
                words.text(
                    "{metric}, version {version}",
                    metric=rate["metric_id"],
                    version=int(rate["metric_version"]),
                ),
            ),
            (words.text("Number of this figure"), rate["number_id"] or ""),
        ],
    )


def _tile(context: Context, rate: Row, history: Rows) -> dict[str, Any]:
    words, is_judged = context.words, bool(rate["is_judged"])
    return {
        "name": wording.metric_name(words, rate, is_own=context.is_vendor),
        "what": words.text("What is this?"),
        "definition": words.published(rate["sentence"]),
        "catalogue": figures.link_for(context, rate["metric_id"]),
        "more": words.text("More in the catalogue"),
        "state": rate["state"],
        "state_words": wording.state(words, rate),
        "value": wording.rate_value(words, rate),
        "counted": counted_sentence(words, rate, is_own=context.is_vendor),
        "change": changes.of_rate(words, rate, history),
        # the trend is that of the windows that judge
        "sparkline": sparklines.of(history) if is_judged else None,
        "trend": _trend(words, rate, history),
        "limit": limits.label(words, rate),
        "distance": limits.sentence(words, rate)
        if is_judged
        else measure_windows.judged_sentence(context, rate),
    }


def link_to(page: str, rate: Row) -> str:
    """Return where a measure is in full on a page that takes a metric, over the same window."""
    if not page:
        return ""
    return measure_windows.kept(page, metric=str(rate["metric_id"]))


def counted_sentence(words: Words, rate: Row, *, is_own: bool) -> str:
    """Return what was counted, and what of it is judged where that is something else.

    Of a duration that is the median, of a rate what the vendor answers for.
    """
    said = wording.counted_sentence(words, rate, is_own=is_own)
    if rate["unit"] == "rate" and rate["accountable_denominator"] != rate["denominator"]:
        return words.say(
            _WITHOUT_UNKNOWN if rate["unknown_cause_count"] else _WITHOUT_OTHERS,
            counted=said,
            numerator=int(rate["accountable_numerator"]),
            n=int(rate["accountable_denominator"]),
        )
    if rate["unit"] != "hours" or rate["median_hours"] is None:
        return said
    return words.text(
        "{counted}; half took at most {median}, which is judged",
        counted=said,
        median=wording.hours(words, rate["median_hours"]),
    )


def _advice(context: Context, rate: Row) -> str:
    needs_advice = context.is_vendor and rate["state"] in {"act", "watch"}
    return context.words.published(rate["vendor_advice"]) if needs_advice else ""


def _trend(words: Words, rate: Row, history: Rows) -> str:
    """Return what the sparkline draws, for those who cannot see it."""
    drawn = [past for past in history if past["rate"] is not None]
    if len(drawn) < 2:
        return ""
    first, last = (
        wording.rate_value(words, {**rate, "rate": past["rate"]}) for past in (drawn[0], drawn[-1])
    )
    return words.text("Trend: from {first} to {last}", first=first, last=last)
