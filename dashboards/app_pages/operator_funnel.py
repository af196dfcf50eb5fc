"""How visits become orders, where they stop, and what nobody finds."""

from dashboards.components import empty, funnel
from dashboards.components.page import against_before, heading
from dashboards.components.windows import chosen_days, period_choice
from dashboards.context import Context
from dashboards.queries import behaviour


def page(context: Context) -> None:
    """Show the page."""
    viewer, words = context.viewer, context.words
    period = chosen_days(context)
    span = period.span
    before = period.before[0] if period.before else span[0]
    groups = behaviour.funnel(viewer, span, before)
    total = funnel.totals(groups)
    verdict = funnel.verdict(words, total) if total["sessions"] else ""
    heading(context, words.text("Funnel"), verdict, period=period, is_compared=True)
    period_choice(context, "funnel_window")
    if not total["sessions"]:
        empty.show(words, empty.NO_SESSIONS)
        return
    carts, speed = behaviour.carts(viewer, span), behaviour.checkout_speed(viewer, span)
    against = against_before(words, period.day_count) if period.day_count else ""
    funnel.show_figures(context, total, carts, speed, against)
    funnel.show_steps(context, total)
    funnel.show_groups(context, groups, "device")
    funnel.show_groups(context, groups, "channel")
    funnel.show_searches(context, behaviour.unserved_searches(viewer, span))
    funnel.show_landings(context, behaviour.landing_pages(viewer, span))
    funnel.show_weeks(context, behaviour.weeks(viewer, span))
    funnel.show_vendors(context, behaviour.vendors(viewer, span))
