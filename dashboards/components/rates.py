"""A rate with its judgement, its interval in words and what to do about it."""

from collections.abc import Sequence

from dashboards.components import html, wording
from dashboards.components.page import definition
from dashboards.queries.reader import Row

_LIKELY_RANGE = {
    "fitted": (
        "The value is what was counted. The true rate, which more orders would show, is estimated:"
        " in 80 of 100 cases it lies inside the range. With few orders the estimate leans towards"
        " what is usual among vendors, so that one bad day does not look like a habit."
    ),
    "no_overdispersion": (
        "The value is what was counted. The true rate, which more orders would show, is estimated:"
        " in 80 of 100 cases it lies inside the range. Vendors differ here no more than chance"
        " makes them, so the estimate leans strongly towards what is usual among them."
    ),
    "too_few_vendors": (
        "The value is what was counted. The true rate, which more orders would show, is estimated"
        " from this vendor's orders alone, for there are too few vendors to compare with. In 80 of"
        " 100 cases it lies inside the range."
    ),
    "poor_fit": (
        "The value is what was counted. The true rate, which more orders would show, is estimated"
        " from this vendor's orders alone, for the vendors have no rate that is usual among them."
        " In 80 of 100 cases it lies inside the range."
    ),
}


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
            ("Counted and estimated", _LIKELY_RANGE.get(rate["prior_fit"], "")),
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
