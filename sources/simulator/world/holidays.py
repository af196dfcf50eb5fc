"""Public holidays by country and rule.

Germany: those of all states (Arbeitszeitrecht der Länder); Austria: Arbeitsruhegesetz § 7;
Switzerland: those of most cantons; Poland: Ustawa o dniach wolnych od pracy, as of 2025.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

# Days after Easter Sunday.
MOVING = {
    "DE": {
        -2: "Karfreitag", 1: "Ostermontag", 39: "Christi Himmelfahrt", 50: "Pfingstmontag",
    },
    "AT": {
        1: "Ostermontag", 39: "Christi Himmelfahrt", 50: "Pfingstmontag", 60: "Fronleichnam",
    },
    "CH": {-2: "Karfreitag", 1: "Ostermontag", 39: "Auffahrt", 50: "Pfingstmontag"},
    "PL": {1: "Poniedziałek Wielkanocny", 60: "Boże Ciało"},
}  # fmt: skip
# Month and day.
FIXED = {
    "DE": {
        (1, 1): "Neujahr",
        (5, 1): "Tag der Arbeit",
        (10, 3): "Tag der Deutschen Einheit",
        (12, 25): "Erster Weihnachtstag",
        (12, 26): "Zweiter Weihnachtstag",
    },
    "AT": {
        (1, 1): "Neujahr",
        (1, 6): "Heilige Drei Könige",
        (5, 1): "Staatsfeiertag",
        (8, 15): "Mariä Himmelfahrt",
        (10, 26): "Nationalfeiertag",
        (11, 1): "Allerheiligen",
        (12, 8): "Mariä Empfängnis",
        (12, 25): "Christtag",
        (12, 26): "Stefanitag",
    },
    "CH": {
        (1, 1): "Neujahr",
        (8, 1): "Bundesfeier",
        (12, 25): "Weihnachten",
        (12, 26): "Stephanstag",
    },
    "PL": {
        (1, 1): "Nowy Rok",
        (1, 6): "Trzech Króli",
        (5, 1): "Święto Pracy",
        (5, 3): "Święto Konstytucji 3 Maja",
        (8, 15): "Wniebowzięcie Najświętszej Maryi Panny",
        (11, 1): "Wszystkich Świętych",
        (11, 11): "Narodowe Święto Niepodległości",
        (12, 25): "Boże Narodzenie",
        (12, 26): "Drugi dzień Bożego Narodzenia",
    },
}
CHRISTMAS_EVE_SINCE = 2025
SOUTH = ("Baden-Württemberg", "Bayern")
WEST = ("Nordrhein-Westfalen", "Rheinland-Pfalz")
NORTH_AND_EAST = ("Bremen", "Hamburg", "Sachsen", "Schleswig-Holstein", "Thüringen")


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar (Meeus/Jones/Butcher, Nature 13, 1876, page 487)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    offset = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * offset) // 433
    month = (h + offset - 7 * m + 90) // 25
    return date(year, month, (h + offset - 7 * m + 33 * month + 19) % 32)


@cache
def public_holidays(year: int, country: str) -> dict[date, str]:
    """The days on which no parcel is handed over in a country; Switzerland: in most of it."""
    easter = easter_sunday(year)
    found = {easter + timedelta(days=days): name for days, name in MOVING[country].items()}
    found |= {date(year, month, day): name for (month, day), name in FIXED[country].items()}
    if country == "PL" and year >= CHRISTMAS_EVE_SINCE:
        found[date(year, 12, 24)] = "Wigilia"
    return found


def regional_holidays(year: int) -> list[tuple[date, str, str]]:
    """Day, state and name of holidays that hold in some of Germany's states alone."""
    corpus_christi = easter_sunday(year) + timedelta(days=60)
    some = (
        (date(year, 1, 6), SOUTH, "Heilige Drei Könige"),
        (corpus_christi, (*SOUTH, *WEST), "Fronleichnam"),
        (date(year, 10, 31), NORTH_AND_EAST, "Reformationstag"),
        (date(year, 11, 1), (*SOUTH, *WEST), "Allerheiligen"),
    )
    return [(day, state, name) for day, states, name in some for state in states]


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)
