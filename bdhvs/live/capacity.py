"""How many live pages one machine can hold."""

from __future__ import annotations

#: A kernel with its open page: forked from the warm process 25 MiB, started anew 49 MiB (benchmarks/live.py); rounded up.
FORKED_BYTES = 30 * 2**20
STARTED_BYTES = 60 * 2**20
#: A learner's program while it runs; few run at the same moment.
PROGRAM_BYTES = 128 * 2**20
PROGRAMS_AT_ONCE = 4
#: libzmq, one process of Voilà and its open files were tried with so many.
MOST = 150
LEAST = 2


def capacity(free_bytes: int | None, *, forked: bool) -> int:
    """Live pages at once for a machine with so much free memory (None: not known), from 2 to 150.

    A third of the memory is left alone: phones keep coming, and the teacher's browser runs here too.
    """
    if free_bytes is None:
        return 20
    each = FORKED_BYTES if forked else STARTED_BYTES
    fit = (free_bytes * 2 // 3 - PROGRAMS_AT_ONCE * PROGRAM_BYTES) // each
    return max(LEAST, min(MOST, fit))


def free_memory() -> int | None:
    """Bytes that programs can still have without swapping; None when the system does not tell."""
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, which needs it itself
    except ImportError:
        return None
    return int(psutil.virtual_memory().available)
