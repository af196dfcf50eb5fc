"""Hashes of identifiers against the values that the destinations publish."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.exporting.identifiers.formats import GOOGLE, MAILCHIMP, META, identified
from pipelines.exporting.identifiers.hashing import hashed, looks_hashed
from pipelines.exporting.identifiers.texts import UnusableError, google_email, phone

JOHN = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
# Gmail's dots and suffix, as Google's page prescribes them; the sums are `sha256sum`'s.
CLOUDY = "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4"
USER_NAME = "f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac"


@pytest.mark.parametrize(
    ("name", "fields", "digest"),
    [
        ("EMAIL", {"email": " John_Smith@gmail.com "}, JOHN),
        (
            "PHONE",
            {"phone": "(650)555-1212", "country": "us"},
            "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
        ),
        (
            "FN",
            {"first_name": "Mary"},
            "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec",
        ),
        (
            "FN",
            {"first_name": "Valéry"},
            "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c",
        ),
        (
            "FN",
            {"first_name": "정"},
            "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14",
        ),
    ],
)
def test_meta_hashes_are_those_of_its_page_of_parameters(
    name: str, fields: dict[str, str], digest: str
) -> None:
    # developers.facebook.com/docs/marketing-api/conversions-api/parameters/
    # customer-information-parameters
    assert identified(META, fields).values[name] == digest


@pytest.mark.parametrize(
    ("given_email", "digest"),
    [
        (" cloudy.sanfrancisco+shopping@gmail.com", CLOUDY),
        ("Cloudy SanFrancisco@Gmail.com", CLOUDY),
        ("user.name+NYC@Example.com", USER_NAME),
    ],
)
def test_google_drops_dots_and_suffix_at_gmail_and_nowhere_else(
    given_email: str, digest: str
) -> None:
    # developers.google.com/data-manager/api/devguides/concepts/formatting
    assert identified(GOOGLE, {"email": given_email}).values["emailAddress"] == digest


def test_meta_keeps_the_dots_that_google_drops() -> None:
    assert identified(META, {"email": "j.doe@gmail.com"}).values["EMAIL"] == hashed(
        "j.doe@gmail.com", "sha256"
    )
    assert google_email("j.doe@gmail.com") == "jdoe@gmail.com"


def test_a_national_number_becomes_the_one_that_googles_page_shows() -> None:
    assert phone("(800)555-0100", "US") == "+18005550100"


def test_google_wants_the_plus_sign_and_meta_the_digits_alone() -> None:
    fields = {"phone": "+1 650 555 1212"}

    google, meta = (identified(each, fields).values for each in (GOOGLE, META))

    assert google["phoneNumber"] == hashlib.sha256(b"+16505551212").hexdigest()
    assert meta["PHONE"] == hashlib.sha256(b"16505551212").hexdigest()


def test_mailchimps_key_is_the_one_of_its_guide() -> None:
    # developer.mailchimp.com/documentation/mailchimp/guides/
    # manage-subscribers-with-the-mailchimp-api
    values = identified(MAILCHIMP, {"email": "Urist.McVankab@freddiesjokes.com"}).values

    assert values == {"subscriber_hash": "62eeb292278cc15f5817cb78f7790b08"}


def test_google_gets_country_and_postal_code_as_they_are_and_meta_gets_them_hashed() -> None:
    fields = {
        "country": "de",
        "postal_code": "SW1A 2-AA",
        "first_name": "Dr. Ann",
        "last_name": "X",
    }

    google, meta = (identified(each, fields).values for each in (GOOGLE, META))

    assert (google["regionCode"], google["postalCode"]) == ("DE", "SW1A 2-AA")
    assert google["givenName"] == hashed("ann", "sha256")
    assert meta["COUNTRY"] == hashed("de", "sha256")
    assert meta["ZIP"] == hashed("sw1a2aa", "sha256")


def test_a_birth_date_is_hashed_in_three_parts() -> None:
    values = identified(META, {"birth_date": "1987-03-09"}).values

    assert [values[name] for name in ("DOBY", "DOBM", "DOBD")] == [
        hashed(part, "sha256") for part in ("1987", "03", "09")
    ]


@pytest.mark.parametrize(
    "text", [JOHN, JOHN.upper(), "tMmiiTI7IaAcPpQPFQ65uMVCWH8av9jw4cwf/F5HVRQ="]
)
def test_what_is_hashed_already_is_not_hashed_once_more(text: str) -> None:
    found = identified(GOOGLE, {"email": text})

    assert not found.values
    assert found.reason == "already_hashed"


def test_what_should_have_come_hashed_and_did_not_is_refused_and_what_did_passes() -> None:
    plain = identified(META, {"email": "john_smith@gmail.com"}, hashes=False)
    digest = identified(META, {"email": JOHN.upper()}, hashes=False)

    assert (plain.reason, plain.is_sufficient) == ("not_hashed", False)
    assert digest.values == {"EMAIL": JOHN}


@given(st.text())
def test_whatever_is_hashed_looks_hashed(text: str) -> None:
    encodable = text.encode("utf-8", "ignore").decode()

    assert looks_hashed(hashed(encodable, "sha256"))
    assert looks_hashed(hashed(encodable, "md5"))


@given(st.text(), st.sampled_from([None, "DE", "", "Germany", "US"]))
def test_a_text_that_is_no_number_is_refused_with_a_reason_and_nothing_else(
    text: str, country: str | None
) -> None:
    try:
        number = phone(text, country)
    except UnusableError as error:
        number = error.reason

    assert number in {"invalid", "no_country_code"} or number.removeprefix("+").isdigit()
