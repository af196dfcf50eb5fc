"""Text from data, without the characters that change how the text around it is shown."""

import unicodedata


def plain(text: object) -> str:
    """Return text without control and format characters: no line ends, no direction marks."""
    return "".join(
        letter for letter in str(text) if unicodedata.category(letter) not in {"Cc", "Cf"}
    )
