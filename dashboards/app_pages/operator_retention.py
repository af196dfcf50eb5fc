"""Customers who come back and who leave: cohorts, what drives them away, whom to win back."""

from dashboards.components import claims, cohorts, empty, leaving, lists, sections, win_back
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.listings.listing import Empty
from dashboards.queries import retention
from dashboards.words.messages import message

_MONTHS, _LATER = 18, 12
NO_CUSTOMERS = Empty(
    message("Nobody to come back yet"),
    message("Cohorts begin with the first order of a known customer that still stands."),
)


def page(context: Context) -> None:
    """Show the part of the page that the address names."""
    words, viewer = context.words, context.viewer
    rates = retention.repeat_rates(viewer)
    if not rates:
        heading(context, words.text("Retention"))
        empty.show(words, NO_CUSTOMERS)
        return
    heading(context, words.text("Retention"), cohorts.verdict(words, rates))
    parts = {
        "cohorts": words.text("Coming back"),
        "leaving": words.text("Leaving"),
        "win_back": words.text("Win back"),
        "new": words.text("New and existing"),
    }
    shown = sections.choice(context, parts, key="retention_section")
    if shown == "leaving":
        states = retention.churn(viewer)
        leaving.show_figures(context, states)
        leaving.show_drivers(context, retention.drivers(viewer))
        claims.show(context, retention.claims(viewer), ["late_deliveries_drive_away"])
        leaving.show_states(context, states)
    elif shown == "win_back":
        outcomes = retention.win_back_outcomes(viewer)
        win_back.show_outcomes(context, outcomes, retention.listed_since(viewer))
        lists.show(context, lists.ask(context, win_back.LISTED))
    elif shown == "new":
        told = retention.claims(viewer)
        claims.show(
            context, told, ["existing_customers_spend_more", "acquiring_costs_several_times_more"]
        )
        claims.show_months(context, retention.new_vs_existing(viewer))
    else:
        cohorts.show_rates(context, rates)
        first_month = cohorts.months_back(context.manifest.as_of_date, _MONTHS)
        cohorts.show_heat(context, retention.cohorts(viewer, first_month, _LATER))
        cohorts.show_repeat_history(context, rates)
