"""Times of schedules as readers of three languages read them; crontab(5) says what they mean."""

import pytest

from dashboards.words.schedules import schedule
from dashboards.words.words import words_in


@pytest.mark.parametrize(
    ("cron", "english", "german", "russian"),
    [
        ("30 6 * * *", "daily, 06:30", "täglich, 06:30", "ежедневно, 06:30"),
        ("0 7 * * 1", "Mon, 07:00", "Mo, 07:00", "пн, 07:00"),
        ("45 6 * * 1-5", "Mon\u2013Fri, 06:45", "Mo\u2013Fr, 06:45", "пн\u2013пт, 06:45"),
        ("15 * * * *", "hourly, :15", "stündlich, :15", "ежечасно, :15"),
        ("*/5 * * * *", "every 5 minutes", "alle 5 Minuten", "каждые 5 минут"),
        ("0 4,16 * * *", "daily, 04:00, 16:00", "täglich, 04:00, 16:00", "ежедневно, 04:00, 16:00"),
        ("0 5 1 * *", "day 1 of the month, 05:00", "am 1. des Monats, 05:00", "1-го числа, 05:00"),  # noqa: RUF001
    ],
)
def test_times_are_said_in_the_readers_language(
    cron: str, english: str, german: str, russian: str
) -> None:
    assert [schedule(words_in(language), cron) for language in ("en", "de", "ru")] == [
        english,
        german,
        russian,
    ]


def test_sunday_is_the_day_that_cron_calls_0_and_7_and_sun() -> None:
    said = {schedule(words_in("en"), f"0 8 * * {day}") for day in ("0", "7", "SUN")}

    assert said == {"Sun, 08:00"}


@pytest.mark.parametrize(
    "cron", ["0 8 1 * 1", "0 8 1 1 *", "0 */4 * * *", "0 8 * * 1/2", "0 99 * * *", "1-5 * * * *"]
)
def test_times_that_have_no_short_words_stay_as_their_file_has_them(cron: str) -> None:
    assert schedule(words_in("en"), cron) == cron
