"""Random rules over the whole vocabulary, with values that rows are likely to have."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from operations.segments.rules import (
    IN_DAYS,
    LISTED,
    SIGNS,
    Comparison,
    Did,
    In,
    Is,
    Joined,
    Not,
    Rule,
)
from operations.segments.values import TIMES
from operations.segments.vocabulary import ATTRIBUTES, EVENTS, Kind

AS_OF = date(2025, 6, 30)
TEXTS = ("web", "DE", "it's", "Zürich", "NO", "007", "", "a\nb", "$v0")
NUMBERS = tuple(Decimal(text) for text in ("0", "1", "2", "3", "0.5", "-1.25", "500"))
DAYS = tuple(date(2025, month, day) for month, day in ((1, 1), (6, 1), (6, 23), (6, 24), (6, 30)))
OTHERS = ("inner", "outer")

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    "number": st.sampled_from(NUMBERS),
    "text": st.sampled_from(TEXTS),
    "day": st.sampled_from(DAYS),
    "yes_no": st.booleans(),
}


@st.composite
def comparisons(draw: st.DrawFn, kind: Kind) -> tuple[Comparison, ...]:
    """One or two comparisons, in the order in which rules hold them."""
    chosen = draw(st.sets(st.sampled_from(SIGNS[kind]), min_size=1, max_size=2))
    return tuple(draw(comparison(kind, sign)) for sign in SIGNS[kind] if sign in chosen)


@st.composite
def comparison(draw: st.DrawFn, kind: Kind, sign: Any) -> Comparison:
    if sign == "known":
        return Comparison(sign, (draw(st.booleans()),))
    if sign in IN_DAYS:
        return Comparison(sign, (Decimal(draw(st.sampled_from([1, 7, 30]))),))
    most = 3 if sign in LISTED and kind != "yes_no" else 1
    found = draw(st.lists(VALUES[kind], min_size=1, max_size=most, unique=True))
    return Comparison(sign, tuple(found))


@st.composite
def attribute(draw: st.DrawFn) -> Is:
    name = draw(st.sampled_from(sorted(ATTRIBUTES)))
    return Is(name, draw(comparisons(ATTRIBUTES[name])))


@st.composite
def event(draw: st.DrawFn) -> Did:
    name = draw(st.sampled_from(sorted(EVENTS)))
    fields = EVENTS[name].fields
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), max_size=2)) if fields else set()
    signs = draw(st.sets(st.sampled_from(TIMES), min_size=1, max_size=2))
    times = tuple(
        Comparison(sign, (Decimal(draw(st.integers(0, 3))),)) for sign in TIMES if sign in signs
    )
    return Did(
        name,
        times,
        tuple((each, draw(comparisons(fields[each]))) for each in sorted(chosen)),
        draw(st.sampled_from([None, 1, 7, 30])),
    )


def rules(*, named: tuple[str, ...] = ()) -> st.SearchStrategy[Rule]:
    """Rules, of which some ask for the named segments."""
    leaves: st.SearchStrategy[Any] = attribute() | event()
    if named:
        leaves |= st.builds(In, st.sampled_from(named))
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(
                Joined,
                st.sampled_from(["all", "any"]),
                st.lists(inner, min_size=1, max_size=3).map(tuple),
            )
        ),
        max_leaves=6,
    )
