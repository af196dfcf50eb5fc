"""A text as the generated YAML holds it."""


def quoted(text: str) -> str:
    """The text as a YAML scalar, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"
