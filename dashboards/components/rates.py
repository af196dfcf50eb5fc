"""A rate with its judgement, its interval in words and what to do about it."""

from collections.abc import Sequence

from dashboards.components import html, wording
from dashboards.components.page import definition
from dashboards.queries.reader import Row

_LIKELY_RANGE = (
    "In 80 of 100 cases the true value lies inside it. With few orders it leans towards what is"
    " usual in the category, so that one bad day does not look like a habit."
)


def show_cards(rates: Sequence[Row], *, link: str = "") -> None:
    """Show rates as cards, in the order given."""
    html.show("rates.html", rates=[_card(rate, link) for rate in rates])


def show_panel(rate: Row, *, with_advice: bool) -> None:
    """Show one rate in full."""
    html.show(
        "rate_panel.html",
        rate=_card(rate, ""),
        threshold=wording.threshold_sentence(rate),
        judgement=wording.state_sentence(rate),
        previous=wording.previous_sentence(rate),
        period=wording.period(rate["window_start"], rate["window_end"]),
        advice=rate["vendor_advice"] if with_advice and rate["state"] in {"act", "watch"} else "",
    )


def show_definition(rate: Row) -> None:
    """Show how the rate is made."""
    definition(
        "How this is counted",
        [
            ("In words", rate["sentence"] or ""),
            ("Formula", rate["formula"] or ""),
            ("An order belongs to the window of its", rate["membership_date"] or ""),
            ("Left out", rate["exclusions"] or ""),
            ("Window", wording.period(rate["window_start"], rate["window_end"])),
            ("Likely range", _LIKELY_RANGE),
            ("Version", f"{rate['metric_id']}, version {rate['metric_version']}"),
            ("Number", rate["number_id"] or ""),
        ],
    )


def _card(rate: Row, link: str) -> dict[str, str]:
    return {
        "name": rate["metric_name"] or rate["metric_id"],
        "state": rate["state"],
        "state_words": wording.STATE_WORDS.get(rate["state"], rate["state"]),
        "value": wording.rate_value(rate),
        "sentence": wording.rate_sentence(rate),
        "advice": (rate["vendor_advice"] or "") if rate["state"] in {"act", "watch"} else "",
        "link": f"{link}?metric={rate['metric_id']}" if link else "",
    }
