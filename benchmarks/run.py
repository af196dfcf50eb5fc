"""`make bench`: every benchmark, or those named as arguments; prints ratios, never fails on them.

Lower is better; 1.00 means as fast as the peer. A ratio holds on another machine, seconds do not.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import Ratio, measure
from benchmarks.registry import BENCHMARKS

ROUNDS = 3
HEADS = ("work", "ratio", "range", "processor", "budget", "ours", "seconds", "against")
COLUMNS = "{:<44} {:>7} {:>15} {:>9} {:>7} {:>16} {:>10}  {}"


def main(names: list[str]) -> int:
    """Measures and prints; the exit code says whether all the names are known."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
        return 2
    print(COLUMNS.format(*HEADS))
    for name in names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix=f"kontor-bench-{name}-") as folder:
            for pair in BENCHMARKS[name](Path(folder)):
                print(line(measure(pair, ROUNDS)), flush=True)
    return 0


def line(ratio: Ratio) -> str:
    """One row of the printed table."""
    pair = ratio.pair
    ours = min(cost.clock for cost in ratio.ours)
    return COLUMNS.format(
        pair.name,
        f"{ratio.typical:.2f}",
        f"{min(ratio.clock_ratios):.2f}..{max(ratio.clock_ratios):.2f}",
        f"{ratio.processor:.2f}",
        "" if pair.budget is None else f"{pair.budget:.2f}",
        f"{ours / pair.amount * 1e6:,.1f} us/{pair.unit}",
        f"{ours:.2f}",
        f"{pair.peer_name} ({min(cost.clock for cost in ratio.peer):.2f} s)",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
