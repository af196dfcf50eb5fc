"""The countries of the marketplace, their storefronts, currencies and taxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Country:
    """A country that people buy in and sell from."""

    code: str  # ISO 3166-1 alpha-2
    language: str  # ISO 639-1
    storefront: int  # place in STOREFRONTS
    tax_basis_points: int  # standard rate of value added tax
    share_of_buyers: float
    share_of_vendors: float


@dataclass(frozen=True, slots=True)
class Storefront:
    """A shop in one currency; an order is placed in one of them and has its currency throughout."""

    currency_code: str  # ISO 4217
    price_level: float  # of a price list in this currency against the one in euros


STOREFRONTS = (Storefront("EUR", 1.0), Storefront("CHF", 1.02), Storefront("PLN", 4.3))
# Standard rates of 2026: European Commission, Taxes in Europe database; Switzerland: MWSTG art. 25.
COUNTRIES = (
    Country("DE", "de", 0, 1900, 0.70, 0.66),
    Country("AT", "de", 0, 2000, 0.12, 0.14),
    Country("CH", "de", 1, 810, 0.08, 0.08),
    Country("PL", "pl", 2, 2300, 0.10, 0.12),
)
BUYER_SHARES = np.array([country.share_of_buyers for country in COUNTRIES])
VENDOR_SHARES = np.array([country.share_of_vendors for country in COUNTRIES])
STOREFRONT_OF = np.array([country.storefront for country in COUNTRIES])
CURRENCY_CODES = tuple(shop.currency_code for shop in STOREFRONTS)
TAX_BASIS_POINTS = np.array([country.tax_basis_points for country in COUNTRIES])
UNIT_OF_STOREFRONT = np.array([1, 1, 4])  # what a euro's worth of a voucher is, in whole units
