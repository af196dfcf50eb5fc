"""A proposal as the YAML file that a person reads, with its questions as comments."""

from typing import Any

import yaml

from pipelines.proposing.entry import Entry
from pipelines.proposing.proposal import Proposal

_HEAD = """\
# Proposed by `kontor init`; answer the questions below, then look at it with `kontor check`.
name: {name}
title: {title}
time_zone: UTC               # ? Where do your days begin and end? Write it like Europe/Berlin.
currency_code: EUR           # ? In which currency are amounts whose rows do not say?
as_of: latest_order
folder: {folder}

feeds:
"""
_WIDTH = 1_000


def written(proposal: Proposal, name: str, folder: str) -> str:
    """The file's text; every line that begins with `# ?` is a question."""
    head = _HEAD.format(name=name, title=_value(name), folder=_value(folder))
    asked = [f"# ? {question}\n" for question in proposal.questions]
    parts = [_feed(feed, entry) for feed, entry in proposal.feeds.items()]
    return head + "".join(parts) + "".join(asked)


def _feed(feed: str, entry: Entry) -> str:
    lines = [f"  {feed}:"]
    for number, (name, value) in enumerate(entry.settings.items()):
        lines += [f"      # ? {entry.questions[name]}"] if name in entry.questions else []
        lines.append(f"    {'-' if not number else ' '} {name}: {_value(value)}")
    lines += ["      columns:"] if entry.columns else []
    for name, value in entry.columns.items():
        lines += [f"        # ? {entry.questions[name]}"] if name in entry.questions else []
        lines.append(f"        {name}: {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """A value on one line, quoted where it must be."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=_WIDTH, sort_keys=False
    )
    return dumped.removesuffix("\n").removesuffix("\n...")
