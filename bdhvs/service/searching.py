"""The thread in which simulations are searched, so that nobody else waits while one learner's hint is found.

A first search takes up to a third of a second of pure Python. There is one thread, not one a learner: two searches at once
would each take twice as long, and forty learners who ask for the same hint need one search. It begins when an item is
given to somebody, so that it is usually over when a hint or a solution is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bdhvs.core.items.base import Item

Found = TypeVar("Found")


class Searching:
    """Searches beside the event loop, one after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bdhvs-search")  # begins with its first task
        self._begun: set[tuple[str, int]] = set()

    def begin(self, items: Iterable[Item]) -> None:
        """Let what these items need be searched; each version once, and nobody waits for it."""
        for item in items:
            if item.hints_follow and (item.id, item.version) not in self._begun:
                self._begun.add((item.id, item.version))
                self._thread.submit(item.look_ahead)

    async def found(self, search: Callable[[], Found]) -> Found:
        """What `search` gives, or raises, in its turn."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, search)
