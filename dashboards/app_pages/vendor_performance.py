"""Each rate: what it is, how sure it is, how it went, and every order behind it."""

from dashboards.components import (
    complaints,
    empty,
    judging,
    measure,
    measure_windows,
    measures,
    peers,
    sections,
    verdicts,
)
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.listings.periods import USUAL
from dashboards.queries import vendors
from dashboards.queries.reader import Row, Rows

_PATH = "/performance"


def page(context: Context) -> None:
    """Show all measures, or the one that the address names."""
    words, viewer = context.words, context.viewer
    kind = measure_windows.chosen(context)
    scorecard = vendors.scorecard(viewer, context.window_end, kind)
    rate = measure.named(scorecard)
    verdict = verdicts.of_measures(words, scorecard) if scorecard else ""
    heading(
        context,
        words.text("Performance"),
        verdict if rate is None else measure.label(context, rate),
    )
    if not scorecard:
        empty.show(words, empty.NO_MEASURES)
    elif rate is None:
        _all(context, scorecard)
    else:
        _one(context, rate, scorecard)


def _all(context: Context, scorecard: Rows) -> None:
    words, viewer = context.words, context.viewer
    parts = {
        "measures": words.text("Measures"),
        "peers": words.text("Among comparable vendors"),
        "complaints": words.text("What buyers complained of"),
    }
    chosen = sections.choice(context, parts, key="performance_section")
    if chosen == "peers":
        found = vendors.peers(viewer)
        peers.show(context, found) if found else empty.show(words, empty.NO_PEERS)
    elif chosen == "complaints":
        found = vendors.complaints(viewer, USUAL)
        complaints.show(context, found) if found else empty.show(words, empty.NO_COMPLAINTS)
    else:
        judging.show_score(context, vendors.vendor_score(viewer, context.window_end))
        measure_windows.choice(context, "performance_window")
        measures.show(context, scorecard, vendors.metric_histories(viewer), _PATH)


def _one(context: Context, rate: Row, scorecard: Rows) -> None:
    words, viewer = context.words, context.viewer
    measure.choose(context, rate, scorecard, _PATH, words.text("All measures"))
    history = vendors.metric_history(viewer, rate["metric_id"])
    errors = vendors.rule_errors(viewer, rate["metric_id"])
    measure.show(context, rate, history, vendors.metric_causes(viewer, rate), errors)
