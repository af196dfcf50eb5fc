"""What checks find, in the words of a reader's language."""

import pytest

from dashboards.components import findings
from dashboards.words.languages import Language
from dashboards.words.words import words_in
from output.findings.finding import Finding
from output.findings.reasons import file_rejected

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


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "t has 1 row without a vendor_id", {"t has 2 rows without a vendor_id"}),
        ("de", "t hat 1 Zeile ohne vendor_id", {"t hat 2 Zeilen ohne vendor_id"}),
        (
            "ru",
            "в t 1 строка без vendor_id",
            {"в t 2 строки без vendor_id", "в t 5 строк без vendor_id"},
        ),
    ],
)
def test_why_a_publication_was_refused_has_the_plurals_of_the_language(
    language: Language, one: str, many: set[str]
) -> None:
    said = {
        n: findings.said(words_in(language), Finding.of("vendors_without_id", table="t", n=n))
        for n in (1, 2, 5)
    }

    assert said[1] == one
    assert many <= {said[2], said[5]}


@pytest.mark.parametrize("language", ["de", "ru"])
def test_rows_that_contradict_each_other_are_told_in_the_language(language: Language) -> None:
    found = Finding.of(
        "keys_repeated",
        path="lines.csv",
        n=2,
        rows=5,
        keys=("order_id", "order_line_id"),
        lines=Finding.of("and_others", examples=("2", "3", "4")),
        columns=("quantity",),
        advice=(
            Finding.of("drop_other_rows", feed="order_lines"),
            Finding.of("map_newer", column="updated_at"),
        ),
    )
    said = findings.said(words_in(language), found)

    assert "lines.csv: 2" in said
    assert "order_id, order_line_id" in said
    assert not [word for word in ("stand for", " lines ", "What to do", " others") if word in said]
    assert "What to do: leave out rows" in found.english


LACKING = Finding.of(
    "on_line",
    line=1,
    finding=Finding.of(
        "columns_lacking",
        missing=(
            Finding.of("column_lacking_here", column="a"),
            Finding.of("column_renamed", column="b", likely="bb"),
        ),
        found=Finding.of(
            "file_has_unknown", n=30, places=Finding.of("and_more", examples=("1", "2"), n=28)
        ),
    ),
)


def test_what_is_wrong_with_a_file_is_told_in_the_language() -> None:
    found = file_rejected("missing_column", LACKING.json_text)

    assert findings.said(words_in("de"), found) == (
        "abgelehnt (eine abgebildete Spalte fehlt): Zeile 1: Spalte „a“ fehlt; Spalte „b“ fehlt"
        " (umbenannt in „bb“?); die Datei hat 30 Spalten, unbekannt sind die an Stelle 1, 2 und 28"
        " weitere; liefern Sie die Datei mit diesen Spalten erneut, oder ändern Sie die Zuordnung"
    )
    assert found.english.startswith("rejected (a mapped column is missing): line 1: column 'a' is")


def test_detail_that_an_older_version_wrote_as_a_sentence_is_still_shown() -> None:
    found = file_rejected("missing_column", "orders.csv, line 1: column 'a' is missing")

    assert findings.said(words_in("de"), found).endswith(
        "orders.csv, line 1: column 'a' is missing"
    )
