"""Each rate: what it is, how sure it is, how it went, and every order behind it."""

from dashboards.components import complaints, empty, judging, measure, peers, rates
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.listings.periods import USUAL
from dashboards.queries import vendors


def page(context: Context) -> None:
    """Show all measures, or the one that the address names."""
    words, viewer = context.words, context.viewer
    lead = words.text("Every measure, with every order that went into it.")
    heading(context, words.text("Performance"), lead)
    scorecard = vendors.scorecard(viewer, context.window_end)
    if not scorecard:
        empty.show(words, empty.NO_MEASURES)
        return
    rate = measure.named(scorecard)
    if rate is None:
        judging.show_score(context, vendors.vendor_score(viewer, context.window_end))
        rates.show_tiles(
            context,
            scorecard,
            lambda metric_id: vendors.metric_history(viewer, metric_id),
            link="/performance",
        )
        peers.show(context, vendors.peers(viewer))
        complaints.show(context, vendors.complaints(viewer, USUAL))
        return
    measure.choose(context, rate, scorecard, "/performance", words.text("All measures"))
    history = vendors.metric_history(viewer, rate["metric_id"])
    errors = vendors.rule_errors(viewer, rate["metric_id"])
    measure.show(context, rate, history, vendors.metric_causes(viewer, rate), errors)
