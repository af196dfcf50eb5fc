"""SQL for what both dialects tell: pages and hosts, devices, programs, consent, amounts."""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import yaml

from sources.clickstream.sites import own_site
from sources.contract import all_contracts
from sources.sql import literal


@cache
def _table(name: str) -> Any:
    text = (resources.files("sources") / "clickstream" / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def normalised(name: str) -> str:
    """An event's name in small letters and _, as the tables of names have it."""
    return f"lower(replace(replace(trim({name}), ' ', '_'), '-', '_'))"


def event_type(dialect: str) -> str:
    """Our event type for the normalised `event_name`; `other` for what no table knows."""
    table: dict[str, list[str]] = _table("event_names.yml")[dialect]
    allowed = all_contracts()["events"].columns["event_type"].allowed or ()
    same = ", ".join(literal(own) for own in allowed)
    cases = " ".join(
        f"when event_name in ({', '.join(literal(given) for given in names)}) then {literal(own)}"
        for own, names in table.items()
        if names
    )
    return f"case when event_name in ({same}) then event_name {cases} else 'other' end"


def country_code(country: str) -> str:
    """The ISO code of a country given by its code or its English name, or nothing."""
    names: dict[str, list[str]] = _table("country_names.yml")
    codes = {written.lower(): code for code, spellings in names.items() for written in spellings}
    written_names = ", ".join(literal(name) for name in codes)
    listed_codes = ", ".join(literal(code) for code in codes.values())
    known = f"list_position([{written_names}], lower({country}))"
    return (
        f"case when regexp_full_match({country}, '[A-Za-z]{{2}}') then upper({country}) "
        f"when {country} is not null then list_extract([{listed_codes}], {known}) end"
    )


def is_bot(agent: str) -> str:
    """Whether a user agent is a program's; nothing where none was sent."""
    patterns: list[str] = _table("bots.yml")
    pattern = literal(f"(?i){'|'.join(patterns)}")
    return (
        f"case when nullif({agent}, '') is not null "
        f"then cast(regexp_matches({agent}, {pattern}) as varchar) end"
    )


def device(agent: str, kind: str, is_app: str) -> str:
    """What the visitor used: the tracker's word for it, else what the user agent tells."""
    return (
        f"case when {is_app} then 'app' "
        f"when lower({kind}) in ('desktop', 'mobile', 'tablet') then lower({kind}) "
        f"when lower({kind}) in ('ios', 'android') then 'app' "
        f"when nullif({agent}, '') is null then null "
        f"when contains({agent}, 'iPad') or contains({agent}, 'Tablet') "
        f"or (contains({agent}, 'Android') and not contains({agent}, 'Mobile')) then 'tablet' "
        f"when contains({agent}, 'Mobi') or contains({agent}, 'iPhone') then 'mobile' "
        "else 'desktop' end"
    )


def host(url: str) -> str:
    """The host of a URL in small letters, without port and user, or nothing."""
    authority = f"regexp_extract({url}, '^[^:/?#]*://([^/?#]*)', 1)"
    return f"nullif(lower(split_part(split_part({authority}, '@', -1), ':', 1)), '')"


def is_foreign(referrer_host: str, page_host: str) -> str:
    """Whether a referring host is another site than the page's own and the shop's."""
    # Most referrers are the page's own host; only the others are worth a look at the list.
    return (
        f"case when {referrer_host} is null or {referrer_host} = {page_host} then false "
        f"else not {own_site(referrer_host, page_host)} end"
    )


def is_own_host(source: str, page_host: str) -> str:
    """Whether the source of a visit is a host of the shop's."""
    lowered = f"lower({source})"
    return (
        f"case when {lowered} = {page_host} then true when contains({source}, '.') "
        f"then {own_site(lowered, page_host)} else false end"
    )


def whole_number(text: str) -> str:
    """A whole number written as trackers and files write it, always in the same digits."""
    whole = f"try_cast(try_cast({text} as decimal(38, 6)) as bigint)"
    is_other = f"{text} is not null and not regexp_full_match({text}, '0|[1-9][0-9]*')"
    return f"case when {is_other} then coalesce(cast({whole} as varchar), {text}) else {text} end"


def rounded(amount: str, places: int) -> str:
    """An amount as text with so many decimals: trackers add up binary fractions."""
    exact = f"cast(try_cast(try_cast({amount} as double) as decimal(18, {places})) as varchar)"
    excess = f"length(split_part({amount}, '.', 2)) > {places} or contains(lower({amount}), 'e')"
    return f"case when {excess} then coalesce({exact}, {amount}) else {amount} end"


def without_placeholders(value: str, placeholders: Iterable[str]) -> str:
    """A value, or nothing where it is one of the texts that stand for nothing."""
    listed = ", ".join(literal(one) for one in placeholders)
    return f"case when {value} not in ({listed}) then {value} end"
