"""What contact brings: those reached against those held out by lot."""

from dashboards.components import contact_effects, empty, lists
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import exports


def page(context: Context) -> None:
    """Show all campaigns together, then each."""
    words = context.words
    rows = exports.contact_effects(context.viewer)
    if not rows:
        heading(context, words.text("Effect"))
        empty.show(words, contact_effects.NO_EFFECTS)
        return
    heading(context, words.text("Effect"), contact_effects.verdict(context, rows))
    contact_effects.show_figures(context, rows)
    contact_effects.show_estimators(context, rows)
    lists.show(context, lists.ask(context, contact_effects.EFFECTS))
