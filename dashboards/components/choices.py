"""One choice of a page that is kept in its address, such as the measure that it shows."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards import address
from dashboards.listings.unreadable import Unreadable


def choose(
    title: str, name: str, options: Mapping[str, str], *, key: str, resets: Sequence[str] = ()
) -> str:
    """Return the option that the address names, else the first; another choice resets the rest."""
    usual = next(iter(options))

    def read(texts: dict[str, str]) -> str:
        if texts.get(name, usual) not in options:
            raise Unreadable(name)
        return texts.get(name, usual)

    def changes(option: str) -> address.Changes:
        return {**dict.fromkeys(resets), name: None if option == usual else option}

    st.selectbox(
        title,
        list(options),
        format_func=lambda option: options.get(option, ""),
        **address.bound(key, chosen := address.read(read), changes),
    )
    return chosen
