"""dbt's templates, each text compiled once, also for later runs of the same project.

Only the warm server imports this, after dbt.
"""

import marshal
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dbt.clients import jinja
from dbt_common.clients.jinja import (
    MacroFuzzEnvironment,
    MacroFuzzTemplate,
    NativeSandboxTemplate,
)

# What a template would change: its own signs, and the ends of lines.
_CHANGED = re.compile(r"[{}\r\n]")
_DIGEST_BYTES = sha256().digest_size


class CompiledTexts:
    """The code that Jinja makes of each text, in this process and, where it is asked, in a file."""

    def __init__(self) -> None:
        # By class and text: the class decides what becomes of a text, a text again or a value.
        self._code: dict[tuple[str, str], Any] = {}
        self._stored: dict[tuple[str, str], bytes] = {}
        self._state = 0

    def code(self, environment: Any, text: str, compile_anew: Callable[..., Any]) -> Any:
        """The code of a text, compiled anew where it is not known."""
        key = (type(environment).__name__, text)
        if key not in self._code:
            stored = self._stored.get(key)
            code = marshal.loads(stored) if stored else compile_anew(environment, text)  # noqa: S302
            self._code[key] = code
        return self._code[key]

    def read(self, path: Path) -> None:
        """Takes what a process of the same versions wrote; of a file that is not whole, nothing.

        It is code, and lies where Dagster's settings lie, which name code to run as well.
        """
        with suppress(OSError):
            state = path.stat().st_mtime_ns
            if state == self._state:
                return
            self._state, self._stored, written = state, {}, path.read_bytes()
            digest, content = written[:_DIGEST_BYTES], written[_DIGEST_BYTES:]
            if sha256(content).digest() == digest:
                versions, stored = marshal.loads(content)  # noqa: S302
                if versions == _versions():
                    self._stored = stored

    def write(self, path: Path) -> None:
        """Leaves what is known for later processes, if any of it is new."""
        new = {key: code for key, code in self._code.items() if key not in self._stored}
        if not new:
            return
        known = {**self._stored, **{key: marshal.dumps(code) for key, code in new.items()}}
        content = marshal.dumps((_versions(), known))
        partial = path.with_suffix(".partial")
        # Without the file the next process compiles again.
        with suppress(OSError):
            partial.write_bytes(sha256(content).digest() + content)
            partial.replace(path)


def _versions() -> tuple[str, ...]:
    return sys.version, *(version(name) for name in ("jinja2", "dbt-common", "dbt-core"))


def compile_texts_once(texts: CompiledTexts) -> None:
    """Lets this process, and what it forks, compile a text that it has compiled only once.

    Most tests are one of a few texts, and so are their arguments.
    """
    compile_anew = MacroFuzzEnvironment.compile

    def compile_once(self: Any, source: Any, *others: Any, **named: Any) -> Any:
        if not isinstance(source, str) or others or named:
            return compile_anew(self, source, *others, **named)
        return texts.code(self, source, compile_anew)

    MacroFuzzEnvironment.compile = compile_once  # type: ignore[method-assign]
    # An argument sees the values of its test; by default it gets a copy of all of them.
    NativeSandboxTemplate.new_context = MacroFuzzTemplate.new_context  # type: ignore[method-assign, assignment]
    render = jinja.get_rendered

    def rendered(string: Any, *others: Any, **named: Any) -> Any:
        if named.get("native") and isinstance(string, str) and not _CHANGED.search(string):
            return string
        return render(string, *others, **named)

    jinja.get_rendered = rendered
