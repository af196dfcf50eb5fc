"""What failures cost, with a clock that is told what time it is."""

from contextlib import ExitStack

import pytest

from operations import throttling
from operations.throttling import (
    BY_ADDRESS,
    BY_NAME,
    BY_ORIGIN,
    FORGOTTEN_AFTER_SECONDS,
    LONGEST_LINE,
    Attempt,
    LineFull,
    Throttle,
)

OFFICE, ATTACKER = "192.0.2.1", "203.0.113.5"


def delay(
    throttle: Throttle, attempt: Attempt, now: float = 0.0, *, succeeds: bool = False
) -> float:
    with throttle.turn(attempt, now) as turn:
        turn.has_succeeded = succeeds
    return turn.delay


def failed(throttle: Throttle, attempt: Attempt, times: int) -> list[float]:
    return [delay(throttle, attempt) for _ in range(times)]


def test_failures_of_one_origin_cost_nothing_then_a_second_then_twice_as_much_each_time() -> None:
    assert failed(Throttle(), Attempt("olga", ATTACKER), 9) == [0, 0, 0, 1, 2, 4, 8, 8, 8]


def test_what_others_do_slows_a_new_browser_by_seconds_and_a_known_one_not_at_all() -> None:
    throttle = Throttle()
    for number in range(500):
        delay(throttle, Attempt("olga", f"203.0.113.{number}"))

    assert delay(throttle, Attempt("olga", OFFICE)) == BY_NAME.longest_seconds == 4
    assert delay(throttle, Attempt("olga", OFFICE, "her laptop")) == 0


def test_a_known_browser_pays_for_its_own_failures() -> None:
    laptop = Attempt("olga", OFFICE, "her laptop")

    assert failed(Throttle(), laptop, 5) == [0, 0, 0, 1, 2]


def test_a_thousand_names_from_one_address_slow_that_address_only() -> None:
    throttle = Throttle()
    waits = [delay(throttle, Attempt(f"name{number}", ATTACKER)) for number in range(1_000)]

    assert waits[BY_ADDRESS.free - 1 : BY_ADDRESS.free + 2] == [0, 1, 2]
    assert set(waits[40:]) == {BY_ADDRESS.longest_seconds}
    assert delay(throttle, Attempt("olga", OFFICE)) == 0
    assert delay(throttle, Attempt("name7", OFFICE)) == 0


def test_an_address_that_tells_nobody_from_anybody_has_no_limit() -> None:
    throttle = Throttle()

    assert {delay(throttle, Attempt(f"name{number}")) for number in range(1_000)} == {0}


def test_a_success_forgets_what_its_origin_failed_and_nothing_else() -> None:
    throttle = Throttle()
    for number in range(BY_ADDRESS.free):
        delay(throttle, Attempt(f"name{number}", OFFICE))
    failed(throttle, Attempt("olga", OFFICE), 5)
    delay(throttle, Attempt("olga", OFFICE), succeeds=True)

    # An attacker with an account of his own could else clear his address between guesses.
    assert delay(throttle, Attempt("vera", OFFICE)) == BY_ADDRESS.longest_seconds
    assert delay(throttle, Attempt("olga")) == 0


def test_successes_count_against_nobody() -> None:
    throttle, olga = Throttle(), Attempt("olga", OFFICE)

    assert {delay(throttle, olga, succeeds=True) for _ in range(100)} == {0}
    assert delay(throttle, Attempt("vera", OFFICE)) == 0


def test_parallel_guesses_wait_as_if_they_came_one_after_the_other_and_in_a_short_line() -> None:
    throttle, attack = Throttle(), Attempt("olga", ATTACKER)
    failed(throttle, attack, BY_ORIGIN.free)
    with ExitStack() as stack:
        turns = [stack.enter_context(throttle.turn(attack, 0)) for _ in range(4)]
        with pytest.raises(LineFull):
            stack.enter_context(throttle.turn(attack, 0))

        assert [turn.delay for turn in turns] == [1, 2, 4, 8]
        # The line is the attacker's own.
        assert delay(throttle, Attempt("olga", OFFICE)) == 0
    assert delay(throttle, attack) == 8


def test_no_more_wait_than_can_be_held_and_a_known_browser_still_has_its_place() -> None:
    throttle = Throttle()
    with ExitStack() as stack:
        for number in range(LONGEST_LINE):
            stack.enter_context(throttle.turn(Attempt("olga", f"203.0.113.{number}"), 0))
        with pytest.raises(LineFull):
            stack.enter_context(throttle.turn(Attempt("olga", OFFICE), 0))

        assert delay(throttle, Attempt("olga", OFFICE, "her laptop")) == 0
    assert delay(throttle, Attempt("vera", OFFICE)) == 0


def test_one_address_cannot_fill_every_place() -> None:
    throttle = Throttle()
    with ExitStack() as stack:
        for number in range(throttling.BY_ADDRESS.line or 0):
            stack.enter_context(throttle.turn(Attempt(f"name{number}", ATTACKER), 0))
        with pytest.raises(LineFull):
            stack.enter_context(throttle.turn(Attempt("name", ATTACKER), 0))

        assert delay(throttle, Attempt("olga", OFFICE)) == 0


def test_an_attempt_that_ends_in_an_error_gives_its_place_back_and_counts_as_failed() -> None:
    throttle, olga = Throttle(), Attempt("olga", OFFICE)
    for _ in range(10):
        with pytest.raises(RuntimeError), throttle.turn(olga, 0):
            raise RuntimeError

    assert delay(throttle, olga) == 8


def test_failures_are_forgotten_a_while_after_the_last_one() -> None:
    throttle, attack = Throttle(), Attempt("olga", ATTACKER)
    failed(throttle, attack, 10)

    assert delay(throttle, attack, FORGOTTEN_AFTER_SECONDS - 1) == 8
    assert delay(throttle, attack, 2 * FORGOTTEN_AFTER_SECONDS) == 0


def test_the_memory_is_bounded_and_what_is_old_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_MOST_COUNTS", 100)
    throttle = Throttle()
    with throttle.turn(Attempt("waiting", OFFICE), 0):
        for number in range(1_000):
            delay(throttle, Attempt(f"name{number}", f"address{number}"), number / 10)

        # The three of the last attempt, and those of the one that waits, which are never dropped.
        assert len(throttle) <= 100 + 3 + 3
    delay(throttle, Attempt("later"), 10 * FORGOTTEN_AFTER_SECONDS)
    assert len(throttle) == 2
