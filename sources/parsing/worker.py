"""The parsing subprocess: one request a line in, one result a line out, under its own limits."""

import resource
import sys

from installation.imports import do_without
from installation.private_files import keep_files_private
from sources.parsing.databases import Databases
from sources.parsing.parse import parse
from sources.parsing.request import ParseRequest


def main() -> None:
    """Serves requests until its input ends."""
    keep_files_private()
    do_without("pandas")
    databases = Databases()
    for line in sys.stdin.buffer:
        request = ParseRequest.model_validate_json(line)
        _limit(request)
        sys.stdout.buffer.write(parse(request, databases).model_dump_json().encode() + b"\n")
        sys.stdout.buffer.flush()


def _limit(request: ParseRequest) -> None:
    limits = request.limits
    resource.setrlimit(
        resource.RLIMIT_AS, (limits.address_space_bytes, resource.getrlimit(resource.RLIMIT_AS)[1])
    )
    # The limit counts from the process's start, so what earlier files used is added.
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
