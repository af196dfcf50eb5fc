"""Names, addresses and numbers of people in the one form that a destination compares.

Each function takes a text as somebody wrote it and returns it in that form, or raises
`UnusableError` with the reason; the text itself is in no error.
"""

import re
from typing import Final, Literal

import phonenumbers

# `already_hashed`, `not_hashed`: see hashing.py.
Reason = Literal["invalid", "no_country_code", "already_hashed", "not_hashed"]

# https://developers.google.com/data-manager/api/devguides/concepts/formatting: dots before the @
# and what follows a plus sign count nowhere but at these two.
_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_COUNTRY: Final = re.compile("[A-Z]{2}")
_TITLE: Final = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof)\.?\s+")
_SUFFIX: Final = re.compile(r"(?:,\s*|\s+)(?:jr|sr|ii|iii|iv)\.?$")
_ASCII_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_BIRTH_DATE: Final = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class UnusableError(ValueError):
    """A text cannot be brought into the form; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        """Take why."""
        self.reason: Reason = reason
        super().__init__(reason)


def email(text: str) -> str:
    """An e-mail address in lower case without spaces around it, as Meta and Mailchimp compare."""
    address = text.strip().lower()
    if not _MAIL.fullmatch(address):
        raise UnusableError("invalid")
    return address


def google_email(text: str) -> str:
    """An e-mail address as Google compares: without any space, gmail's dots and `+suffix`."""
    local, at, domain = email("".join(text.split())).partition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    if not local:
        raise UnusableError("invalid")
    return f"{local}{at}{domain}"


def phone(text: str, country: str | None) -> str:
    """A phone number in E.164 (ITU-T), `+4930123456`.

    A number in national form is one of the `country`, an ISO code of two letters; without it
    nobody knows whose it is, and it is `no_country_code`.
    """
    region = (country or "").strip().upper()
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(text, known)
    except phonenumbers.NumberParseException as error:
        is_national = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        raise UnusableError(
            "no_country_code" if is_national and not text.strip().startswith("+") else "invalid"
        ) from None
    if not phonenumbers.is_valid_number(number):
        raise UnusableError("invalid")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def google_name(text: str, *, is_family_name: bool) -> str:
    """A name in lower case without title or suffix (`Mrs.`, `Jr.`), as Google compares."""
    name = text.strip().lower()
    return _some((_SUFFIX if is_family_name else _TITLE).sub("", name).strip())


def meta_name(text: str) -> str:
    """A name in lower case without ASCII punctuation; accents stay, as Meta compares."""
    return _some(_ASCII_PUNCTUATION.sub("", text).strip().lower())


def country(text: str) -> str:
    """A country's code of two capital letters (ISO 3166-1 alpha-2)."""
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise UnusableError("invalid")
    return code


def postal_code(text: str) -> str:
    """A postal code without spaces around it."""
    return _some(text.strip())


def meta_postal_code(text: str) -> str:
    """A postal code in lower case without spaces and dashes, as Meta compares."""
    return _some(re.sub(r"[\s-]", "", text).lower())


def letters(text: str) -> str:
    """The letters alone, in lower case: a city or a state as Meta compares."""
    return _some("".join(each for each in text.lower() if each.isalpha()))


def birth_part(text: str, part: int) -> str:
    """Year, month or day (1, 2, 3) of a date as it is written in ISO 8601."""
    found = _BIRTH_DATE.fullmatch(text.strip())
    if not found:
        raise UnusableError("invalid")
    return found.group(part)


def gender(text: str) -> str:
    """`f` or `m`, as Meta compares."""
    initial = text.strip().lower()[:1]
    if initial not in {"f", "m"}:
        raise UnusableError("invalid")
    return initial


def own_id(text: str) -> str:
    """An id of ours or of a device, without spaces around it."""
    return _some(text.strip())


def _some(text: str) -> str:
    if not text:
        raise UnusableError("invalid")
    return text
