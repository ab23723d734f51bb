"""Units of work on their way through the writer, and how those who wait for them are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

#: SQL text and its parameters, in the order of the question marks.
Statement = tuple[str, tuple[Any, ...]]
#: For each statement of a unit, the number of rows it changed (0: the fact was known already).
Counts = list[int]


@dataclass(slots=True, eq=False)
class Unit:
    """Statements that are kept together or not at all, and who waits for them.

    ``folds``: whoever waits wants the log folded into the database before being told.
    ``outcome`` is what to tell the waiter, decided by the writer's thread; None until then.
    """

    statements: Sequence[Statement]
    waiter: asyncio.Future[Counts] | Future[Counts]
    loop: asyncio.AbstractEventLoop | None  # None: a thread is waiting
    outcome: Counts | Exception | None = None
    folds: bool = False

    def settle(self) -> None:
        """Tell the waiter; one that was cancelled meanwhile hears nothing, its work is done all the same."""
        if self.waiter.done():
            return
        if isinstance(self.outcome, Exception):
            self.waiter.set_exception(self.outcome)
        else:
            self.waiter.set_result(self.outcome or [])


def tell(batch: Iterable[Unit]) -> None:
    """Tell everybody who waits for `batch`, waking each event loop once however many wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Unit]] = {}
    for unit in batch:
        if unit.loop is None:
            unit.settle()
        else:
            by_loop.setdefault(unit.loop, []).append(unit)
    for loop, units in by_loop.items():
        # A loop that has ended cannot be woken, but nobody waits in it any more either.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, units)


def _settle(units: Iterable[Unit]) -> None:
    for unit in units:
        unit.settle()
