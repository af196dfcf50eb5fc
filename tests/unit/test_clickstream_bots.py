"""Which user agents are programs, against the published list crawler-user-agents."""

import crawleruseragents
import duckdb
import pytest

from sources.clickstream.expressions import is_bot

pytestmark = pytest.mark.loading

BROWSERS = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87"
    ),
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/17.5 Safari/605.1.15"
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/125.0.0.0 Mobile Safari/537.36 OPR/83.0.0.0"
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Mobile/15E148 [FBAN/FBIOS;FBAV/469.0.0.33.108;FBDV/iPad12,1]"
    ),
    "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230805.001)",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
]


def marked(agents: list[str]) -> list[str]:
    query = f"select agent from (select unnest(?) as agent) where {is_bot('agent')} = 'true'"
    return [row[0] for row in duckdb.execute(query, [agents]).fetchall()]


def test_programs_of_the_published_list_are_marked() -> None:
    listed = crawleruseragents.CRAWLER_USER_AGENTS_DATA
    agents = [agent for entry in listed for agent in entry["instances"]]

    share = len(marked(agents)) / len(agents)

    # What is left are rare names that no word tells; see sources/clickstream/bots.yml.
    assert share > 0.92


@pytest.mark.parametrize("agent", BROWSERS)
def test_browsers_are_not_marked(agent: str) -> None:
    assert marked([agent]) == []


def test_no_user_agent_is_no_answer() -> None:
    query = f"select {is_bot('agent')} from (values (''), (null)) as agents (agent)"

    assert duckdb.execute(query).fetchall() == [(None,), (None,)]
