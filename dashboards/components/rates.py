"""A rate with its judgement, its interval in words and what to do about it."""

from collections.abc import Sequence

from dashboards.components import html, wording
from dashboards.components.page import definition
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import message

_LIKELY_RANGE = {
    "fitted": message(
        "The observed value is what was counted. The adjusted value estimates the true rate, which"
        " more orders would show: in 80 of 100 cases it lies inside the range. With few orders the"
        " estimate leans towards what is usual among vendors, so that one bad day does not look"
        " like a habit."
    ),
    "no_overdispersion": message(
        "The observed value is what was counted. The adjusted value estimates the true rate, which"
        " more orders would show: in 80 of 100 cases it lies inside the range. Vendors differ here"
        " no more than chance would make them, so the estimate leans strongly towards what is"
        " usual among them."
    ),
    "too_few_vendors": message(
        "The observed value is what was counted. The adjusted value estimates the true rate from"
        " this vendor's orders alone, because there are too few vendors to compare with. In 80 of"
        " 100 cases it lies inside the range."
    ),
    "poor_fit": message(
        "The observed value is what was counted. The adjusted value estimates the true rate from"
        " this vendor's orders alone, because no rate is usual among the vendors. In 80 of 100"
        " cases it lies inside the range."
    ),
}


def show_cards(context: Context, rates: Sequence[Row], *, link: str = "") -> None:
    """Show rates as cards, in the order given."""
    html.show(
        "rates.html",
        rates=[_card(context, rate, link) for rate in rates],
        link_text=context.words.text("See the orders behind it"),
    )


def show_panel(context: Context, rate: Row) -> None:
    """Show one rate in full."""
    words = context.words
    card = _card(context, rate, "")
    html.show(
        "rate_panel.html",
        rate=card,
        threshold=wording.threshold_sentence(words, rate),
        judgement=wording.state_sentence(words, rate),
        previous=wording.previous_sentence(words, rate),
        period=words.days(rate["window_start"], rate["window_end"]),
        advice=card["advice"] if context.is_vendor else "",
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


def _card(context: Context, rate: Row, link: str) -> dict[str, str]:
    words = context.words
    needs_advice = rate["state"] in {"act", "watch"}
    return {
        "name": wording.metric_name(words, rate),
        "state": rate["state"],
        "state_words": wording.state(words, rate),
        "value": wording.rate_value(words, rate),
        "sentence": wording.rate_sentence(words, rate, is_own=context.is_vendor),
        "advice": words.published(rate["vendor_advice"]) if needs_advice else "",
        "link": f"{link}?metric={rate['metric_id']}" if link else "",
    }
