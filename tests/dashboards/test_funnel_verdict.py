"""What the funnel says of where sessions are lost, and when it cannot say."""

from dashboards.components.funnel import verdict
from dashboards.words.words import words_in

TOTAL = {
    "sessions": 1000,
    "viewed": 600,
    "added_to_cart": 200,
    "began_checkout": 100,
    "converted_sessions": 100,
}


def test_a_funnel_says_where_most_sessions_are_lost() -> None:
    assert verdict(words_in("en"), {**TOTAL, "purchased": 80}) == (
        "10.0% of the sessions end with an order. Most who look at a product are lost between"
        " “Looked at a product” and “Put it into the cart”: 400 sessions."
    )


def test_a_funnel_whose_orders_lack_their_steps_blames_no_step() -> None:
    assert verdict(words_in("en"), {**TOTAL, "purchased": 40}) == (
        "10.0% of the sessions end with an order. Where sessions are lost is not known: 60 of 100"
        " sessions with an order lack a step before it, so steps such as the cart are hardly"
        " recorded."
    )
