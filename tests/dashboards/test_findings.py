"""What checks find, in the words of a reader's language."""

import pytest

from dashboards.components import findings
from dashboards.words.languages import Language
from dashboards.words.words import words_in
from output.findings.finding import Finding

UNUSUAL = Finding.of(
    "day_is_unusual",
    measure=Finding.of("measure_empty", column="product_id"),
    day="2026-06-29",
    value=0.5,
    expected=1234.5,
    deviations=8.2,
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Share of rows without product_id on 29 Jun 2026: 0.5, where about 1,234 is usual"
                " for the weekday (8.2 deviations)."
            ),
        ),
        (
            "de",
            (
                "Anteil der Zeilen ohne product_id am 29.06.2026: 0,5; üblich sind an diesem"
                " Wochentag etwa 1.234 (8,2 Abweichungen)."
            ),
        ),
        (
            "ru",
            (
                "Доля строк без product_id за 29 июн. 2026\u00a0г.: 0,5; обычно в этот день недели"
                " около 1\u00a0234 (отклонений: 8,2)."
            ),
        ),
    ],
)
def test_a_finding_is_a_sentence_with_figures_and_days_of_the_language(
    language: Language, said: str
) -> None:
    shown = findings.published(words_in(language), UNUSUAL.json_text)

    assert shown.replace("\u202f", "\u00a0") == said


def test_what_somebody_wrote_is_shown_as_it_is() -> None:
    german = words_in("de")

    assert findings.published(german, "Prices are not published.") == "Prices are not published."
    assert findings.said(german, Finding.as_written("{path}: 3")) == "{path}: 3"
    assert findings.published(german, None) == ""
