"""What is never kept of a value: people's addresses in ids, queries and hosts in paths."""

from sources.contract import Column
from sources.parsing.emptiness import is_word_for_nothing
from sources.sql import literal

# Whatever is longer was written by a person and not made by a system.
_LONGEST_ID = 200
_ADDRESS = "[^/]*(?:@|%40)[^/]*"
_LONGEST_TERM = 100
# Numbers of phones, orders and houses with their towns, however their digits are set apart, and the
# signs of an address, also the wide one.
_OF_A_PERSON = r"[@\x{FF20}]|%40|\p{Nd}([\s()/.+-]*\p{Nd}){3}"
_SPACES = r"[\s\p{Z}]+"


def cleaned(text: str, column: Column) -> str:
    """SQL of a column's text without what its contract keeps out."""
    if column.keeps_out is None:
        return text
    rules = {
        "address": _identifier,
        "address_in_key": _key,
        "query": _path,
        "person": _term,
    }
    return rules[column.keeps_out](text)


def _holds_address(text: str) -> str:
    return f"contains({text}, '@') or contains({text}, '%40')"


def _is_no_identifier(text: str) -> str:
    # Counting bytes costs nothing, and no text has more characters than bytes.
    is_long = f"strlen({text}) > {_LONGEST_ID} and length({text}) > {_LONGEST_ID}"
    return f"{_holds_address(text)} or starts_with({text}, '{{') or ({is_long})"


def _identifier(text: str) -> str:
    is_none = f"{_is_no_identifier(text)} or ({is_word_for_nothing(text)})"
    return f"case when {is_none} then null else {text} end"


def _key(text: str) -> str:
    """A key is needed to recognise a row again, and a hash serves."""
    return f"case when {_is_no_identifier(text)} then md5({text}) else {text} end"


def _term(text: str) -> str:
    """A search term in small letters with single spaces; none where it may be about a person."""
    is_one = f"regexp_matches({text}, {literal(_OF_A_PERSON)})"
    spaced = f"regexp_replace(nfc_normalize({text}), {literal(_SPACES)}, ' ', 'g')"
    return (
        f"case when length({text}) > {_LONGEST_TERM} or {is_one} then null "
        f"else nullif(trim(lower({spaced})), '') end"
    )


def _path(text: str) -> str:
    """Only the path of an address; what in it is a person's is masked.

    Nothing is said twice inside a branch: DuckDB would compute it twice.
    """
    bare = f"split_part(split_part({text}, '?', 1), '#', 1)"
    path = (
        f"case when starts_with({text}, '?') or starts_with({text}, '#') then '/' "
        f"when contains({text}, '://') then regexp_replace({bare}, '^[A-Za-z]+://[^/]*/?', '/') "
        f"else {bare} end"
    )
    masked = f"regexp_replace({path}, '{_ADDRESS}', '*', 'g')"
    is_address = " or ".join(f"contains({text}, '{part}')" for part in ("?", "#", "://"))
    return (
        f"case when {_holds_address(text)} then {masked} "
        f"when {is_address} then {path} else {text} end"
    )
