"""A figure against what it was before, with whether that is good or bad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards.components.wording import hours
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import Words, with_sign

Meaning = Literal["better", "worse", "same", "open"]

# A word beside the arrow: colour alone tells nobody anything.
_MEANINGS = {
    "better": message("better"),
    "worse": message("worse"),
    "same": message("unchanged"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change: which way the arrow points, how much, what it means, and against what."""

    arrow: str
    amount: str
    meaning: Meaning
    meaning_words: str
    against: str


def of_rate(words: Words, rate: Row, history: Sequence[Row]) -> Change | None:
    """Return the change of a rate or score against its latest window before the current one.

    Windows that overlap share orders and would make every change look small, so it is the latest
    that ends before the current one begins; None where there is none.
    """
    # the history is that of the windows that judge
    before = previous_window(rate, history) if rate["is_judged"] else None
    if before is None or rate["rate"] is None:
        return None
    days = words.days(before["window_start"], before["window_end"])
    return of_figure(
        words,
        rate["unit"],
        rate["rate"],
        before["rate"],
        words.text("against {days}", days=days),
        is_higher_better=rate["is_higher_better"],
    )


def of_figure(
    words: Words,
    kind: str,
    now: float | None,
    before: float | None,
    against: str,
    *,
    is_higher_better: bool | None,
) -> Change | None:
    """Return the change of a figure; None where there is nothing to compare with.

    A share ("rate") changes by percentage points, not by per cent of per cents, a mean rating
    ("score") by stars, a duration by hours, a score of 100 by points, anything else by per cent.
    `is_higher_better` is None where a change is neither good nor bad in itself.
    """
    if now is None or before is None:
        return None
    difference = float(now) - float(before)
    if kind == "rate":
        shown = round(difference * 100, 1)
        amount = words.text(
            "{points} percentage points", points=with_sign(shown, words.number(abs(shown), 1))
        )
    elif kind == "score":
        shown = round(difference, 2)
        amount = with_sign(shown, words.number(abs(shown), 2))
    elif kind == "hours":
        shown = round(difference, 1)
        amount = with_sign(shown, hours(words, abs(shown)))
    elif kind == "points":
        shown = round(difference)
        amount = with_sign(shown, words.number(abs(shown)))
    elif before:
        ratio = difference / abs(float(before))
        shown = round(ratio * 100, 1)
        amount = with_sign(shown, words.percent(abs(ratio)))
    else:
        return None
    return _change(words, shown, amount, against, is_higher_better=is_higher_better)


def previous_window(rate: Row, history: Sequence[Row]) -> Row | None:
    """Return the latest window with a value that ends before the rate's own begins."""
    before = [
        past
        for past in history
        if past["rate"] is not None and past["window_end"] <= rate["window_start"]
    ]
    return max(before, key=lambda past: past["window_end"], default=None)


def _change(
    words: Words, shown: float, amount: str, against: str, *, is_higher_better: bool | None
) -> Change:
    meaning = _meaning(shown, is_higher_better=is_higher_better)
    arrow = "\u25b2" if shown > 0 else "\u25bc" if shown < 0 else "\u25a0"
    said = words.say(_MEANINGS[meaning]) if meaning in _MEANINGS else ""
    return Change(arrow, amount, meaning, said, against)


def _meaning(shown: float, *, is_higher_better: bool | None) -> Meaning:
    if not shown:
        return "same"
    if is_higher_better is None:
        return "open"
    return "better" if (shown > 0) == is_higher_better else "worse"
