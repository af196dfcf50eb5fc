"""What is wrong with exports, where somebody looks anyway."""

from dashboards import exports
from dashboards.components import findings, html
from dashboards.components.export_runs import name_of
from dashboards.context import Context


def show_alerts(context: Context) -> None:
    """Show what is wrong with exports and since when that is known; nothing where all are well."""
    words = context.words
    for each in exports.alerts_of(context.viewer, context.manifest.marketplace):
        html.show(
            "notice.html",
            kind="act",
            title=words.text("Problems with {export}", export=name_of(each.export)),
            lines=[
                *(findings.said(words, finding) for finding in each.findings),
                words.text("Known since {moment}", moment=context.utc_moment(each.since)),
            ],
        )
