"""What is searched for: words of the catalogue in the reader's language, and what nobody sells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE
from sources.simulator.chance import hashed
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.names import CATEGORY_NAMES
from sources.simulator.world.product_words import KINDS, PRODUCT_WORDS
from sources.simulator.world.visit_laws import UNSERVED, ZERO_RESULTS

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

LANGUAGES = ("de", "pl")
# In the order of CATEGORY_NAMES.
CATEGORY_WORDS = (
    (
        "küche", "garten", "bürobedarf", "elektrowerkzeug", "leuchten", "textilien", "outdoor",
        "verpackung", "arbeitskleidung", "spielzeug", "elektronik", "bücher", "möbel", "reinigung",
        "tierbedarf", "sport", "arbeitsschutz", "schreibwaren", "bad", "fahrradteile",
        "aufbewahrung", "musik", "kaffee und tee", "werkstatt",
    ),
    (
        "kuchnia", "ogród", "artykuły biurowe", "elektronarzędzia", "oświetlenie", "tekstylia",
        "turystyka", "opakowania", "odzież robocza", "zabawki", "elektronika", "książki", "meble",
        "sprzątanie", "dla zwierząt", "sport", "bhp", "papiernicze", "łazienka", "części rowerowe",
        "przechowywanie", "muzyka", "kawa i herbata", "warsztat",
    ),
)  # fmt: skip
UNSERVED_WORDS = (
    (
        "hängematte für katzen", "solarkocher", "mietgeräte", "gutschein", "lastenrad",
        "gebrauchte ware", "ersatzakku", "gravur",
    ),
    (
        "hamak dla kota", "kuchenka solarna", "wynajem", "karta podarunkowa", "rower cargo",
        "używane", "zamienny akumulator", "grawerowanie",
    ),
)  # fmt: skip
CATEGORY_ONLY = 0.55  # share of served searches for a category, the others add a kind of product
CATEGORIES, GAPS = len(CATEGORY_NAMES), len(UNSERVED_WORDS[0])
# Some gaps are asked for more than others: each is drawn by the square of a number below one.
UNSERVED_SHARES = np.diff(np.sqrt(np.arange(GAPS + 1) / GAPS))
PER_LANGUAGE = CATEGORIES * (KINDS + 2) + GAPS


def all_terms() -> pl.DataFrame:
    """Every term by its place: language, kind of term, and place of the category it asks for."""
    rows: list[tuple[str, str, str, int]] = []
    for column, (language, categories, gaps) in enumerate(
        zip(LANGUAGES, CATEGORY_WORDS, UNSERVED_WORDS, strict=True), start=1
    ):
        for place, category in enumerate(categories):
            kinds = [words[column] for words in PRODUCT_WORDS[place]]
            rows.append((category, language, "category", place))
            rows += [(f"{kind} {category}", language, "product", place) for kind in kinds]
            rows.append((misspelt(category), language, "misspelt", place))
        rows += [(gap, language, "unserved", NOWHERE) for gap in gaps]
    return pl.DataFrame(rows, ["search_term", "language", "kind", "category"], orient="row")


def misspelt(word: str) -> str:
    """Words with a slip in the last: a letter left out, two changed over, or one hit twice."""
    before, space, last = word.rpartition(" ")
    middle = len(last) // 2
    begin, end = last[: middle - 1], last[middle + 1 :]
    first, second = last[middle - 1], last[middle]
    slip = (first, second + first, first + second + second)[len(last) % 3]
    return before + space + begin + slip + end


def choose_terms(
    world: World, category: Ints, country: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """The place of a term for each search in a category, and how many results it has."""
    speaks = np.array([LANGUAGES.index(law.language) for law in COUNTRIES])[country]
    dice = rng.random((3, category.size))
    word = category % CATEGORIES
    base = speaks * PER_LANGUAGE
    gap = (GAPS * dice[2] ** 2).astype(np.int64)
    kind = np.where(dice[1] < CATEGORY_ONLY, 0, 1 + (dice[2] * KINDS).astype(np.int64))
    finds = dice[0] >= ZERO_RESULTS
    lacks = dice[0] < ZERO_RESULTS * UNSERVED
    served = base + word * (KINDS + 2) + np.where(finds, kind, KINDS + 1)
    term = np.where(lacks, base + CATEGORIES * (KINDS + 2) + gap, served)
    held = np.diff(world.products.category_bounds)[category]
    part = 1 + hashed(term, 181, 1000) % np.maximum(held // 4, 1)
    return term, np.where(finds, np.where(kind == 0, np.maximum(held, 1), part), 0)
