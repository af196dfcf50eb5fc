"""What of an audience's fields was corrected and what is unusable, as shapes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.components import tables
from dashboards.components.tables import Column
from dashboards.exports import Correction, Quality, Unfound
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

if TYPE_CHECKING:
    from dashboards.queries.reader import Row

_FIELDS: Mapping[str, Message] = {
    "email": message("E-mail"),
    "phone": message("Phone"),
    "first_name": message("First name"),
    "last_name": message("Last name"),
    "city": message("City"),
    "state": message("State or province"),
    "postal_code": message("Postal code"),
    "country": message("Country"),
    "birth_date": message("Date of birth"),
    "gender": message("Gender"),
    "mobile_id": message("ID of a mobile device"),
    "external_id": message("ID of ours"),
}
_CORRECTIONS: Mapping[str, Message] = {
    "white_space": message("Spaces around it removed"),
    "upper_case": message("Put in lower case"),
    "gmail_alias": message("Dots and suffix of Gmail removed"),
    "national_phone": message("Country code added"),
    "phone_format": message("Put in the international format"),
}
# So that a space at an end is seen.
_SPACE = "\u2423"


def show(words: Words, quality: Quality, classes: Mapping[str, Message]) -> None:
    """Show corrections by field, and samples of what finds nobody; nothing where there is none."""
    if quality.corrections:
        _show_corrections(words, quality.corrections)
    if quality.samples:
        _show_samples(words, quality.samples, classes)
    if quality.corrections or quality.samples:
        st.caption(
            words.text(
                "Masked: X and x stand for letters, 9 for digits, {space} for a space.",
                space=_SPACE,
            )
        )


def _show_corrections(words: Words, corrections: Sequence[Correction]) -> None:
    rows: list[Row] = [{"each": each} for each in corrections]
    columns = [
        Column(
            words.text("Field"),
            lambda row: words.code(_FIELDS, row["each"].field),
            "strong",
            place="id",
        ),
        Column(
            words.text("Corrected"),
            lambda row: words.code(_CORRECTIONS, row["each"].correction),
            place="state",
        ),
        Column(
            words.text("Number"),
            lambda row: words.number(row["each"].count),
            "number",
            place="amount",
        ),
        Column(words.text("Example before"), lambda row: _masked(row["each"].before), place="due"),
        Column(words.text("Example after"), lambda row: _masked(row["each"].after)),
    ]
    tables.show(columns, rows, caption=words.text("What was corrected"))


def _show_samples(words: Words, samples: Sequence[Unfound], classes: Mapping[str, Message]) -> None:
    rows: list[Row] = [{"each": each} for each in samples]
    columns = [
        Column(
            words.text("Reason"),
            lambda row: words.code(classes, row["each"].row_class),
            "strong",
            place="id",
        ),
        Column(
            words.text("Field"),
            lambda row: words.code(_FIELDS, row["each"].field) if row["each"].field else NOTHING,
        ),
        Column(words.text("Example"), lambda row: _masked(row["each"].shape), place="due"),
    ]
    tables.show(columns, rows, caption=words.text("Samples of who cannot be found"))


def _masked(shape: str) -> str:
    return shape.replace(" ", _SPACE) or NOTHING
