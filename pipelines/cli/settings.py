"""`kontor settings`: the settings that result from the environment and `.env`."""

from typing import Annotated

import typer
from pydantic import SecretStr

from installation.settings import Settings, as_text, variable
from output.terminal import OUT
from pipelines.settings import PipelineSettings
from sources.mapping_checks import suggestion


def print_settings(
    name: Annotated[str, typer.Argument(help="One setting, such as home; all if omitted.")] = "",
) -> None:
    """Print the settings in effect, in the form of .env; for a single one, only its value."""
    if name and name not in Settings.model_fields:
        hint = suggestion(name, list(Settings.model_fields))
        raise typer.BadParameter(f"there is no setting {name!r}; {hint}", param_hint="NAME")
    found = PipelineSettings()
    for each in [name] if name else Settings.model_fields:
        value = getattr(found, each)
        shown = (
            str(value) if isinstance(value, SecretStr) else "" if value is None else as_text(value)
        )
        OUT.answer(shown if name else f"{variable(each)}={shown}")
