"""How a process of ours ended, as a finding: killed by a signal, or with its own exit code."""

import signal

from output.findings.finding import Finding

# What a shell, and the warm dbt, add to the number of the signal that ended a command.
_SHELL_OFFSET = 128
# Signals by which a process ends for a fault of its own.
_OWN_DOING = {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV}


def was_killed(code: int) -> bool:
    """Whether an exit code tells of a signal: below 0, or above 128 where a shell passed it on."""
    return code < 0 or code > _SHELL_OFFSET


def how_it_ended(code: int, otherwise: str = "run_again") -> Finding:
    """What became of a process and what to do: "was killed by signal 9 (SIGKILL), ...".

    `otherwise` is the code of the remedy where the process ended for a reason of its own.
    """
    remedy = Finding.of(otherwise)
    if not was_killed(code):
        return Finding.of("ended_with_code", exit_code=str(code), advice=remedy)
    number = -code if code < 0 else code - _SHELL_OFFSET
    try:
        told = f"{number} ({signal.Signals(number).name})"
    except ValueError:
        told = str(number)
    if number == signal.SIGKILL:
        return Finding.of("killed_for_memory", signal=told)
    if number == signal.SIGXCPU:
        return Finding.of("killed_for_time", signal=told, advice=remedy)
    advice = remedy if number in _OWN_DOING else Finding.of("run_again")
    return Finding.of("killed_by_signal", signal=told, advice=advice)
