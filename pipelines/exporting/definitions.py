"""What a file in `exports/<marketplace>` may say, as models: an export, and a destination.

An export says who (a segment), where to (a destination), for what (purpose and channel of the
consent it rests on), and what of each person (fields).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from operations.segments.vocabulary import SubjectKind
from pipelines.exporting.destination import Limits
from sources.expressions import columns_of, parsed

Mode = Literal["mirror", "add_only", "remove_only", "full_file"]
# Those of the contract of consents but vendor_sharing, since no vendor is sent addresses; and what
# a vendor's contract and a lead's enquiry are about (mart_business_contactability).
Purpose = Literal[
    "marketing",
    "analytics",
    "personalisation",
    "profiling",
    "third_party_ads",
    "vendor_contract",
    "lead_enquiry",
]
Channel = Literal["email", "phone", "post", "sms", "push", "ads", "any"]
# Who decides alone what becomes of the data is told only what people let third parties know.
_FOR_THIRD_PARTIES: Final[frozenset[Purpose]] = frozenset({"third_party_ads"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_. -]{0,59}", re.ASCII)
# What a plan notes of each row beside its fields (people.py, plan.py).
_OF_PLANS = frozenset(
    {
        *("row_key", "consent_version", "is_member", "is_holdout", "was_sent", "times", "reason"),
        *("content_hash", "sent_hash", "is_certain", "is_wanted", "change", "operation"),
        "is_held_out",
    }
)
_CRON_PART = r"(\*|[0-9A-Za-z]+([-,][0-9A-Za-z]+)*)(/[0-9]+)?"
_CRON = re.compile(rf"{_CRON_PART}( {_CRON_PART}){{4}}", re.ASCII)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)


def name_problem(name: str) -> str | None:
    """What is wrong with the name of a file here, if anything."""
    if _NAME.fullmatch(name):
        return None
    return "name the file in lower-case letters, digits and _, starting with a letter, 40 at most"


def _plain_column(value: str) -> str:
    if not _COLUMN.fullmatch(value):
        raise ValueError("use letters, digits, space, _ . and -, starting with a letter")
    if value.lower() in _OF_PLANS:
        raise ValueError(f"a plan has a column {value.lower()} of its own; call it otherwise")
    return value


def _plain_cron(value: str) -> str:
    if not _CRON.fullmatch(value):
        raise ValueError('write five parts, like "30 6 * * 1": minute, hour, day, month, weekday')
    return value


def _plain_variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise ValueError(
            "name a variable of the environment, like MAILING_KEY; no secret stands here"
        )
    return value


def _plain_expression(value: str) -> str:
    parsed(value)
    return value


@dataclass(frozen=True, slots=True)
class Buyers:
    """Whose buyers are sent, and which group of them: `all`, a segment's code, or nobody."""

    vendor_id: str
    group_id: str


class _FromFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Computed(_FromFile):
    """A field that is computed from others, in the language of mappings."""

    expression: Annotated[str, AfterValidator(_plain_expression)]

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields it reads."""
        return tuple(columns_of(parsed(self.expression)))


class Guards(_FromFile):
    """How much may change at once before somebody is asked, as shares of what was sent."""

    change: Annotated[Decimal, Field(gt=0, le=10)] = Decimal("0.5")
    removed: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.2")


class Cap(_FromFile):
    """How many exports may newly address a person within some days, over all exports."""

    contacts: Annotated[int, Field(ge=1)]
    within_days: Annotated[int, Field(ge=1, le=366)]


class Offer(_FromFile):
    """What an export offers, and for how many days at least its stock has to last."""

    vendor_id: str
    product_id: str
    least_days_of_cover: Annotated[int, Field(ge=1, le=366)] = 7


def _source_of(value: Any) -> Any:
    return value if isinstance(value, str | dict | Computed) else str(value)


Source = Annotated[str | Computed, BeforeValidator(_source_of)]
Column = Annotated[str, AfterValidator(_plain_column)]


class Export(_FromFile):
    """An export as its file says it."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    # Whose members are sent; or, instead, the buyers for whom vendors asked and somebody approved.
    segment: str = ""
    for_vendors: bool = False
    subject: SubjectKind = "customer"
    destination: str
    mode: Mode = "mirror"
    purpose: Purpose
    channel: Channel
    fields: Annotated[dict[Column, Source], Field(min_length=1, max_length=60)]
    guards: Guards = Guards()
    approval: Literal["guards", "always"] = "guards"
    cap: Cap | None = None
    offer: Offer | None = None
    # The row that a test sends: somebody of ours, by the names of the fields.
    seed: dict[Column, str] = {}
    cron: Annotated[str, AfterValidator(_plain_cron)] | None = None
    is_enabled: bool = True

    @model_validator(mode="after")
    def _is_of_a_segment_or_of_vendors_buyers(self) -> "Export":
        if bool(self.segment) == self.for_vendors:
            raise ValueError("name a segment, or write for_vendors: true, and not both")
        if self.for_vendors and self.subject != "customer":
            raise ValueError("vendors ask for buyers, so the subject is customer")
        return self

    @model_validator(mode="after")
    def _seed_has_its_columns(self) -> "Export":
        if unknown := sorted(set(self.seed) - set(self.fields)):
            raise ValueError(f"seed: {', '.join(unknown)} is no field of this export")
        return self


class GivenLimits(_FromFile):
    """Limits below those that the kind of destination has by itself."""

    rows_per_request: Annotated[int, Field(ge=1)] | None = None
    requests_per_second: Annotated[float, Field(gt=0)] | None = None

    def within(self, own: Limits) -> Limits:
        """The lower of each; a file that is replaced as a whole still goes in one request."""
        rows = own.rows_per_request
        if rows is not None and self.rows_per_request is not None:
            rows = min(rows, self.rows_per_request)
        rates = [each for each in (own.requests_per_second, self.requests_per_second) if each]
        return Limits(rows, min(rates, default=None), own.bytes_per_request)


class DestinationFile(_FromFile):
    """A destination as its file says it; `settings` are checked by its kind."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    kind: str
    settings: dict[str, Any] = {}
    secrets: dict[str, Annotated[str, AfterValidator(_plain_variable)]] = {}
    limits: GivenLimits = GivenLimits()
    # What may be sent, and by which way of reaching people: nothing else is.
    consent: Annotated[dict[Purpose, tuple[Channel, ...]], Field(min_length=1)]
    # A processor does with the data what we tell it; a third party what it wants.
    recipient: Literal["processor", "third_party"] = "processor"
    # No segment may be sent whose rule asks for these categories (special categories, GDPR art. 9).
    blocked_categories: tuple[str, ...] = ()
    is_enabled: bool = True

    @model_validator(mode="after")
    def _third_parties_get_what_was_shared(self) -> "DestinationFile":
        if self.recipient == "third_party" and (other := set(self.consent) - _FOR_THIRD_PARTIES):
            raise ValueError(
                f"consent: {', '.join(sorted(other))} does not let a third party have the data; "
                f"only {', '.join(_FOR_THIRD_PARTIES)} does"
            )
        return self

    def allows(self, purpose: str, channel: str) -> bool:
        """Whether anything may be sent here for a purpose and a channel."""
        return any(
            known == purpose and channel in channels for known, channels in self.consent.items()
        )
