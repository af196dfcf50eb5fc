"""Invented names, addresses and numbers: nobody and nothing here exists.

E-mail addresses use the domains RFC 2606 reserves; phone numbers come from the ranges that the
Bundesnetzagentur sets aside for films (Mitteilung 148/2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.chance import hashed
from sources.simulator.world.countries import COUNTRIES

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints

SWITZERLAND, POLAND = 2, 3  # places in COUNTRIES

STEMS = (
    "Brant", "Quill", "Ferro", "Lumen", "Ostra", "Velt", "Marn", "Tarn", "Holv", "Zephr", "Kest",
    "Orlin", "Wexa", "Drago", "Pelk", "Ravn", "Sutter", "Thorn", "Yarro", "Calder", "Fjell", "Glim",
    "Havr", "Ilmar", "Jadek", "Korv", "Lindel", "Morv", "Nadir", "Opal", "Prend", "Ruska",
)  # fmt: skip
ENDINGS = (
    "wick",
    "mark",
    "dale",
    "ova",
    "strom",
    "beck",
    "lund",
    "aria",
    "field",
    "mont",
    "ix",
    "en",
)
TRADES = (
    "Supply",
    "Werke",
    "Trading",
    "Studio",
    "Depot",
    "Goods",
    "Handel",
    "Atelier",
    "Outfitters",
)
FORMS = ("GmbH", "KG", "AG", "OHG", "e.K.")
# By the place in COUNTRIES.
FORMS_OF = (
    FORMS,
    ("GmbH", "KG", "AG", "OG", "e.U."),
    ("AG", "GmbH", "AG", "KlG", "GmbH"),
    ("sp. z o.o.", "S.A.", "sp. j.", "sp. z o.o.", "sp. k."),
)
GIVEN = (
    "Avel", "Brisa", "Corin", "Delma", "Evrin", "Falka", "Gerin", "Hilva", "Isko", "Jorla", "Kelto",
    "Liora", "Mirno", "Nelka", "Orvin", "Pelina", "Quesna", "Rilko", "Selva", "Tovin", "Ulrika-Ann",
    "Vesna-Lu", "Wilko", "Xanda", "Yvo", "Zella",
)  # fmt: skip
FAMILY = (
    "Almbach", "Birkwald", "Czernelo", "Dorrenfeld", "Eschbrunn", "Falkenmoor", "Grünspan",
    "Hollwig", "Immertal", "Jägerlund", "Kaltwasser-Ross", "Lindenquist", "Mohnhaupt-Grill",
    "Nebelung-Sand",
    "Ostrander-Beck", "Pfefferle-Wolk", "Quastenberg", "Rübenkamp-Holl", "Silberhain", "Tannhorst",
    "Uhlenkott", "Vogelsang-Matt", "Wiesengrundler", "Zwirnmeister",
)  # fmt: skip
POLISH_GIVEN = (
    "Bronimira", "Czesta", "Dobroń", "Gniewka", "Jaromiła", "Lechon", "Mirosza", "Niezda",
    "Radzim", "Świętka", "Tomiła", "Wszebor", "Zdzisza", "Żelka",
)  # fmt: skip
POLISH_FAMILY = (
    "Brzozomir", "Chmurolas", "Dębogórzec", "Jaworostok", "Kłosobór", "Lipowierch", "Modrzejak-Las",
    "Olszowid", "Płomyczan", "Rudawiec-Gaj", "Śnieżolot", "Wierzbodar", "Ziołomąż", "Źródlan",
)  # fmt: skip
# City, region, and what its postal codes begin with; three digits follow.
CITIES = (
    (
        ("Berlin", "Berlin", "10"), ("Hamburg", "Hamburg", "20"), ("München", "Bayern", "80"),
        ("Köln", "Nordrhein-Westfalen", "50"), ("Leipzig", "Sachsen", "04"),
        ("Dresden", "Sachsen", "01"), ("Stuttgart", "Baden-Württemberg", "70"),
        ("Erfurt", "Thüringen", "99"), ("Bremen", "Bremen", "28"), ("Nürnberg", "Bayern", "90"),
        ("Kiel", "Schleswig-Holstein", "24"), ("Mainz", "Rheinland-Pfalz", "55"),
    ),
    (
        ("Wien", "Wien", "1"), ("Graz", "Steiermark", "8"), ("Linz", "Oberösterreich", "4"),
        ("Salzburg", "Salzburg", "5"), ("Innsbruck", "Tirol", "6"),
        ("Eisenstadt", "Burgenland", "7"),
    ),
    (
        ("Zürich", "Zürich", "8"), ("Genève", "Genève", "1"), ("Basel", "Basel-Stadt", "4"),
        ("Bern", "Bern", "3"), ("Luzern", "Luzern", "6"), ("St. Gallen", "St. Gallen", "9"),
    ),
    (
        ("Warszawa", "Mazowieckie", "00-"), ("Kraków", "Małopolskie", "30-"),
        ("Wrocław", "Dolnośląskie", "50-"), ("Poznań", "Wielkopolskie", "60-"),
        ("Gdańsk", "Pomorskie", "80-"), ("Lublin", "Lubelskie", "20-"),
    ),
)  # fmt: skip
CATEGORY_NAMES = (
    "Kitchen", "Garden", "Office supplies", "Power tools", "Lighting", "Textiles", "Outdoor",
    "Packaging", "Work wear", "Toys", "Electronics", "Books", "Furniture", "Cleaning",
    "Pet supplies",
    "Sports", "Safety", "Stationery", "Bathroom", "Bicycle parts", "Storage", "Music",
    "Coffee and tea", "Workshop",
)  # fmt: skip
PHONE_RANGES = ("+493023125", "+496990009", "+494066969", "+492214710", "+498999998")


def company_names(count: int, rng: np.random.Generator) -> pl.Series:
    """Names of companies, none twice; a number tells the later ones apart."""
    combinations = len(STEMS) * len(ENDINGS) * len(TRADES)
    order = np.tile(rng.permutation(combinations), count // combinations + 1)[:count]
    lap = np.arange(count) // combinations
    number = pl.Series(np.where(lap == 0, "", (lap + 1).astype(str)))
    stem = pick(STEMS, order)
    ending = pick(ENDINGS, order // len(STEMS))
    trade = pick(TRADES, order // (len(STEMS) * len(ENDINGS)))
    return (stem + ending + " " + trade + " " + number).str.strip_chars()


def person_names(count: int, rng: np.random.Generator, country: Ints | None = None) -> pl.Series:
    """Names of people; some share theirs, as people do. Those of Poland sound like it."""
    given, family = (rng.integers(0, words * 1_000, count) for words in (len(GIVEN), len(FAMILY)))
    german = pick(GIVEN, given) + " " + pick(FAMILY, family)
    if country is None:
        return german
    polish = pick(POLISH_GIVEN, given) + " " + pick(POLISH_FAMILY, family)
    return polish.zip_with(pl.Series(country == POLAND), german)


def email_addresses(names: pl.Series, numbers: Ints) -> pl.Series:
    """One address per name on a reserved domain, unique by its number."""
    plain = names.str.to_lowercase().str.replace_many(
        [*"äöüßąćęłńóśźż"], ["ae", "oe", "ue", "ss", *"acelnoszz"]
    )
    local = plain.str.replace_all(r"[^a-z0-9]+", ".").str.strip_chars(".")
    domain = pick(("@example.com", "@example.org"), numbers)
    return local + "." + pl.Series(numbers).cast(pl.String) + domain


def phone_numbers(count: int, rng: np.random.Generator) -> pl.Series:
    """Numbers from ranges that reach nobody."""
    german = pick(PHONE_RANGES, rng.integers(0, len(PHONE_RANGES), count))
    return german + pl.Series(rng.integers(0, 1000, count)).cast(pl.String).str.zfill(3)


def places(country: Ints, number: Ints) -> pl.DataFrame:
    """Postal code, city, region and country of an address in each country, by its number."""
    dice = hashed(number, 106, 1 << 30) / (1 << 30)
    rest = pl.Series(hashed(number, 108, 1_000)).cast(pl.String).str.zfill(3)
    # The towns of all countries one behind the other: a country's first ones are larger.
    sizes = np.array([len(cities) for cities in CITIES])
    starts = np.cumsum(sizes) - sizes
    towns = tuple(city for cities in CITIES for city in cities)
    which = np.zeros(country.size, dtype=np.int64)
    for place, size in enumerate(sizes):
        weight = np.cumsum(1 / np.arange(1, size + 1))
        mine = country == place
        which[mine] = starts[place] + np.searchsorted(weight, dice[mine] * weight[-1], side="right")
    columns = [tuple(city[i] for city in towns) for i in range(3)]
    return pl.DataFrame(
        {
            "postal_code": pick(columns[2], which) + rest,
            "city": pick(columns[0], which),
            "region": pick(columns[1], which),
            "country_code": pick(tuple(land.code for land in COUNTRIES), country),
        }
    )


def legal_forms(number: Ints, country: Ints) -> pl.Series:
    """The legal form that belongs to each company by its number and country."""
    forms = tuple(form for forms in FORMS_OF for form in forms)
    return pick(forms, country * len(FORMS) + hashed(number, 154, len(FORMS)))


def languages(number: Ints, country: Ints) -> pl.Series:
    """The language each person is written to: mostly their country's."""
    dice = hashed(number, 155, 100)
    codes = (*(land.language for land in COUNTRIES), "en", "fr")
    french = np.where((country == SWITZERLAND) & (dice < 30), len(COUNTRIES) + 1, country)
    return pick(codes, np.where(dice >= 93, len(COUNTRIES), french))
