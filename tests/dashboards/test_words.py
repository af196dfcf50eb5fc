"""Sentences, numbers, money and time, against what CLDR says; worked out by hand."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from structlog.testing import capture_logs

from dashboards.words import words
from dashboards.words.languages import LANGUAGES, Language
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import CatalogueMissing, Words, words_in

NO_BREAK, NARROW, THIN = "\u00a0", "\u202f", "\u2009"
BERLIN = ZoneInfo("Europe/Berlin")
DE, EN, RU = (words_in(language) for language in LANGUAGES)

RUSSIAN = {
    ("{n} order of {vendor}", "{n} orders of {vendor}"): (
        "{n} заказ от {vendor}",
        "{n} заказа от {vendor}",
        "{n} заказов от {vendor}",
    ),
    "Open": "Открыть",
}


def russian(**in_context: str) -> Words:
    """Words of a small catalogue, compiled as the real ones are."""
    catalogue = Catalog(locale="ru")
    for msgid, translation in RUSSIAN.items():
        catalogue.add(msgid, translation)
    for context, translation in in_context.items():
        catalogue.add("Open", translation, context=context)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words("ru", Locale.parse("ru"), words.GNUTranslations(compiled))


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1 заказ от Alder"),
        (2, "2 заказа от Alder"),
        (5, "5 заказов от Alder"),
        (11, "11 заказов от Alder"),
        (21, "21 заказ от Alder"),
        (1000, f"1{NO_BREAK}000 заказов от Alder"),
    ],
)
def test_a_russian_count_takes_one_of_three_forms(n: int, said: str) -> None:
    singular, plural = "{n} order of {vendor}", "{n} orders of {vendor}"

    assert russian().count(singular, plural, n, vendor="Alder") == said
    assert russian().say(counted(singular, plural), n=n, vendor="Alder") == said


def test_what_is_not_translated_is_said_in_english() -> None:
    assert russian().text("Nobody has translated {this}.", this="it") == (
        "Nobody has translated it."
    )
    assert russian().count("{n} day left", "{n} days left", 1) == "1 day left"
    assert russian().count("{n} day left", "{n} days left", 5) == "5 days left"


def test_one_english_word_has_a_translation_for_each_meaning() -> None:
    speaker = russian(state="Открыт")

    assert speaker.text("Open") == "Открыть"
    assert speaker.text_in("state", "Open") == "Открыт"
    assert speaker.say(message_in("state", "Open")) == "Открыт"


def test_a_published_code_becomes_a_sentence_with_its_arguments() -> None:
    codes = {"late": message("{feed} is late."), "rows": counted("{n} row", "{n} rows")}

    assert EN.code(codes, "late", feed="orders") == "orders is late."
    assert EN.code(codes, "rows", n=1234, feed="not asked for") == "1,234 rows"


def test_a_code_without_words_is_shown_and_logged() -> None:
    with capture_logs() as logs:
        assert EN.code({"late": message("Late")}, "lost") == "lost"

    assert [(log["log_level"], log["beside"]) for log in logs] == [("error", "late")]
    assert "lost" not in str(logs)


def test_a_choice_that_is_none_is_shown_and_not_logged() -> None:
    codes = {"late": message("Late")}
    with capture_logs() as logs:
        assert EN.choice(codes, "late") == "Late"
        assert EN.choice(codes, "Erika Kanarie") == "Erika Kanarie"
        assert EN.choice(codes, ["late"]) == "['late']"

    assert logs == []


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop() -> None:
    assert EN.say(Message("Sold by {vendor}."), vendor="Acme Inc.") == "Sold by Acme Inc."
    assert EN.say(Message("{vendor}: {n}."), vendor="Acme Inc.", n=2) == "Acme Inc.: 2."


def test_a_placeholder_without_a_value_stays_and_is_logged() -> None:
    with capture_logs() as logs:
        assert EN.text("{vendor} is late by {days}.", vendor="Alder") == (
            "Alder is late by {days}."
        )

    assert [(log["log_level"], log["name"]) for log in logs] == [("error", "days")]


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("{secret}", "{secret}"),  # what is put in is not read for placeholders
        ("{0.__class__}", "{0.__class__}"),
        (r"\g<0>%(x)s", r"\g<0>%(x)s"),
        ("a\r\nBcc: x@y.example", "aBcc: x@y.example"),  # a subject stays one line
        ("\u202egro.live", "gro.live"),
    ],
)
def test_what_is_put_into_a_sentence_changes_nothing_around_it(hostile: str, shown: str) -> None:
    assert EN.text("Orders of {vendor}", vendor=hostile, secret="s3cret") == f"Orders of {shown}"


@pytest.mark.parametrize(
    ("speaker", "amount", "euros", "francs"),
    [
        (DE, "1234.5", f"1.234,50{NO_BREAK}€", f"1.234,50{NO_BREAK}CHF"),
        (EN, "1234.5", "€1,234.50", f"CHF{NO_BREAK}1,234.50"),
        (RU, "1234.5", f"1{NO_BREAK}234,50{NO_BREAK}€", f"1{NO_BREAK}234,50{NO_BREAK}CHF"),
        (DE, "-0.05", f"\u22120,05{NO_BREAK}€", f"\u22120,05{NO_BREAK}CHF"),
        (EN, "-0.05", "\u2212€0.05", f"\u2212CHF{NO_BREAK}0.05"),
        (RU, "-0.05", f"\u22120,05{NO_BREAK}€", f"\u22120,05{NO_BREAK}CHF"),
    ],
)
def test_money_is_written_as_in_the_readers_country(
    speaker: Words, amount: str, euros: str, francs: str
) -> None:
    assert speaker.money(Decimal(amount), "EUR") == euros
    assert speaker.money(Decimal(amount), "CHF") == francs


@pytest.mark.parametrize("speaker", [DE, EN, RU])
def test_figures_have_one_minus_and_nothing_has_none(speaker: Words) -> None:
    figures = (
        speaker.number(-2),
        speaker.quantity(Decimal("-0.5")),
        speaker.figure(-12.5),
        speaker.percent(-0.105),
        speaker.headline_money(-2_500_000, "EUR"),
    )
    nothing = (speaker.number(-0.001, 2), speaker.percent(-0.0001), speaker.money(-0.001, "EUR"))

    assert all(figure.startswith("\u2212") and "-" not in figure for figure in figures)
    assert not [figure for figure in nothing if "\u2212" in figure or "-" in figure]


def test_money_has_the_decimals_of_its_currency_and_a_dollar_says_whose() -> None:
    assert EN.money(1234, "JPY") == "JP¥1,234"
    assert EN.money(5, "USD") == "US$5.00"
    assert RU.money(5, "RUB") == f"5,00{NO_BREAK}₽"


@pytest.mark.parametrize(
    ("speaker", "number", "rate", "day", "moment"),
    [
        (DE, "1.234.567,9", f"40,5{NO_BREAK}%", "03.06.2026", "03.06.2026, 14:05"),
        (EN, "1,234,567.9", "40.5%", "3 Jun 2026", "3 Jun 2026, 14:05"),
        (
            RU,
            f"1{NO_BREAK}234{NO_BREAK}567,9",
            f"40,5{NO_BREAK}%",
            f"3 июн. 2026{NARROW}г.",
            f"3 июн. 2026{NARROW}г., 14:05",
        ),
    ],
)
def test_numbers_rates_and_days_are_written_as_in_the_readers_country(
    speaker: Words, number: str, rate: str, day: str, moment: str
) -> None:
    assert speaker.number(Decimal("1234567.89"), decimals=1) == number
    assert speaker.percent(0.405) == rate
    assert speaker.day(date(2026, 6, 3)) == day
    assert speaker.moment(datetime(2026, 6, 3, 12, 5, tzinfo=UTC), BERLIN) == moment


def test_a_moment_is_told_by_the_clock_of_its_zone() -> None:
    published = datetime(2026, 6, 30, 23, 30)  # noqa: DTZ001 - as in the marts: naive and UTC

    assert EN.moment(published, UTC) == "30 Jun 2026, 23:30"
    assert EN.moment(published, BERLIN) == "1 Jul 2026, 01:30"
    assert EN.moment(published, BERLIN, with_zone=True) == f"1 Jul 2026, 01:30{NO_BREAK}UTC+2"
    assert EN.moment(published, UTC, with_zone=True) == f"30 Jun 2026, 23:30{NO_BREAK}UTC"
    delhi, toronto = ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns")
    assert EN.moment(published, delhi, with_zone=True).endswith("UTC+5:30")
    assert EN.moment(published, toronto, with_zone=True).endswith("UTC\u22122:30")


@pytest.mark.parametrize(
    ("speaker", "june", "spring", "today"),
    [
        (DE, "1.–30. Juni 2026", f"1. Mai{THIN}–{THIN}30. Juni 2026", "1. Juni 2026"),
        (EN, "1–30 Jun 2026", f"1 May{THIN}–{THIN}30 Jun 2026", "1 Jun 2026"),
        (
            RU,
            f"1–30 июн. 2026{NARROW}г.",
            f"1 мая – 30 июн. 2026{NARROW}г.",
            f"1 июн. 2026{NARROW}г.",
        ),
    ],
)
def test_a_window_is_named_by_its_first_and_its_last_day(
    speaker: Words, june: str, spring: str, today: str
) -> None:
    assert speaker.days(date(2026, 6, 1), date(2026, 7, 1)) == june
    assert speaker.days(date(2026, 5, 1), date(2026, 7, 1)) == spring
    assert speaker.days(date(2026, 6, 1), date(2026, 6, 2)) == today


@pytest.mark.parametrize(
    ("span", "german", "english", "russian_words"),
    [
        (timedelta(0), "0 Minuten", "0 minutes", "0 минут"),
        (timedelta(minutes=1), "1 Minute", "1 minute", "1 минута"),
        (timedelta(minutes=59, seconds=40), "1 Stunde", "1 hour", "1 час"),
        (timedelta(hours=21), "21 Stunden", "21 hours", "21 час"),
        (timedelta(hours=47), "47 Stunden", "47 hours", "47 часов"),
        (timedelta(hours=48), "2 Tage", "2 days", "2 дня"),
        (timedelta(days=148), "148 Tage", "148 days", "148 дней"),
    ],
)
def test_a_span_of_time_is_told_in_its_largest_useful_unit(
    span: timedelta, german: str, english: str, russian_words: str
) -> None:
    assert [speaker.duration(span) for speaker in (DE, EN, RU)] == [german, english, russian_words]


def test_what_is_not_known_is_a_dash() -> None:
    unknown = [
        EN.number(None),
        EN.money(None, "EUR"),
        EN.percent(None),
        EN.day(None),
        EN.moment(None, UTC),
        EN.duration(None),
    ]

    assert set(unknown) == {"–"}


def test_readers_of_two_languages_do_not_mix() -> None:
    started = threading.Barrier(6)
    heard: dict[Language, set[tuple[str, ...]]] = {language: set() for language in LANGUAGES}

    def read(language: Language) -> None:
        started.wait()
        for _ in range(300):
            speaker = words_in(language)
            heard[language].add(
                (speaker.text("Password"), speaker.number(1234), speaker.day(date(2026, 6, 3)))
            )

    readers = [threading.Thread(target=read, args=(language,)) for language in LANGUAGES * 2]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert heard == {
        "de": {("Passwort", "1.234", "03.06.2026")},
        "en": {("Password", "1,234", "3 Jun 2026")},
        "ru": {("Пароль", f"1{NO_BREAK}234", f"3 июн. 2026{NARROW}г.")},
    }


def test_a_catalogue_that_was_not_compiled_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_CATALOGUES", tmp_path)

    with pytest.raises(CatalogueMissing, match=r"de\.mo is missing: `make \.venv/installed`"):
        words_in.__wrapped__("de")


def test_words_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        EN.language = "de"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Message("x").msgid = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Decimal("1.500"), {"en": "1.5", "de": "1,5", "ru": "1,5"}),
        (Decimal("0.335"), {"en": "0.335", "de": "0,335", "ru": "0,335"}),
        (Decimal("3.000"), {"en": "3", "de": "3", "ru": "3"}),
        (None, {"en": "\u2013", "de": "\u2013", "ru": "\u2013"}),
    ],
)
def test_a_quantity_is_whole_or_says_its_part(
    amount: Decimal | None, said: dict[Language, str]
) -> None:
    assert {language: words_in(language).quantity(amount) for language in said} == said
