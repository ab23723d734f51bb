"""The live notebooks of a class as one thing: which there are, the Voilà process, the seats."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass, field

from bdhvs.live.capacity import capacity, free_memory
from bdhvs.live.hall import Hall
from bdhvs.live.notebooks import LiveNotebook, in_language
from bdhvs.live.voila_child import VoilaChild


@dataclass
class LiveClass:
    """Live notebooks of a running class. Nothing is started before somebody opens one, unless ``ready`` asks for it.

    ``ready``: pages of each notebook to have ready from the start; 0: the first visitor waits some seconds.
    ``most``: kernels at once; None: by the free memory. ``stock``: no forking, for comparison.
    """

    notebooks: tuple[LiveNotebook, ...]
    ready: int = 0
    most: int | None = None
    stock: bool = False
    child: VoilaChild = field(init=False)
    hall: Hall = field(init=False)
    _tidying: asyncio.Task[None] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.child = VoilaChild(
            self.notebooks, lambda one: self.hall.kernel_ended(one), lambda: self.hall.all_ended(), stock=self.stock
        )
        most = self.most or capacity(free_memory(), forked=sys.platform == "linux" and not self.stock)
        self.hall = Hall(self.child, lambda: most, time.monotonic, ready=max(1, self.ready))

    def find(self, name: str) -> LiveNotebook | None:
        """The notebook with this id, None when the class does not have it."""
        return next((one for one in self.notebooks if one.id == name), None)

    def start(self) -> None:
        """Keep the seats tidy, and prepare pages when that is asked for. Needs a running loop."""
        self._tidying = asyncio.create_task(self.hall.keep_tidy())
        if self.ready:
            self.hall.prepare([one.id for one in in_language(self.notebooks, "vi")])

    async def stop(self) -> None:
        """End Voilà and every kernel."""
        if self._tidying is not None:
            self._tidying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tidying
        await self.hall.close()
        await self.child.stop()
