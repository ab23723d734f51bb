"""What a teacher may put right while a class runs: extra time, an attempt handed in too early, a faulty item, another item.

Nothing is taken away: each repair is a fact of the attempt or of the class, and results are counted anew from the facts.
Who is asking was found out by the caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt, Status, replay
from bdhvs.core.attempt_commands import Extend, Reopen
from bdhvs.core.attempt_events import Extended, FinishReason, ItemRef, ReopenReason
from bdhvs.core.decisions import Decisions, Neutralised, Order, Ordered, Restored, Swapped, TimeAdded
from bdhvs.core.forms import Form
from bdhvs.core.timing import MOST_EXTRA_MINUTES, deadline_us, left_ms
from bdhvs.errors import InvalidMessage, NotAllowed, NotFound
from bdhvs.service.decided import Decided
from bdhvs.service.quiz import QuizService
from bdhvs.service.swaps import candidates
from bdhvs.store import AttemptRow, EventRow, ExtraTimeRow, Store, events_of
from bdhvs.store.codec import items_given
from bdhvs.store.ids import new_id

MOST_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Work:
    """One learner's latest attempt at a form, as the teacher decides about it.

    Attributes
    ----------
    status : "not_begun" or the attempt's.
    finished_us, finish_reason : when and how it was handed in, microseconds since the epoch; None otherwise.
    left_ms : time that is left, ≥ 0, of an attempt under way, or that will be when it is reopened; None without a limit.
    extra_minutes : minutes beyond the limit given to this learner alone, ≥ 0.
    """

    form: Form
    status: Literal["not_begun"] | Status
    finished_us: int | None = None
    finish_reason: FinishReason | None = None
    left_ms: int | None = None
    extra_minutes: int = 0

    @property
    def solutions_out(self) -> bool:
        """Whether the learner can look at the solutions once it is handed in."""
        return self.status == "finished" and self.form.mode == "assessment" and self.form.review

    @property
    def may_be_extended(self) -> bool:
        """Whether minutes can be given."""
        return self.form.limit_minutes is not None and self.status != "finished"


class Repairs:
    """Repairs in one running class.

    Parameters
    ----------
    offered : gives the forms that the class offers.
    on_change : told after a decision about the whole class, for those who look on.
    """

    def __init__(
        self,
        classroom_id: str,
        bank: Bank,
        store: Store,
        quiz: QuizService,
        decided: Decided,
        *,
        offered: Callable[[], Iterable[str]],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._classroom_id = classroom_id
        self._bank = bank
        self._store = store
        self._quiz = quiz
        self._decided = decided
        self._offered = offered
        self._on_change = on_change

    @property
    def decisions(self) -> Decisions:
        """What holds now."""
        return self._decided.now()

    def forms(self) -> list[Form]:
        """Forms the class offers, as the author wrote them."""
        return [self._bank.forms[one] for one in dict.fromkeys(self._offered()) if one in self._bank.forms]

    # ── a form of the class ─────────────────────────────────────────────────────────────────────────────

    async def begun(self, form_id: str) -> bool:
        """Whether somebody in the class has begun the form."""
        return await self._decided.begun(form_id)

    async def swap(self, form_id: str, item_id: str, into: str) -> None:
        """Put `into` in the place of the author's item; the author's own id puts that back.

        Raises
        ------
        NotFound
            when the form has no such item.
        NotAllowed
            with code ``form_begun``, or ``no_candidate`` when `into` may not stand there.
        StoreUnavailable
            when it cannot be kept now.
        """
        if item_id not in self._bank.form(form_id).items:
            raise NotFound(f"form {form_id} has no item {item_id[:60]!r}")
        if into != item_id and into not in {one.id for one in candidates(self._bank, self.decisions, form_id, item_id)}:
            raise NotAllowed(f"item {into[:60]!r} may not stand in the place of {item_id}", "no_candidate")
        await self._decided.add_before_start(Swapped(self._decided.now_us(), form_id, item_id, into))
        self._on_change()

    async def order(self, form_id: str, order: Order) -> None:
        """Give the items of a form in one order to everybody, or shuffled.

        Raises
        ------
        NotFound, NotAllowed, StoreUnavailable
            as `swap`.
        """
        if self._bank.form(form_id).adaptive is not None:
            raise NotAllowed("an adaptive form has no order to choose", "adaptive")
        await self._decided.add_before_start(Ordered(self._decided.now_us(), form_id, order))
        self._on_change()

    async def extend_all(self, form_id: str, minutes: int) -> None:
        """Give everybody minutes beyond the form's limit: those under way, and those who begin later.

        Raises
        ------
        NotFound
            when the bank has no such form.
        NotAllowed
            with code ``no_time_limit``.
        InvalidMessage
            when the minutes are not from 1 to `MOST_EXTRA_MINUTES`.
        StoreUnavailable
            when it cannot be kept now.
        """
        if self._bank.form(form_id).limit_minutes is None:
            raise NotAllowed("the form has no limit of time", "no_time_limit")
        await self._decided.add(TimeAdded(self._decided.now_us(), form_id, _minutes(minutes)))
        self._on_change()

    async def neutralise(self, form_id: str, item_id: str, why: str) -> None:
        """Let a faulty item not count any more in this class, in every version that was given here.

        Raises
        ------
        NotFound
            when the bank has no such form or item.
        InvalidMessage
            when no reason is given, or one that is too long.
        StoreUnavailable
            when it cannot be kept now.
        """
        reason = " ".join(why.split())
        if not reason or len(reason) > MOST_REASON_CHARS:
            raise InvalidMessage(f"found a reason of {len(reason)} letters, expected 1 to {MOST_REASON_CHARS}")
        self._bank.form(form_id)
        for ref in await self._versions(item_id):
            await self._decided.add(Neutralised(self._decided.now_us(), form_id, ref, reason))
        self._on_change()

    async def restore(self, form_id: str, item_id: str) -> None:
        """Let an item count again.

        Raises
        ------
        StoreUnavailable
            when it cannot be kept now.
        """
        for ref in [one for one in self.decisions.out if one.id == item_id]:
            await self._decided.add(Restored(self._decided.now_us(), form_id, ref))
        self._on_change()

    async def _versions(self, item_id: str) -> list[ItemRef]:
        given = await asyncio.to_thread(lambda: {ref for ref in self._given() if ref.id == item_id})
        return sorted(given | {ItemRef(item_id, self._bank.item(item_id).version)})

    def _given(self) -> Iterator[ItemRef]:
        for rows in self._store.response_rows(self._classroom_id):
            yield from items_given(rows.attempt, rows.events)

    # ── one learner ─────────────────────────────────────────────────────────────────────────────────────

    async def works(self, learner_id: str) -> list[Work]:
        """The learner's latest attempt at each form that the class offers."""
        return await asyncio.to_thread(lambda: [self._work(learner_id, form) for form in self.forms()])

    def _work(self, learner_id: str, form: Form) -> Work:
        latest = self._latest(learner_id, form.id)
        given = sum(one.minutes for one in self._store.extra_time(learner_id) if one.form_id == form.id)
        if latest is None:
            return Work(form, "not_begun", extra_minutes=given)
        row, events, attempt = latest
        return Work(
            form,
            attempt.status,
            finished_us=_finished_us(events) if attempt.status == "finished" else None,
            finish_reason=attempt.finish_reason,
            left_ms=self._left_ms(row, events, attempt),
            extra_minutes=sum(one.minutes for one in events_of(row, events) if isinstance(one, Extended)),
        )

    def _left_ms(self, row: AttemptRow, events: list[EventRow], attempt: Attempt) -> int | None:
        deadline = self._deadline(row, attempt)
        if deadline is None:
            return None
        stopped_at = _finished_us(events) if attempt.status == "finished" else self._decided.now_us()
        return left_ms(deadline, stopped_at)

    def _deadline(self, row: AttemptRow, attempt: Attempt) -> int | None:
        return deadline_us(attempt, row.started_at_us, self.decisions.minutes.get(row.form_id, 0))

    async def extend(self, learner_id: str, form_id: str, minutes: int) -> None:
        """Give one learner minutes beyond the limit: of the attempt under way, or from the start of the next one.

        Raises
        ------
        NotAllowed
            with code ``no_time_limit``; ``finished`` or ``time_over`` when the attempt must be reopened instead.
        NotFound, InvalidMessage, StoreUnavailable
            as `extend_all`.
        """
        minutes = _minutes(minutes)
        if self._bank.form(form_id).limit_minutes is None:
            raise NotAllowed("the form has no limit of time", "no_time_limit")
        async with self._quiz.opening(learner_id):  # or it could begin while we keep what it is to begin with
            latest = await asyncio.to_thread(self._latest, learner_id, form_id)
            if latest is None:
                now = self._decided.now_us()
                own_id = new_id(now)
                await self._store.add_extra_time(ExtraTimeRow(own_id, learner_id, form_id, minutes, now))
                return
        await self._quiz.by_teacher(latest[0].id, Extend(minutes))

    async def reopen(self, learner_id: str, form_id: str, reason: str, minutes: int = 0) -> None:
        """Let a learner go on with the latest attempt at a form, with the time that was left and `minutes` more.

        Raises
        ------
        NotFound
            when the learner has not begun the form.
        NotAllowed
            with code ``not_finished``; ``no_time_left`` when there is no time left and none is given.
        InvalidMessage
            when the reason is none of ours, or the minutes are not from 0 to `MOST_EXTRA_MINUTES`.
        StoreUnavailable
            when it cannot be kept now.
        """
        word = _reason(reason)
        latest = await asyncio.to_thread(self._latest, learner_id, form_id)
        if latest is None:
            raise NotFound("the learner has not begun the form")
        row, events, attempt = latest
        if attempt.status != "finished":
            raise NotAllowed("the attempt is not finished", "not_finished")
        deadline, shut_us = self._deadline(row, attempt), _finished_us(events)
        if deadline is not None and not minutes and left_ms(deadline, shut_us) == 0:
            raise NotAllowed("there is no time left and none is given", "no_time_left")
        shut_us = min(shut_us, deadline) if deadline is not None else shut_us
        form = self._bank.form(form_id)
        again = Reopen(
            word, (self._decided.now_us() - shut_us) // 1000, form.mode == "assessment" and form.review
        )
        more = [Extend(_minutes(minutes))] if deadline is not None and minutes else []
        await self._quiz.by_teacher(row.id, again, *more)

    def _latest(self, learner_id: str, form_id: str) -> tuple[AttemptRow, list[EventRow], Attempt] | None:
        rows = self._store.attempts_of(learner_id, form_id)
        found = self._store.attempt(rows[-1].id) if rows else None
        return (*found, replay(events_of(*found))) if found else None


def _finished_us(events: Iterable[EventRow]) -> int:
    """When the attempt was handed in last."""
    return max(event.recorded_at_us for event in events if event.type == "finished")


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= MOST_EXTRA_MINUTES:
        raise InvalidMessage(f"found {minutes} minutes, expected 1 to {MOST_EXTRA_MINUTES}")
    return minutes


def _reason(word: str) -> ReopenReason:
    for known in get_args(ReopenReason):
        if word == known:
            reason: ReopenReason = known
            return reason
    raise InvalidMessage(f"found the reason {word[:20]!r}, expected one of {', '.join(get_args(ReopenReason))}")
