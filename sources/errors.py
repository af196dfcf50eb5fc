"""What can go wrong where rows are obtained: either waiting helps, or a person must act."""


class SourceError(Exception):
    """Any failure to obtain rows."""


class TransientSourceError(SourceError):
    """Waiting may help; the caller retries in one place."""


class PermanentSourceError(SourceError):
    """A person must change something first; the message says what."""


class ConfigurationError(PermanentSourceError):
    """A marketplace file or a setting is wrong; the message lists every problem with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
