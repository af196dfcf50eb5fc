"""Texts that are not values: surrounding blanks, and words that mean nothing is there."""

from collections.abc import Iterable

from sources.sql import literal

# Unicode's spaces, controls that move a cursor, and characters without width.
BLANKS = (
    " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
# How programs write a missing value, in lower case. None of them is anybody's id.
WORDS_FOR_NOTHING = (
    "null", "(null)", "<null>", "[null]", "\\n", "nan", "<na>", "none", "nil", "undefined", "n/a",
    "#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "nat", "[object object]",
)  # fmt: skip
_LONGEST_WORD = max(len(word) for word in WORDS_FOR_NOTHING)
_FIRST_LETTERS = ", ".join(
    str(ord(letter))
    for letter in sorted(
        {first for word in WORDS_FOR_NOTHING for first in word[0] + word[0].upper()}
    )
)


def bare(text: str) -> str:
    """SQL of a text without blanks around it, null where nothing is left.

    `trim` decodes every character. It is spared the texts that begin and end without a blank and
    hold no letter beyond ASCII, among which the other blanks are. What is less than an exclamation
    mark is empty or begins with a space or a control character.
    """
    ends = " or ".join(f"ends_with({text}, {literal(blank)})" for blank in " \t\r\n")
    return (
        f"case when {text} < '!' or {ends} or strlen({text}) <> length({text}) "
        f"then nullif(trim({text}, {literal(BLANKS)}), '') else {text} end"
    )


def without(text: str, words: Iterable[str]) -> str:
    """SQL of a text, null where it is one of the words."""
    listed = ", ".join(literal(word) for word in words)
    return f"case when {text} in ({listed}) then null else {text} end" if listed else text


def is_word_for_nothing(text: str) -> str:
    """SQL of whether a text is a word that stands for nothing.

    Few ids begin as one does, and comparing one letter costs a tenth of comparing all words.
    """
    listed = ", ".join(literal(word) for word in WORDS_FOR_NOTHING)
    return (
        f"case when ascii({text}) in ({_FIRST_LETTERS}) and strlen({text}) <= {_LONGEST_WORD} "
        f"then lower({text}) in ({listed}) else false end"
    )
