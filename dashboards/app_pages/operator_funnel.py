"""How visits become orders, where they stop, and what nobody finds."""

from dashboards.components import empty, funnel, order_paths, visits
from dashboards.components.page import heading
from dashboards.components.windows import chosen_days, period_choice
from dashboards.context import Context
from dashboards.queries import behaviour


def page(context: Context) -> None:
    """Show the page."""
    viewer, words = context.viewer, context.words
    period = chosen_days(context)
    span = period.span
    before = period.before[0] if period.before else span[0]
    groups, visitors = behaviour.funnel(viewer, span), behaviour.visitors(viewer, span)
    total = funnel.totals(groups)
    verdict = funnel.verdict(words, total) if total["sessions"] else ""
    heading(context, words.text("Funnel"), verdict, period=period, is_compared=True)
    period_choice(context, "funnel_window")
    made_of = behaviour.figures(viewer, span, before)
    if not total["sessions"] or made_of is None:
        empty.show(words, empty.NO_SESSIONS)
        return
    visits.show_figures(context, period, made_of, behaviour.checkout_speed(viewer, span))
    funnel.show_steps(context, total, visitors, behaviour.event_places(viewer, span))
    funnel.show_groups(context, groups, visitors, "device")
    funnel.show_groups(context, groups, visitors, "channel")
    order_paths.show(context, period)
    funnel.show_searches(context, behaviour.unserved_searches(viewer, span))
    funnel.show_landings(context, behaviour.landing_pages(viewer, span))
    funnel.show_weeks(context, behaviour.weeks(viewer, span), span)
    funnel.show_vendors(context, behaviour.touched(viewer, span, "vendor"))
    funnel.show_categories(context, behaviour.touched(viewer, span, "category"))
    visits.show_definitions(context, behaviour.definitions(viewer))
