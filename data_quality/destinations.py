"""What may leave, by destination: the folder below `exports/`, with its rules in one table."""

import re
from dataclasses import dataclass


class UnknownDestination(ValueError):  # noqa: N818 - the sentence says the rest
    """Something leaves for a destination for which no rules are written down."""


@dataclass(frozen=True, slots=True)
class Destination:
    """What may leave for a kind of recipient; `folders` is a pattern of the whole name.

    Where personal data may leave at all, it does only in columns that are marked with
    `meta: {pii: true}`; what looks like it anywhere else stops the publication.
    """

    folders: str
    allows_personal_data: bool
    # Rows are one vendor's own: a vendor_id in each, nobody else's id, no small groups of people.
    is_one_vendors: bool
    # Rates are read as shares of one; other recipients may want per cent or points.
    has_shares_of_one: bool
    # Addresses and numbers in free text are masked on their way out, and a warning; where nothing
    # masks them they stop the publication.
    masks_contact_details: bool


DESTINATIONS = (
    Destination(
        folders=r"vendor",
        allows_personal_data=False,
        is_one_vendors=True,
        has_shares_of_one=True,
        masks_contact_details=True,
    ),
    Destination(
        folders=r"marketing/[a-z_]+",
        allows_personal_data=True,
        is_one_vendors=False,
        has_shares_of_one=False,
        masks_contact_details=False,
    ),
)


def destination_of(name: str) -> Destination:
    """The rules of a destination, by its folder below `exports/`.

    Raises:
        UnknownDestination: no rules are written down for it, so nothing may leave for it.
    """
    for destination in DESTINATIONS:
        if re.fullmatch(destination.folders, name):
            return destination
    known = ", ".join(destination.folders for destination in DESTINATIONS)
    raise UnknownDestination(
        f"exports/{name} is no destination that data_quality/destinations.py knows; "
        f"it knows {known}"
    )
