"""Who sits at which kernel: pages kept ready, one seat a learner, a cap, and seats cleared when nobody comes back.

Voilà makes a kernel for every look at a page, a reload or a foreign site's picture included, and has no cap. Here a learner
has one seat, which a reload finds again with all its widgets. What a page costs is spent before it is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bdhvs.live.voila_child import Rendered

log = logging.getLogger("bdhvs.live")
AT_ONCE = 4  # pages being made side by side; more only wait for one another
LEFT_S = 600.0  # a phone sleeps, a learner looks at another page: so long the seat is kept
PRESSED_LEFT_S = 20.0  # … when others wait for it
IDLE_S = 3600.0  # a page left open on a table
WAITING_S = 15.0  # who has not asked again for so long is not waiting any more
TIDY_EVERY_S = 5.0
PAUSE_AFTER_FAILURE_S = 2.0


class Kernels(Protocol):
    """What makes pages and ends kernels (`VoilaChild`)."""

    up: asyncio.Event

    def start(self) -> None: ...
    async def page(self, notebook: str) -> Rendered: ...
    async def close_kernel(self, kernel_id: str) -> None: ...


@dataclass(eq=False)
class Seat:
    """A page that belongs to a learner. ``sockets`` are the calls that close its connections."""

    learner: str
    notebook: str
    page: Rendered
    seen: float
    sockets: set[Callable[[], None]] = field(default_factory=set)

    @property
    def mark(self) -> str:
        """Tells this seat from the learner's next one; opens nothing."""
        return hashlib.sha256(self.page.kernel_id.encode()).hexdigest()[:16]


class Hall:
    """Seats at kernels.

    Parameters
    ----------
    kernels : makes pages.
    capacity : kernels at once, at most; a number or a function that knows by now.
    ready : pages of each notebook to have, taken or ready; one is ready always, once somebody has opened the notebook.
    clock : gives seconds that never jump back.
    """

    def __init__(
        self, kernels: Kernels, capacity: Callable[[], int], clock: Callable[[], float], *, ready: int = 1
    ) -> None:
        self._kernels = kernels
        self._capacity = capacity
        self._clock = clock
        self._keep_ready = ready
        self._seats: dict[str, Seat] = {}  # by learner
        self._by_kernel: dict[str, Seat] = {}
        self._ready: dict[str, deque[Rendered]] = {}
        self._making: dict[str, int] = {}
        self._waiting: dict[tuple[str, str], float] = {}
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._closed = False
        self._failed_at = float("-inf")

    def prepare(self, notebooks: Sequence[str]) -> None:
        """Keep pages of these notebooks ready from now on."""
        for one in notebooks:
            self._ready.setdefault(one, deque())
        self._kernels.start()
        self._fill()

    async def seat(self, learner: str, notebook: str, patience_s: float) -> Seat | None:
        """The learner's seat at a notebook, made when there is none; None when that takes longer than `patience_s`."""
        self._waiting[learner, notebook] = self._clock()
        try:
            async with asyncio.timeout(patience_s):
                async with self._changed:
                    while (found := self._found(learner, notebook)) is None:
                        self._make_room()
                        self.prepare([notebook])
                        await self._changed.wait()
        except TimeoutError:
            return None
        return found

    def seat_of(self, learner: str) -> Seat | None:
        """Where the learner sits now."""
        return self._seats.get(learner)

    def owned(self, learner: str, kernel_id: str) -> Seat | None:
        """The seat when this kernel is the learner's own; None for every other kernel, existing or not."""
        seat = self._by_kernel.get(kernel_id)
        return seat if seat is not None and seat.learner == learner else None

    def seen(self, seat: Seat) -> None:
        """Note that the learner is there."""
        seat.seen = self._clock()

    def kernel_ended(self, kernel_id: str) -> None:
        """Forget a kernel whose process is gone."""
        seat = self._by_kernel.get(kernel_id)
        if seat is not None:
            self._forget(seat)
        for pages in self._ready.values():
            for page in [page for page in pages if page.kernel_id == kernel_id]:
                pages.remove(page)
        self._fill()

    def all_ended(self) -> None:
        """Forget every kernel: Voilà is gone."""
        for seat in list(self._seats.values()):
            self._forget(seat)
        for pages in self._ready.values():
            pages.clear()
        self._fill()

    async def leave(self, learner: str) -> None:
        """Give a learner's seat back at once: the phone passes to somebody else, or the person is erased."""
        self._waiting = {who: at for who, at in self._waiting.items() if who[0] != learner}
        seat = self._seats.get(learner)
        if seat is not None:
            self._forget(seat)  # whoever asked to go does not wait for the kernel's end
            self._later(self._close(seat))

    async def keep_tidy(self) -> None:
        """Clear seats until cancelled."""
        while True:
            await asyncio.sleep(TIDY_EVERY_S)
            await self.tidy()

    async def tidy(self) -> None:
        """Clear the seats that nobody came back to, and forget who stopped waiting."""
        now = self._clock()
        self._waiting = {who: at for who, at in self._waiting.items() if now - at < WAITING_S}
        for seat in [one for one in self._seats.values() if now - one.seen > (IDLE_S if one.sockets else LEFT_S)]:
            await self._close(seat)
        self._fill()

    async def close(self) -> None:
        """Make no more pages."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def figures(self) -> dict[str, int]:
        """Kernels in use, ready and being made, people waiting, and the cap."""
        return {
            "seats": len(self._seats),
            "ready": sum(map(len, self._ready.values())),
            "making": sum(self._making.values()),
            "waiting": len(self._waiting),
            "capacity": self._capacity(),
        }

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _found(self, learner: str, notebook: str) -> Seat | None:
        seat = self._seats.get(learner)
        if seat is not None and seat.notebook != notebook:
            self._later(self._close(seat))  # one seat a learner
            seat = None
        pages = self._ready.get(notebook)
        if seat is None and pages:
            page = pages.popleft()
            seat = self._seats[learner] = self._by_kernel[page.kernel_id] = Seat(learner, notebook, page, self._clock())
            self._fill()
        if seat is not None:
            self._waiting.pop((learner, notebook), None)
            self.seen(seat)
        return seat

    def _used(self) -> int:
        return len(self._by_kernel) + sum(map(len, self._ready.values())) + sum(self._making.values())

    def _fill(self) -> None:
        """Begin as many pages as are wanted and fit."""
        if self._closed:
            return
        for notebook in self._ready:
            waiting = sum(1 for _, wanted in self._waiting if wanted == notebook)
            there = len(self._ready[notebook]) + self._making.get(notebook, 0)
            seated = sum(1 for one in self._seats.values() if one.notebook == notebook)
            # Pages are made ready for a class once, not for a second class as soon as the first has sat down.
            for _ in range(min(max(waiting, self._keep_ready - seated, 1) - there, self._capacity() - self._used())):
                self._making[notebook] = self._making.get(notebook, 0) + 1
                self._later(self._make(notebook))

    async def _make(self, notebook: str) -> None:
        page = None
        try:
            async with self._places:
                await self._kernels.up.wait()
                await asyncio.sleep(max(0.0, self._failed_at + PAUSE_AFTER_FAILURE_S - self._clock()))
                page = await self._kernels.page(notebook)
        except Exception as error:  # Voilà died meanwhile, or the notebook fails: who waits sees the waiting page
            self._failed_at = self._clock()
            log.warning("a live page could not be made: %s: %s", type(error).__name__, error)
        finally:
            self._making[notebook] -= 1
        if page is not None:
            self._ready[notebook].append(page)
        else:
            self._fill()
        async with self._changed:
            self._changed.notify_all()

    def _make_room(self) -> None:
        """When all is full and somebody waits: clear the seat that was left longest ago, else a page kept for another notebook."""
        if self._used() < self._capacity():
            return
        now = self._clock()
        left = [one for one in self._seats.values() if not one.sockets and now - one.seen > PRESSED_LEFT_S]
        if left:
            self._later(self._close(min(left, key=lambda one: one.seen)))
            return
        wanted = {notebook for _, notebook in self._waiting}
        spare = next((pages for name, pages in self._ready.items() if pages and name not in wanted), None)
        if spare:
            self._later(self._kernels.close_kernel(spare.popleft().kernel_id))

    async def _close(self, seat: Seat) -> None:
        self._forget(seat)
        await self._kernels.close_kernel(seat.page.kernel_id)
        self._fill()

    def _forget(self, seat: Seat) -> None:
        if self._seats.get(seat.learner) is seat:
            del self._seats[seat.learner]
        self._by_kernel.pop(seat.page.kernel_id, None)
        for end in list(seat.sockets):
            end()

    def _later(self, work: Awaitable[None]) -> None:
        async def run() -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
