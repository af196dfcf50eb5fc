"""What somebody may search for without leaving a person's address in the browser's history."""

import pytest

from dashboards.listings.filters import looks_personal


@pytest.mark.parametrize(
    ("text", "is_personal"),
    [
        ("erika@kanarie.example", True),
        ("  Erika <erika@kanarie.example>", True),
        ("+491751234567", True),
        ("0049 175 1234567", True),
        ("(030) 123 45 67", True),
        ("030/1234567", True),
        ("01751234567", True),
        ("O-100021", False),
        ("o-0", False),
        ("100021", False),
        ("4500012345", False),
        ("000123456", False),
        ("0012345678", False),
        ("2025-06-30", False),
        ("b81ef226f3fe1789b1e8b2acac839d17", False),
        ("53cdb2fc8bc7dce0b6741e2150273451", False),
        ("Löwe & Söhne 24", False),
        ("#1001", False),
        ("@", False),
        ("%", False),
    ],
)
def test_addresses_and_phone_numbers_are_told_from_ids_and_names(
    text: str, is_personal: bool
) -> None:
    assert looks_personal(text) == is_personal
