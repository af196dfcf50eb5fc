"""The checking subprocess: paths of requests in, paths of answers out; it keeps GX imported.

Great Expectations takes seconds to import, and prints; so it lives here, at a lower priority, and
standard output belongs to the protocol alone.
"""

import logging
import os
import sys
from pathlib import Path

from data_quality.rules import SuiteRequest, unchecked
from installation.imports import do_without, import_when_used, importing_for_good
from installation.private_files import keep_files_private
from output.findings.finding import Finding


def main() -> None:
    """Serves requests until its input ends."""
    keep_files_private()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.nice(5)  # dbt builds meanwhile
    logging.disable(logging.WARNING)
    do_without("sqlalchemy")  # what is checked are frames
    import_when_used("altair", "scipy.stats")  # for expectations that no suite has
    with importing_for_good():
        from data_quality.validation import Validator  # noqa: PLC0415 - the seconds meant above

    validator = Validator()
    for line in sys.stdin:
        path = Path(line.strip())
        request = SuiteRequest.model_validate_json(path.read_bytes())
        try:
            answer = validator.validate(request)
        except Exception as error:  # noqa: BLE001 - a process boundary; the message may hold values
            why = Finding.of("checker_failed", error=type(error).__name__)
            answer = unchecked(request.suite.name, why)
        written = path.with_suffix(".answer")
        written.write_text(answer.model_dump_json(), encoding="utf-8")
        answers.write(f"{written}\n")
        answers.flush()


if __name__ == "__main__":
    main()
