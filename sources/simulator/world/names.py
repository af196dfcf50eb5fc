"""Invented names, addresses and numbers: nobody and nothing here exists.

E-mail addresses use the domains RFC 2606 reserves; phone numbers come from the ranges that the
Bundesnetzagentur sets aside for films (Mitteilung 148/2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints

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
CITIES = (
    ("Berlin", "Berlin", "10"), ("Hamburg", "Hamburg", "20"), ("München", "Bayern", "80"),
    ("Köln", "Nordrhein-Westfalen", "50"), ("Leipzig", "Sachsen", "04"),
    ("Dresden", "Sachsen", "01"),
    ("Stuttgart", "Baden-Württemberg", "70"), ("Erfurt", "Thüringen", "99"),
    ("Bremen", "Bremen", "28"), ("Nürnberg", "Bayern", "90"), ("Kiel", "Schleswig-Holstein", "24"),
    ("Mainz", "Rheinland-Pfalz", "55"),
)  # fmt: skip
CATEGORY_NAMES = (
    "Kitchen", "Garden", "Office supplies", "Power tools", "Lighting", "Textiles", "Outdoor",
    "Packaging", "Work wear", "Toys", "Electronics", "Books", "Furniture", "Cleaning",
    "Pet supplies",
    "Sports", "Safety", "Stationery", "Bathroom", "Bicycle parts", "Storage", "Music",
    "Coffee and tea", "Workshop",
)  # fmt: skip
PRODUCT_KINDS = (
    "set", "box", "lamp", "cover", "kit", "case", "rack", "holder", "bottle", "mat",
    "panel", "brush",
    "module", "pack", "frame", "stand",
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


def person_names(count: int, rng: np.random.Generator) -> pl.Series:
    """Names of people; some share theirs, as people do."""
    given = pick(GIVEN, rng.integers(0, len(GIVEN), count))
    return given + " " + pick(FAMILY, rng.integers(0, len(FAMILY), count))


def email_addresses(names: pl.Series, numbers: Ints) -> pl.Series:
    """One address per name on a reserved domain, unique by its number."""
    plain = names.str.to_lowercase().str.replace_many(
        ["ä", "ö", "ü", "ß"], ["ae", "oe", "ue", "ss"]
    )
    local = plain.str.replace_all(r"[^a-z0-9]+", ".").str.strip_chars(".")
    domain = pick(("@example.com", "@example.org"), numbers)
    return local + "." + pl.Series(numbers).cast(pl.String) + domain


def phone_numbers(count: int, rng: np.random.Generator) -> pl.Series:
    """Numbers from ranges that reach nobody."""
    german = pick(PHONE_RANGES, rng.integers(0, len(PHONE_RANGES), count))
    return german + pl.Series(rng.integers(0, 1000, count)).cast(pl.String).str.zfill(3)


def places(count: int, rng: np.random.Generator) -> pl.DataFrame:
    """Postal code, city, region and country of so many addresses."""
    weight = 1 / np.arange(1, len(CITIES) + 1)
    which = rng.choice(len(CITIES), count, p=weight / weight.sum())
    columns = [tuple(city[i] for city in CITIES) for i in range(3)]
    rest = pl.Series(rng.integers(0, 1000, count)).cast(pl.String).str.zfill(3)
    return pl.DataFrame(
        {
            "postal_code": pick(columns[2], which) + rest,
            "city": pick(columns[0], which),
            "region": pick(columns[1], which),
            "country_code": pl.repeat("DE", count, eager=True),
        }
    )
