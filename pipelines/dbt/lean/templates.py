"""dbt's templates, each text compiled once; only the warm server imports this, after dbt."""

import re
from typing import Any

from dbt.clients import jinja
from dbt_common.clients.jinja import (
    MacroFuzzEnvironment,
    MacroFuzzTemplate,
    NativeSandboxTemplate,
)

# What a template would change: its own signs, and the ends of lines.
_CHANGED = re.compile(r"[{}\r\n]")


def compile_texts_once() -> None:
    """Lets this process, and what it forks, compile a text that it has compiled only once.

    Most tests are one of a few texts, and so are their arguments.
    """
    compiled: dict[tuple[type[Any], str], Any] = {}
    compile_anew = MacroFuzzEnvironment.compile

    def compile_once(self: Any, source: Any, *others: Any, **named: Any) -> Any:
        if not isinstance(source, str) or others or named:
            return compile_anew(self, source, *others, **named)
        # The class decides what becomes of a text: a text again, or a value.
        key = (type(self), source)
        if key not in compiled:
            compiled[key] = compile_anew(self, source)
        return compiled[key]

    MacroFuzzEnvironment.compile = compile_once  # type: ignore[method-assign]
    # An argument sees the values of its test; by default it gets a copy of all of them.
    NativeSandboxTemplate.new_context = MacroFuzzTemplate.new_context  # type: ignore[method-assign, assignment]
    render = jinja.get_rendered

    def rendered(string: Any, *others: Any, **named: Any) -> Any:
        if named.get("native") and isinstance(string, str) and not _CHANGED.search(string):
            return string
        return render(string, *others, **named)

    jinja.get_rendered = rendered
