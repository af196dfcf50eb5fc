"""What of a customer, vendor or lead may leave, by name, and the SQL of it.

Addresses are read from what arrived, and are in no published file. What people said of themselves
(gender, age, birthday) they allowed for offers of ours, so it is no field: nobody is sent it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from operations.segments.vocabulary import SUBJECTS, SubjectKind
from pipelines.exporting.definitions import Computed, Export
from sources.expressions import parsed
from sources.parsing.computed import NOT_COMPUTABLE, Computing
from sources.parsing.numerals import Separators
from sources.sql import identifier, literal

_WITHHELD: Final = {"gender", "age_band", "next_birthday_date"}
# Of a company's contact the contact's own; of whom there is no contact the customer's.
_NAME: Final = "coalesce(contacts.name, customers.customer_name)"
_PERSON: Final = "(contacts.contact_id is not null or customers.customer_type = 'consumer')"
_COMPANY: Final = "customers.customer_type <> 'consumer'"
_OF_CUSTOMERS: Final = {
    "customer_id": "people.row_key",
    "contact_id": "people.contact_id",
    "email": "case when people.contact_id is null then records.email else contacts.email end",
    "phone": "case when people.contact_id is null then records.phone else contacts.phone end",
    "name": _NAME,
    "first_name": (
        f"case when {_PERSON} then nullif(regexp_extract({_NAME}, '^(.*) [^ ]+$', 1), '') end"
    ),
    "last_name": f"case when {_PERSON} then regexp_extract({_NAME}, '([^ ]+)$', 1) end",
    "company_name": f"case when {_COMPANY} then customers.customer_name end",
    "language_code": "coalesce(contacts.language_code, customers.language_code)",
    "postal_code": "records.postal_code",
    "city": "customers.city",
    "country_code": "customers.country_code",
    "region": "customers.region",
}
_OF_VENDORS: Final = {
    "vendor_id": "people.row_key",
    "vendor_name": "vendors.vendor_name",
    "category_name": "vendors.category_name",
    "legal_name": "records.legal_name",
    "email": "records.email",
    "phone": "records.phone",
    "postal_code": "records.postal_code",
    "city": "records.city",
    "language_code": "records.language_code",
}
_OF_LEADS: Final = {
    "lead_id": "people.row_key",
    "name": "records.name",
    "email": "records.email",
    "phone": "records.phone",
}


def _fields(kind: SubjectKind, described: dict[str, str]) -> Mapping[str, str]:
    attributes = {
        name: f"cast(attributes.{name} as varchar)"
        for name in SUBJECTS[kind].attributes
        if name not in _WITHHELD
    }
    return MappingProxyType(attributes | described)


FIELDS: Final[Mapping[SubjectKind, Mapping[str, str]]] = MappingProxyType(
    {
        "customer": _fields("customer", _OF_CUSTOMERS),
        "vendor": _fields("vendor", _OF_VENDORS),
        "lead": _fields("lead", _OF_LEADS),
    }
)
# Those that name or reach a person; where they are shown, they are masked.
PERSONAL: Final = frozenset(
    {
        *("email", "phone", "name", "first_name", "last_name", "company_name", "legal_name"),
        *("postal_code", "city"),
    }
)
_PLAIN: Final = Separators()


def unknown_fields(export: Export) -> list[tuple[str, str]]:
    """The columns of an export, each with the field it asks for and there is none of."""
    return [
        (column, name)
        for column, source in export.fields.items()
        for name in (source.reads if isinstance(source, Computed) else (source,))
        if name not in FIELDS[export.subject]
    ]


def selected(export: Export) -> str:
    """SQL of the fields of an export, under the names that they have in it."""
    return ", ".join(
        f"{_sql_of(source, FIELDS[export.subject])} as {identifier(column)}"
        for column, source in export.fields.items()
    )


def not_computable(columns: Iterable[str]) -> str:
    """SQL of whether a field could not be computed."""
    mark = literal(NOT_COMPUTABLE)
    found = " or ".join(f"{identifier(column)} = {mark}" for column in columns)
    return f"coalesce({found}, false)"


def personal_columns(export: Export) -> frozenset[str]:
    """The columns whose values name or reach a person."""
    return frozenset(
        column
        for column, source in export.fields.items()
        if PERSONAL & set(source.reads if isinstance(source, Computed) else (source,))
    )


def _sql_of(source: str | Computed, known: Mapping[str, str]) -> str:
    if isinstance(source, Computed):
        return Computing(known, _PLAIN).value(parsed(source.expression))
    return known[source]
