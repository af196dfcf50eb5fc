"""Which identifiers each destination compares, in which form, and which of them it wants hashed.

The destinations differ in every line, so a column hashed once cannot serve two of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from pipelines.exporting.identifiers import texts
from pipelines.exporting.identifiers.hashing import Hash, as_hashed, check_unhashed, hashed
from pipelines.exporting.identifiers.texts import Reason, UnusableError


@dataclass(frozen=True, slots=True)
class Identifier:
    """One field of a destination: its form, how it is hashed, and the field it comes from.

    `form` gets the text and the person's country. `source` is the export's field.
    """

    source: str
    form: Callable[[str, str | None], str]
    hash: Hash | None = "sha256"


@dataclass(frozen=True, slots=True)
class Format:
    """The identifiers of a destination, by its own names, and which of them find a person."""

    identifiers: Mapping[str, Identifier]
    sufficient: tuple[frozenset[str], ...]

    def sources(self) -> frozenset[str]:
        """The export's fields that the format reads."""
        return frozenset(each.source for each in self.identifiers.values())

    def lasting(self, values: Mapping[str, str]) -> dict[str, str]:
        """Those of a person's identifiers that are hashed, and find it alone: what may be kept."""
        return {
            name: value
            for name, value in values.items()
            if self.identifiers[name].hash and frozenset({name}) in self.sufficient
        }


@dataclass(frozen=True, slots=True)
class Identified:
    """A person as a destination finds it: its identifiers, and what was unusable, by field.

    `person` are names and values of the first identifiers that find it alone, and empty where
    none do: two rows of the same person are one to the destination. `forms` are the texts of fields
    in the destination's form, before they are hashed.
    """

    values: Mapping[str, str]
    problems: Mapping[str, Reason]
    person: tuple[str, ...]
    forms: Mapping[str, str]

    @property
    def is_sufficient(self) -> bool:
        """Whether a person can be found by it."""
        return bool(self.person)

    @property
    def reason(self) -> Reason:
        """Why nobody can be found by it; the graver of several."""
        for grave in ("already_hashed", "not_hashed", "no_country_code"):
            if grave in self.problems.values():
                return grave
        return "invalid"


def identified(
    wanted: Format, fields: Mapping[str, str | None], *, hashes: bool = True
) -> Identified:
    """A person's identifiers for a destination; a field that is empty is left out.

    Args:
        wanted: the destination's format.
        fields: the export's fields, not hashed; with `hashes=False` hashed before they came here.
        hashes: whether they are hashed here.
    """
    values: dict[str, str] = {}
    problems: dict[str, Reason] = {}
    forms: dict[str, str] = {}
    for name, identifier in wanted.identifiers.items():
        text = fields.get(identifier.source)
        if text is None or not text.strip():
            continue
        try:
            values[name], form = _value(identifier, text, fields.get("country"), hashes=hashes)
            forms.setdefault(identifier.source, form)
        except UnusableError as error:
            problems[identifier.source] = error.reason
    finding = next((each for each in wanted.sufficient if each <= values.keys()), frozenset())
    person = tuple(text for name in sorted(finding) for text in (name, values[name]))
    return Identified(values, problems, person, forms)


def _value(
    identifier: Identifier, text: str, country: str | None, *, hashes: bool
) -> tuple[str, str]:
    """What is sent of a text, and its form; of what is hashed already nobody knows another."""
    if identifier.hash is None:
        form = identifier.form(text, country)
        return form, form
    if not hashes:
        return as_hashed(text, identifier.hash), text
    check_unhashed(text)
    form = identifier.form(text, country)
    return hashed(form, identifier.hash), form


def _alone(form: Callable[[str], str]) -> Callable[[str, str | None], str]:
    return lambda text, _country: form(text)


def _digits_of_phone(text: str, country: str | None) -> str:
    return texts.phone(text, country).removeprefix("+")


# https://developers.google.com/data-manager/api/devguides/concepts/formatting
GOOGLE: Final = Format(
    MappingProxyType(
        {
            "emailAddress": Identifier("email", _alone(texts.google_email)),
            "phoneNumber": Identifier("phone", texts.phone),
            "givenName": Identifier(
                "first_name", _alone(partial(texts.google_name, is_family_name=False))
            ),
            "familyName": Identifier(
                "last_name", _alone(partial(texts.google_name, is_family_name=True))
            ),
            "regionCode": Identifier("country", _alone(texts.country), None),
            "postalCode": Identifier("postal_code", _alone(texts.postal_code), None),
        }
    ),
    (
        frozenset({"emailAddress"}),
        frozenset({"phoneNumber"}),
        # An address counts with all of its parts:
        # https://developers.google.com/data-manager/api/reference/rest/v1/UserData
        frozenset({"givenName", "familyName", "regionCode", "postalCode"}),
    ),
)

# https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash and
# https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters
META: Final = Format(
    MappingProxyType(
        {
            "EMAIL": Identifier("email", _alone(texts.email)),
            "PHONE": Identifier("phone", _digits_of_phone),
            "FN": Identifier("first_name", _alone(texts.meta_name)),
            "LN": Identifier("last_name", _alone(texts.meta_name)),
            "CT": Identifier("city", _alone(texts.letters)),
            "ST": Identifier("state", _alone(texts.letters)),
            "ZIP": Identifier("postal_code", _alone(texts.meta_postal_code)),
            "COUNTRY": Identifier("country", lambda text, _: texts.country(text).lower()),
            "DOBY": Identifier("birth_date", _alone(partial(texts.birth_part, part=1))),
            "DOBM": Identifier("birth_date", _alone(partial(texts.birth_part, part=2))),
            "DOBD": Identifier("birth_date", _alone(partial(texts.birth_part, part=3))),
            "GEN": Identifier("gender", _alone(texts.gender)),
            "MADID": Identifier("mobile_id", lambda text, _: texts.own_id(text).lower(), None),
            "EXTERN_ID": Identifier("external_id", _alone(texts.own_id), None),
        }
    ),
    (
        frozenset({"EMAIL"}),
        frozenset({"PHONE"}),
        frozenset({"MADID"}),
        frozenset({"EXTERN_ID"}),
        frozenset({"FN", "LN", "ZIP", "COUNTRY"}),
        frozenset({"FN", "LN", "CT", "COUNTRY"}),
    ),
)

# https://mailchimp.com/developer/marketing/docs/methods-parameters/#path-parameters
MAILCHIMP: Final = Format(
    MappingProxyType({"subscriber_hash": Identifier("email", _alone(texts.email), "md5")}),
    (frozenset({"subscriber_hash"}),),
)
