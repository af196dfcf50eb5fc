"""`.env.example`: every setting with its default, ready to be copied."""

from installation.settings import Settings, as_text, variable

_HEAD = """\
# Copy to .env in the folder in which you start `kontor`, and take the # off the lines you change.
# The environment counts before .env. `make docs` writes this file from installation/settings.py.
"""
_TAIL = """
# What marketplaces' files refer to goes here, too: the folder of Olist's CSV files.
# KONTOR_OLIST_DIR=../olist
"""


def env_example() -> str:
    """The text of the file."""
    described = [
        f"\n# {field.description}\n# {variable(name)}="
        f"{'' if field.default is None else as_text(field.default)}\n"
        for name, field in Settings.model_fields.items()
    ]
    return "".join([_HEAD, *described, _TAIL])
