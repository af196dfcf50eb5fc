"""Which language a reader is spoken to in."""

import pytest

from dashboards.words.languages import language_of


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("RU-ru", "ru"),
        ("zh-Hant-TW", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en;q=0.5, de;q=0.9", "de"),  # the weight counts, not the place
        ("de;q=0.8, ru;q=0.8", "de"),  # among equals the first
        ("fr-FR, fr;q=0.9, ru;q=0.2", "ru"),
        ("fr, *;q=0.5", "en"),
        ("de;q=0, ru;q=0.000", "en"),  # 0 means "not this one"
        ("de;q=0, ru;q=0.001", "ru"),
        ("de ; q=0.1 , ru ; q=1.000", "ru"),
        ("de;q=2, ru;q=x, de;q=nan, ;;, q=1, ru-;q=1", "en"),  # nonsense is skipped
        ("deutsch, russian", "en"),
        ("de\r\nX: y", "en"),
        ("," * 60_000 + "de", "de"),
    ],
)
def test_the_browsers_best_known_language_is_taken(
    accept_language: str | None, language: str
) -> None:
    assert language_of(None, None, accept_language) == language


def test_the_accounts_language_comes_before_the_browsers() -> None:
    assert language_of(None, "ru", "de") == "ru"


def test_the_language_of_an_address_comes_before_the_accounts() -> None:
    assert language_of("de", "ru", "en") == "de"


def test_an_unknown_language_leaves_it_to_the_next() -> None:
    assert language_of(None, "fr", "de") == "de"
    assert language_of("fr", "ru", "de") == "ru"
    assert language_of("", "", None) == "en"
