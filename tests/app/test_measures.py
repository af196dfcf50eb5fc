"""Measures, actions and vendors in need, on the pages that show them."""

import re
from dataclasses import replace

import pytest

from dashboards.words.languages import Language
from operations import roles
from tests.app.pages import visit
from tests.app.test_pages import english_left
from tests.worlds.homes import Home

pytestmark = pytest.mark.app

STATES = '<ul class="k-states">'
TILE = re.compile(r'<li class="k-rate k-edge-\w+">(.*?)</li>', re.DOTALL)


def test_every_measure_can_be_reached_from_home_and_opens_its_orders(home: Home) -> None:
    first = visit(home.store, "mueller").said()
    said = visit(home.store, "mueller", "performance").said()
    links = set(re.findall(r'href="/performance\?metric=(\w+)"', said))

    # five of shipping, cancelling and reviews, and what the feeds tell of refunds and defects
    assert len(links) == 7
    # what is on target is a line
    assert len(TILE.findall(said)) <= 4
    assert re.search(r'<p class="k-lead">\d of 7 measures need', said)
    assert re.search(r'<a href="/performance"[^>]*>See all 7 measures</a>', first)
    assert len(TILE.findall(first)) == 3
    for link in links:
        seen = visit(home.store, "mueller", "performance", metric=link)
        assert not seen.test.exception
        said = seen.said()
        assert "What the measure counts" in said or "Nothing was counted" in said


def test_a_tile_has_its_limit_and_says_how_far_away_it_is(home: Home) -> None:
    tiles = TILE.findall(visit(home.store, "mueller", "performance").said())

    late = next(tile for tile in tiles if "metric=late_shipment_rate" in tile)
    judged = re.search(r"which is judged: (\d+) of (\d+)", late)
    counts = judged or re.search(r"(\d+) of (\d+) orders shipped late", late)
    assert counts is not None
    missed, counted = counts.groups()
    # 4 % may be late
    too_many = int(missed) - int(counted) * 4 // 100
    assert too_many > 0
    assert "Limit 4%" in late
    assert f"{too_many} fewer late shipment" in late
    assert 'role="img" aria-label="Trend: from' in late


def test_another_window_is_looked_at_and_the_judged_one_stands_beside_it(home: Home) -> None:
    month = visit(home.store, "mueller", "performance", window_kind="days_30").said()
    judged = visit(home.store, "mueller", "performance").said()

    [late] = [tile for tile in TILE.findall(month) if "metric=late_shipment_rate" in tile]
    [decides] = [tile for tile in TILE.findall(judged) if "metric=late_shipment_rate" in tile]
    value = re.search(r'<p class="k-value">([^<]+)</p>', decides)
    assert value is not None
    assert f"Over the 90 days that decide: {value[1]}." in late
    # its links and its rows keep the window
    link = "/performance?metric=late_shipment_rate&amp;window_kind=days_30"
    assert link in late
    counted = re.search(r"(\d+) of (\d+) orders? shipped late", late)
    assert counted is not None
    seen = visit(
        home.store, "mueller", "performance", metric="late_shipment_rate", window_kind="days_30"
    )
    assert re.search(rf"1 to \d+ of {counted[2]} row", seen.text())


def test_a_home_page_opens_with_a_verdict_and_at_most_three_actions(home: Home) -> None:
    for name in ("olga", "mueller"):
        said = visit(home.store, name).said()
        assert re.search(r'<p class="k-lead">[^<]*need', said), name
        actions = re.findall(r'<li class="k-action.*?</li>', said, re.DOTALL)
        assert 1 <= len(actions) <= 3, name
        assert all(action.count("<a href=") == 1 for action in actions), name
        assert said.index("k-action") < said.index("k-figures"), name


def test_a_vendor_in_need_stands_once_and_all_of_them_can_be_reached(home: Home) -> None:
    said = visit(home.store, "olga").said()
    listed = visit(home.store, "olga", "vendors", section="attention").said()

    shown, total = re.search(r">(\d+) of (\d+) issues? · See all</a>", said).groups()  # type: ignore[union-attr]
    vendors = re.findall(r'href="/vendors\?vendor=([^"&]+)&amp;', listed)
    assert len(vendors) == len(set(vendors)) > 0
    assert int(shown) <= int(total)
    issues = re.findall(r'data-label="Issues">\s*<bdi>(.*?)</bdi>', listed, re.DOTALL)
    assert sum(row.count(" · ") + 1 for row in issues) == int(total)


def test_figures_and_chart_of_a_vendor_are_of_one_period_that_both_name(home: Home) -> None:
    seen = visit(home.store, "olga", "vendors", vendor="v-002")

    titles = [element.value for element in seen.test.header]
    assert titles == [
        "Figures, 2 Apr\u2009\u2013\u200930 Jun 2025",
        "Sales per day in EUR, 2 Apr\u2009\u2013\u200930 Jun 2025",
    ]


def test_an_unknown_vendor_is_unknown_in_every_part(home: Home) -> None:
    for section in ("sales", "measures", "nonsense"):
        said = visit(home.store, "olga", "vendors", vendor="v-404", section=section).said()
        assert "There is no vendor with this ID." in said


def test_order_ids_link_for_an_operator_who_has_a_page_for_orders(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"vendor": "v-002", "section": "measures", "metric": "late_shipment_rate"}
    with_page = [visit(home.store, name, "vendors", **asked).said() for name in ("olga", "ana")]
    # no declared role has the vendors' page alone
    analyst = roles.ROLES["analyst"]
    lesser = replace(analyst, pages=analyst.pages - {"operator_order"})
    monkeypatch.setattr(roles, "ROLES", {**roles.ROLES, "analyst": lesser})
    without = visit(home.store, "ana", "vendors", **asked).said()

    [order_id, *_] = re.findall(r'href="/order\?order=([\w-]+)"', with_page[0])
    assert f'href="/order?order={order_id}"' in with_page[1]
    assert order_id in without
    assert "/order?order=" not in without


@pytest.mark.parametrize("section", ["feeds", "books", "quarantine", "checks", "loads", "?"])
@pytest.mark.parametrize("language", ["de", "ru"])
def test_every_part_of_data_health_is_in_the_readers_language(
    home: Home, section: str, language: Language
) -> None:
    seen = visit(home.store, "olga", "data-health", language=language, section=section)

    assert not seen.test.exception
    assert english_left(seen, language) == []


@pytest.mark.parametrize("section", ["measures", "tables", "states", "charts"])
@pytest.mark.parametrize("language", ["de", "en", "ru"])
def test_the_gallery_shows_every_part_in_the_readers_language(
    home: Home, section: str, language: Language
) -> None:
    seen = visit(home.store, "olga", "gallery", language=language, section=section)

    assert not seen.test.exception
    assert language == "en" or english_left(seen, language) == []


@pytest.mark.parametrize("name", ["ana", "mueller"])
def test_the_gallery_is_the_administrators(home: Home, name: str) -> None:
    assert STATES not in visit(home.store, name, "gallery", section="states").said()
    assert STATES in visit(home.store, "olga", "gallery", section="states").said()
