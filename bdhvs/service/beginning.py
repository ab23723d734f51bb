"""How an attempt begins: which items in which order, by which rules, and all of that on disk before anybody sees one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace

from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import SEED_BITS
from bdhvs.core.attempt_events import Extended, ItemRef, Rules
from bdhvs.core.decisions import Decisions
from bdhvs.core.forms import Form
from bdhvs.core.pace import Pace
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.choosing import Choosing
from bdhvs.service.learner import Learner
from bdhvs.service.sessions import LiveAttempt, rebuild
from bdhvs.store import AttemptRow, Device, EventRow, Store, to_row
from bdhvs.store.ids import new_id


class Beginning:
    """Begins attempts at the forms of one bank.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    pace_of : the pace of a class (`bdhvs.core.pace`).
    decisions : what the teacher has decided for the class.
    """

    def __init__(
        self,
        bank: Bank,
        store: Store,
        catalogue: Catalogue,
        choosing: Choosing,
        *,
        now_us: Callable[[], int],
        pace_of: Callable[[str], Pace],
        decisions: Callable[[], Decisions],
    ) -> None:
        self._bank = bank
        self._store = store
        self._catalogue = catalogue
        self._choosing = choosing
        self._now_us = now_us
        self._pace_of = pace_of
        self._decisions = decisions

    def form(self, form_id: str) -> Form:
        """The form as the class takes it: swapped items in their places, in the class's order.

        Raises
        ------
        NotFound
            when the bank has no such form.
        """
        return self._decisions().form(self._bank.form(form_id), self._bank.items)

    async def begin(self, learner: Learner, form_id: str, lang: str, device: Device | None) -> LiveAttempt:
        """A new attempt of `learner`, kept.

        Raises
        ------
        NotAllowed
            with code ``class_ended``; and when no item of an adaptive form can be chosen.
        StoreUnavailable
            when nothing can be written now.
        """
        pace = self._pace_of(learner.classroom_id)
        pace.require_running()
        form = self.form(form_id)
        seed = secrets.randbits(SEED_BITS)
        rules = Rules(form.mode == "practice", form.allow_back, form.tries, form.limit_minutes)
        if form.adaptive is None:
            order = form.items if form_id in pace.led else form.ordered_items(seed)
        else:
            seed = form.adaptive.seed_of(learner.id, form_id, seed)
            version, first = await self._choosing.begin(form, seed)
            order = (first.id,)
            rules = replace(rules, adaptive=version, most_items=form.longest)
        items = [self._bank.item(one) for one in order]
        now = self._now_us()
        row = AttemptRow(
            id=new_id(now),
            learner_id=learner.id,
            classroom_id=learner.classroom_id,
            form_id=form.id,
            form_version=form.version,
            mode=form.mode,
            seed=seed,
            shuffle_options=form.shuffle_options,
            lang=lang,
            bank_version=self._bank.version,
            started_at_us=now,
            rules=rules,
            items=tuple(ItemRef(item.id, item.version) for item in items),
            device=device,
        )
        await self._catalogue.record(items)
        more = await self._extra_time(row) if form.limit_minutes is not None else []
        await self._store.start_attempt(row, more)
        return rebuild(row, more, self._catalogue)

    async def _extra_time(self, row: AttemptRow) -> list[EventRow]:
        """What the learner has beyond the limit from the start, as the attempt's first event."""
        given = await asyncio.to_thread(self._store.extra_time, row.learner_id)
        minutes = sum(one.minutes for one in given if one.form_id == row.form_id)
        return [to_row(Extended(minutes), row.id, new_id(row.started_at_us), 1, row.started_at_us)] if minutes else []
