"""What a destination could match of an audience, before anything is uploaded."""

from pipelines.exporting.identifiers.formats import GOOGLE, META
from pipelines.exporting.identifiers.hashing import hashed
from pipelines.exporting.identifiers.matchability import matchability, shape_of

AUDIENCE = [
    ("valid", {"email": "ann@example.com"}),
    ("upper", {"email": "BEA@Example.com"}),
    ("dots", {"email": "c.d+x@gmail.com"}),
    ("again", {"email": "cd@googlemail.com"}),
    ("same", {"email": "cd@gmail.com"}),
    ("national", {"phone": "0171 2345678"}),
    ("national_with_country", {"phone": "0171 2345678", "country": "DE"}),
    ("short", {"phone": "+49 1"}),
    ("hashed", {"email": hashed("dan@example.com", "sha256")}),
    ("nothing", {"email": " "}),
    ("blocked", {"email": "eve@example.com"}),
    ("objected", {"email": "fay@example.com"}),
]


def test_every_known_mistake_has_its_class_and_the_classes_add_up_to_the_rows() -> None:
    report = matchability(
        GOOGLE, AUDIENCE, blocked={"blocked", "objected"}, suppressed={"objected"}
    )

    assert report.rows == {
        # ann, bea, cd@gmail.com, cd@googlemail.com, and the number that has a country
        "valid": 5,
        "duplicate": 1,  # cd@gmail.com is c.d+x@gmail.com
        "no_country_code": 1,
        "invalid": 2,  # too short, and nothing at all
        "already_hashed": 1,
        "blocked": 1,
        "suppressed": 1,
    }
    assert report.rows.total() == len(AUDIENCE)
    assert report.must_not_leave


def test_spellings_that_the_form_makes_good_are_counted_for_their_field() -> None:
    fields = matchability(GOOGLE, AUDIENCE).fields

    assert fields["email"].corrected == {"upper_case": 1, "gmail_alias": 1}
    assert fields["phone"].corrected == {"national_phone": 1}
    assert fields["phone"].unusable == {"no_country_code": 1, "invalid": 1}
    for quality in fields.values():
        assert quality.valid + quality.missing + quality.unusable.total() == len(AUDIENCE)


def test_a_correction_is_what_the_destinations_own_form_changed_with_a_masked_example() -> None:
    written = [
        ("a", {"email": " Ann@Example.com", "phone": "+49 30 901820"}),
        ("b", {"email": "b.e@gmail.com", "phone": "030 901820", "country": "DE"}),
    ]

    google, meta = (matchability(each, written).fields for each in (GOOGLE, META))

    assert google["email"].corrected == {"white_space": 1, "upper_case": 1, "gmail_alias": 1}
    assert google["email"].examples["white_space"] == (" Xxx@Xxxxxxx.xxx", "xxx@xxxxxxx.xxx")
    assert google["phone"].corrected == {"phone_format": 1, "national_phone": 1}
    assert google["phone"].examples["national_phone"] == ("999 999999", "+9999999999")
    # Meta keeps gmail's dots
    assert meta["email"].corrected == {"white_space": 1, "upper_case": 1}


def test_what_is_added_and_what_stays_are_the_valid_rows_and_the_rest_of_the_held_is_removed() -> (
    None
):
    held = {"valid", "upper", "blocked", "gone"}

    report = matchability(GOOGLE, AUDIENCE, blocked={"blocked"}, held=held)

    assert (report.added, report.unchanged, report.removed) == (4, 2, 2)
    assert report.added + report.unchanged == report.rows["valid"]


def test_a_sample_shows_the_shape_and_nothing_of_the_text() -> None:
    report = matchability(GOOGLE, AUDIENCE)

    shapes = {each.key: each.shape for each in report.samples}
    assert shapes["national"] == "9999 9999999"
    assert shapes["same"] == "xx@xxxxx.xxx"
    assert shape_of("Ann.Lee+1@Gmail.com") == "Xxx.Xxx+9@Xxxxx.xxx"


def test_a_hundred_bad_rows_leave_five_samples_of_their_class() -> None:
    rows = [(str(number), {"phone": "0171"}) for number in range(100)]

    report = matchability(GOOGLE, rows)

    assert len(report.samples) == 5
    assert report.rows == {"no_country_code": 100}
