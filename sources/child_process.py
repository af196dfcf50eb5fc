"""How a process of ours ended, in words: killed by a signal, or with an exit code of its own."""

import signal

# What a shell, and the warm dbt, add to the number of the signal that ended a command.
_SHELL_OFFSET = 128
# Signals by which a process ends for a fault of its own.
_OWN_DOING = {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV}


def was_killed(code: int) -> bool:
    """Whether an exit code tells of a signal: below 0, or above 128 where a shell passed it on."""
    return code < 0 or code > _SHELL_OFFSET


def how_it_ended(code: int, otherwise: str = "run again") -> str:
    """What became of a process and what to do: "was killed by signal 9 (SIGKILL), ...".

    `otherwise` is the remedy where the process ended for a reason of its own.
    """
    if not was_killed(code):
        return f"ended with exit code {code}; {otherwise}"
    number = -code if code < 0 else code - _SHELL_OFFSET
    try:
        name = f" ({signal.Signals(number).name})"
    except ValueError:
        name = ""
    killed = f"was killed by signal {number}{name}"
    if number == signal.SIGKILL:
        return (
            f"{killed}, most likely because the machine ran out of memory; lower "
            "KONTOR_MEMORY_LIMIT or free memory, then run again"
        )
    if number == signal.SIGXCPU:
        return f"{killed}: it used up its processor time; {otherwise}"
    return f"{killed}; {otherwise if number in _OWN_DOING else 'run again'}"
