"""Which of the movement's models a class offers: decided by the teacher, kept with the class, neither unless somebody says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from bdhvs.core.framework import Framework
from bdhvs.store import ClassEventRow, Store
from bdhvs.store.ids import new_id

#: The type of what is decided about it; the last one of a class counts.
MOVEMENT = "movement"


@dataclass(frozen=True, slots=True)
class Offered:
    """What a class offers."""

    ambassadors: bool = False
    households: bool = False


class Movement:
    """What one class offers of the movement's models. `now_us` gives the time in microseconds since the epoch (UTC)."""

    def __init__(self, classroom_id: str, store: Store, framework: Framework, *, now_us: Callable[[], int]) -> None:
        self._classroom_id = classroom_id
        self._store = store
        self._now_us = now_us
        self._possible = Offered(framework.ambassador is not None, framework.household is not None)
        self.offered = Offered()

    async def load(self) -> None:
        """Take up what was decided before."""
        events = await asyncio.to_thread(self._store.class_events, self._classroom_id)
        decided = next((one.details for one in reversed(events) if one.type == MOVEMENT), {})
        self.offered = self._within(Offered(bool(decided.get("ambassadors")), bool(decided.get("households"))))

    async def switch(self, *, ambassadors: bool | None = None, households: bool | None = None) -> None:
        """Offer it or not from now on; None leaves it as it is. What people have is kept either way."""
        wanted = {"ambassadors": ambassadors, "households": households}
        now = self._within(
            replace(self.offered, **{name: value for name, value in wanted.items() if value is not None})
        )
        if now == self.offered:
            return
        at_us = self._now_us()
        row = ClassEventRow(
            new_id(at_us), self._classroom_id, at_us, MOVEMENT, details=asdict(now)
        )
        await self._store.append_class_event(row)
        self.offered = now

    def _within(self, wanted: Offered) -> Offered:
        """What the framework has a model for."""
        possible = self._possible
        return Offered(wanted.ambassadors and possible.ambassadors, wanted.households and possible.households)
