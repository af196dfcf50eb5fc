"""A finding: what a check or a run found, as a code with arguments instead of a sentence."""

import re
from collections.abc import Sequence
from typing import Self, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from output.findings.texts import TEXTS
from output.messages import Message

# A finding within a finding is a part of its sentence. Several are a list, as names are.
# An argument called `day`, or something that ends with `_day`, is a day in ISO 8601.
Argument: TypeAlias = "str | int | float | Finding | tuple[str, ...] | tuple[Finding, ...]"

_AS_WRITTEN = "as_written"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Finding(BaseModel):
    """A code of `TEXTS`, and what its sentence takes."""

    model_config = ConfigDict(frozen=True)

    code: str
    arguments: dict[str, Argument] = {}

    @classmethod
    def of(cls, code: str, /, **arguments: Argument) -> Self:
        """A finding with its arguments."""
        return cls(code=code, arguments=arguments)

    @classmethod
    def as_written(cls, text: str) -> Self:
        """A text that somebody else wrote, such as an error's; it is shown as it is."""
        return cls.of(_AS_WRITTEN, text=text)

    @classmethod
    def read(cls, published: str) -> Self:
        """A finding from its JSON; older versions published sentences, which stay as written."""
        try:
            return cls.model_validate_json(published)
        except ValidationError:
            return cls.as_written(published)

    @property
    def json_text(self) -> str:
        """What is written down."""
        return self.model_dump_json()

    @property
    def english(self) -> str:
        """The sentence in English; a code that is not declared stays one."""
        message = TEXTS.get(self.code)
        if message is None:
            return self.code
        given = {name: _english(value) for name, value in self.arguments.items()}
        return _PLACEHOLDER.sub(lambda found: given.get(found[1], found[0]), self._form(message))

    def _form(self, message: Message) -> str:
        is_one = self.arguments.get("n") == 1
        return message.msgid if message.plural is None or is_one else message.plural


def _english(value: Argument) -> str:
    if isinstance(value, Finding):
        return value.english
    if isinstance(value, int | float):
        return readable(value)
    return value if isinstance(value, str) else joined([_english(each) for each in value], value)


def joined(said: Sequence[str], listed: Sequence[object]) -> str:
    """The items of a list in one line; sentences are kept apart more clearly than names."""
    return ("; " if any(isinstance(each, Finding) for each in listed) else ", ").join(said)


def readable(value: float) -> str:
    """A whole number in full, any other with four digits and never an exponent: 10,000,000."""
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 1000 else f"{value:,.4g}"
