"""Running a command line whose mistakes, and whose crashes, are told as text."""

import sys

import typer

from output.terminal import ERR, show_crash


def exit_code(app: typer.Typer) -> int:
    """How a command line ended; what was mistyped has been said on standard error."""
    try:
        # Alone it would print what was typed as it was typed.
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        _show_usage(error)
        return error.exit_code
    except typer.Abort:
        ERR.say("Stopped.")
        return 1
    finally:
        sys.excepthook = show_crash  # Typer has set its own


def _show_usage(error: typer.TyperException) -> None:
    context: typer.Context | None = getattr(error, "ctx", None)
    message = error.format_message()
    if not message:
        return  # no arguments: the help is shown already
    if context is not None:
        ERR.say(context.get_usage())
        ERR.say(f"Try '{context.command_path} --help' for help.")
    ERR.say(f"Error: {message}", style="red", keeps_lines=True)
