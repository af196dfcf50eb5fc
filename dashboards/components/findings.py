"""What is found of a feed or a system, in words of its published code."""

from datetime import date

from dashboards.published import LastRun
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message
from dashboards.words.words import Words
from output.findings.finding import Argument, Finding, joined
from output.findings.texts import TEXTS

STATES = {
    "ok": message("OK"),
    "warning": message("Needs attention"),
    "failed": message("Failed"),
    "absent": message("Not delivered"),
}
_FINDINGS = {
    "no_rows_of_a_required_feed": message("Required, but there are no rows."),
    "unbalanced": message("Received rows are not all accounted for."),
    "absent": message("Not delivered by this marketplace."),
    "never_arrived": message("Expected, but no file has arrived."),
    "undecided": message("No decisions yet."),
    "rejected": counted("{n} file was rejected.", "{n} files were rejected."),
    "quarantined": counted("{n} row is in quarantine.", "{n} rows are in quarantine."),
    "orphans": counted(
        "{n} row belongs to an order that never arrived.",
        "{n} rows belong to orders that never arrived.",
    ),
    "missing": counted(
        "{n} item that was sold is missing in this feed.",
        "{n} items that were sold are missing in this feed.",
    ),
    "late": counted("The newest row is {n} day old.", "The newest row is {n} days old."),
    "silent": counted(
        "Nothing new for {n} day, which is unusual.",
        "Nothing new for {n} days, which is unusual.",
    ),
    "empty": message("The delivery contains no rows."),
    "gaps": counted(
        "Everything is loaded; {n} day has no rows.",
        "Everything is loaded; {n} days have no rows.",
    ),
    "complete": message("Complete."),
    "all_complete": message("Everything delivered is complete."),
    "nothing_delivered": message("This system delivers nothing."),
    "books_differ": counted(
        "{n} comparison with the shop leaves something unexplained.",
        "{n} comparisons with the shop leave something unexplained.",
    ),
}
_OF_CHECKS = {"failed_check", "warning_check"}
_HELD_BACK = {
    "nothing_depends": message("Nothing depends on it yet."),
    "empty": message("Empty without it: {what}."),
    "held_back": message("Held back: {what}."),
    "may_be_incomplete": message("May be incomplete or old: {what}."),
}


def state(words: Words, row: Row) -> str:
    """Return how a feed or a system stands, as a word."""
    return words.code(STATES, row["state"])


def sentence(words: Words, row: Row) -> str:
    """Return what is found of a feed, or of the worst feed of a system."""
    if row["finding"] in _OF_CHECKS:
        return published(words, row["finding_what"])
    return words.code(_FINDINGS, row["finding"], n=int(row["finding_count"] or 0))


def held_back(words: Words, row: Row) -> str:
    """Return what becomes of what depends on a feed or a system."""
    code, what = row["held_back_code"], row["held_back_what"]
    # A check says itself what it holds back; where all is well there is nothing to say.
    if code in {"check", "nothing"}:
        return published(words, what)
    return words.code(_HELD_BACK, code, what=words.published(what))


def published(words: Words, found: str | None) -> str:
    """Return what a mart publishes of a check, in words; nothing where there is nothing."""
    return said(words, Finding.read(found)) if found else ""


def said(words: Words, finding: Finding) -> str:
    """Return a finding as a sentence."""
    given = {name: _value(words, name, value) for name, value in finding.arguments.items()}
    return words.code(TEXTS, finding.code, **given)


def _value(words: Words, name: str, value: Argument) -> str | int:
    if isinstance(value, Finding):
        return said(words, value)
    if isinstance(value, tuple):
        return joined([str(_value(words, name, each)) for each in value], value)
    if isinstance(value, float):
        return words.figure(value)
    if isinstance(value, str) and (name == "day" or name.endswith("_day")):
        return words.day(date.fromisoformat(value))
    return value


def reasons(words: Words, run: LastRun) -> list[str]:
    """Return why a run did not publish."""
    return [said(words, reason) for reason in run.reasons]


def is_missed(row: Row) -> bool:
    """Return whether something that is not delivered leaves a gap that somebody could see."""
    return bool(row["held_back_code"] == "empty")
