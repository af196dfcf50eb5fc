"""Who of an audience a destination can find, counted before anything is uploaded.

Each row is of exactly one class, so the classes add up to the rows; of several that apply the first
in the order of `CLASSES` counts. A sample shows the shape of a text and no character of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from pipelines.exporting.identifiers.formats import Format, Identified, identified
from pipelines.exporting.identifiers.texts import Reason

RowClass = Literal[
    "suppressed",
    "blocked",
    "already_hashed",
    "not_hashed",
    "no_country_code",
    "invalid",
    "duplicate",
    "valid",
]
CLASSES: Final[tuple[RowClass, ...]] = get_args(RowClass)
# What the destination would not find, or find twice: the sender's mistake, so nothing may leave.
_MISTAKES: Final[tuple[Reason, ...]] = ("already_hashed", "not_hashed")
# Spellings that the form makes good: the rows are valid.
Corrected = Literal["upper_case", "white_space", "gmail_alias", "national_phone", "phone_format"]
_SAMPLES: Final = 5


@dataclass(slots=True)
class FieldQuality:
    """How many values of a field are valid, missing or unusable, why, and what was made good.

    `examples` are shapes before and after, of the first value that was corrected so.
    """

    valid: int = 0
    missing: int = 0
    unusable: Counter[Reason] = field(default_factory=Counter)
    corrected: Counter[Corrected] = field(default_factory=Counter)
    examples: dict[Corrected, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """A row that is not valid: its key and class, and a field's shape (`Xxxx@xxx.xx`).

    `field` is the first that is unusable, else the first there is; empty where there is none.
    """

    key: str
    row_class: RowClass
    field: str
    shape: str


@dataclass(slots=True)
class Matchability:
    """What a destination would make of an audience.

    `added` and `unchanged` add up to the valid rows; `removed` are keys that the destination has
    and that are not valid rows any more.
    """

    rows: Counter[RowClass] = field(default_factory=Counter)
    fields: dict[str, FieldQuality] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    added: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def must_not_leave(self) -> bool:
        """Whether a field is hashed that should not be, or the other way round, in any row."""
        return any(
            quality.unusable[mistake] for quality in self.fields.values() for mistake in _MISTAKES
        )


def matchability(
    wanted: Format,
    rows: Iterable[tuple[str, Mapping[str, str | None]]],
    *,
    blocked: Collection[str] = (),
    suppressed: Collection[str] = (),
    held: Collection[str] = (),
    hashes: bool = True,
) -> Matchability:
    """The classes of an audience's rows and fields for a destination.

    Args:
        wanted: the destination's format.
        rows: key and fields of each, as mapped and not hashed.
        blocked: the keys without consent.
        suppressed: the keys of those who objected.
        held: the keys that the destination has.
        hashes: whether the fields are hashed here, and not before.
    """
    report = Matchability(fields={name: FieldQuality() for name in sorted(wanted.sources())})
    seen: set[tuple[str, ...]] = set()
    valid: set[str] = set()
    for key, fields in rows:
        found = identified(wanted, fields, hashes=hashes)
        row_class = _class(key, found, seen, blocked, suppressed)
        report.rows[row_class] += 1
        _count_fields(report, found, fields)
        if row_class == "valid":
            valid.add(key)
        else:
            _sample(report, key, row_class, found, fields)
    report.unchanged = len(valid.intersection(held))
    report.added = len(valid) - report.unchanged
    report.removed = len(set(held) - valid)
    return report


def shape_of(text: str) -> str:
    """A text with x, X and 9 for its letters and digits: `+49 171` is `+99 999`."""
    return "".join(
        "9" if each.isdigit() else "X" if each.isupper() else "x" if each.isalpha() else each
        for each in text
    )


def _class(
    key: str,
    found: Identified,
    seen: set[tuple[str, ...]],
    blocked: Collection[str],
    suppressed: Collection[str],
) -> RowClass:
    if key in suppressed:
        return "suppressed"
    if key in blocked:
        return "blocked"
    if not found.is_sufficient:
        return found.reason
    if found.person in seen:
        return "duplicate"
    seen.add(found.person)
    return "valid"


def _count_fields(
    report: Matchability, found: Identified, fields: Mapping[str, str | None]
) -> None:
    for name, quality in report.fields.items():
        text = fields.get(name) or ""
        if not text.strip():
            quality.missing += 1
        elif name in found.problems:
            quality.unusable[found.problems[name]] += 1
        else:
            quality.valid += 1
            form = found.forms[name]
            for correction in _corrections(name, text, form):
                quality.corrected[correction] += 1
                if correction not in quality.examples:
                    quality.examples[correction] = shape_of(text), shape_of(form)


def _corrections(name: str, text: str, form: str) -> list[Corrected]:
    """What the form changed in the spelling of a valid field."""
    found: list[Corrected] = []
    if text != text.strip():
        found.append("white_space")
    if text != text.lower() and form == form.lower():
        found.append("upper_case")
    if name == "email" and form.partition("@")[0] != text.strip().lower().partition("@")[0]:
        found.append("gmail_alias")
    if name == "phone" and not text.strip().startswith("+"):
        found.append("national_phone")
    elif name == "phone" and text.strip().removeprefix("+") != form.removeprefix("+"):
        found.append("phone_format")
    return found


def _sample(
    report: Matchability,
    key: str,
    row_class: RowClass,
    found: Identified,
    fields: Mapping[str, str | None],
) -> None:
    if sum(each.row_class == row_class for each in report.samples) >= _SAMPLES:
        return
    given = (name for name in report.fields if (fields.get(name) or "").strip())
    name = next(iter(found.problems), next(given, ""))
    report.samples.append(Sample(key, row_class, name, shape_of(fields.get(name) or "")))
