"""dbt in a process of its own, which says what each model took: the arguments are dbt's.

A model's seconds are those of the processor, of all threads of the process, so other work on the
machine is not in them; one model is built at a time, so no other model is either.
"""

import json
import sys
import time
from typing import Any

from dbt.cli.main import dbtRunner


def main(arguments: list[str]) -> int:
    """Prints processor seconds by model as JSON; the exit code says whether dbt succeeded."""
    seconds: dict[str, float] = {}
    began = 0.0

    def note(event: Any) -> None:
        nonlocal began
        if event.info.name == "NodeStart":
            began = time.process_time()
        elif event.info.name == "NodeFinished":
            node = event.data.node_info
            if node.resource_type == "model":
                seconds[node.node_name] = time.process_time() - began

    result = dbtRunner(callbacks=[note]).invoke([*arguments, "--threads", "1"])
    json.dump(seconds, sys.stdout)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
