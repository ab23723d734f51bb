"""The quiz service: takes messages of one learner, marks, stores, replies. Same for HTTP and for a notebook."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from weakref import WeakValueDictionary

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import evolve, replay
from bdhvs.core.attempt_commands import (
    Answer,
    AskHelp,
    AskHint,
    Command,
    Extend,
    Finish,
    Give,
    GoTo,
    Pause,
    Reopen,
    Resume,
    Skip,
    decide,
)
from bdhvs.core.decisions import NOTHING, Decisions
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.core.pace import FREE, Pace
from bdhvs.errors import InvalidMessage, NotAllowed, NotFound, StoreUnavailable
from bdhvs.service import protocol
from bdhvs.service.beginning import Beginning
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.choosing import Choosing
from bdhvs.service.learner import Learner
from bdhvs.service.led import as_led, refuse_by_pace
from bdhvs.service.protocol import Message, Opened, Reply
from bdhvs.service.replies import Replies, following_hint
from bdhvs.service.results import LessonLink
from bdhvs.service.searching import Searching
from bdhvs.service.sessions import LiveAttempt, LiveAttempts
from bdhvs.service.standing import Standing, not_scored
from bdhvs.service.time_limits import TimeLimits
from bdhvs.store import EventRow, OutOfStep, Store, events_of, to_row
from bdhvs.store.ids import new_id

#: Facts of one attempt, and attempts of one learner at one form: far above what a person does (24 items looked at and
#: answered forty times over; a form taken daily for half a year), so that no phone can fill the disk or the memory.
MOST_FACTS = 2_000
MOST_ATTEMPTS = 200

#: Told of an attempt that was opened (no facts) or whose new facts are on disk. It is quick and raises nothing.
OnChange = Callable[[LiveAttempt, Sequence[EventRow]], None]


class QuizService:
    """Attempts of learners over one bank and one store.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC). It may jump back: order comes from ``seq``.
    lessons : lessons to suggest in a result.
    offers : whether the class offers a form; an attempt that began goes on in any case.
    on_change : told of every change, for those who look on.
    pace_of : the pace of a class (`bdhvs.core.pace`), which is kept here for every message; a notebook has none.
    decisions : what the teacher has decided for the class (`bdhvs.service.decided`).
    standing : what may be told of a learner (pseudonym, class) from all their work; a notebook has no scoring.
    starting : kept entered while somebody begins a form, so that its list does not change meanwhile.
    """

    def __init__(
        self,
        bank: Bank,
        store: Store,
        *,
        now_us: Callable[[], int],
        lessons: Sequence[LessonLink] = (),
        offers: Callable[[str], bool] = lambda form_id: True,
        on_change: OnChange = lambda live, rows: None,
        pace_of: Callable[[str], Pace] = lambda classroom_id: FREE,
        decisions: Callable[[], Decisions] = lambda: NOTHING,
        standing: Callable[[str, str], Awaitable[Standing]] = not_scored,
        starting: Callable[[str], AbstractAsyncContextManager[None]] = lambda form_id: nullcontext(),
    ) -> None:
        self.bank = bank
        self.store = store
        self.lessons = lessons
        self._offers = offers
        self._on_change = on_change
        self._pace_of = pace_of
        self._decisions = decisions
        self._starting = starting
        self._now_us = now_us
        self._catalogue = Catalogue(bank, store)
        self._live = LiveAttempts(store, self._catalogue)
        self._choosing = Choosing(bank, store, self._catalogue, decisions)
        self._searching = Searching()
        self._limits = TimeLimits(now_us=now_us, pace_of=pace_of, decisions=decisions)
        self._beginning = Beginning(
            bank, store, self._catalogue, self._choosing, now_us=now_us, pace_of=pace_of, decisions=decisions
        )
        self._replies = Replies(
            self._catalogue,
            bank.framework,
            lessons,
            pace_of=pace_of,
            decisions=decisions,
            standing=standing,
            limits=self._limits,
        )
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, learner: Learner, message: Message) -> Reply:
        """The reply to one message. What it acknowledges is on disk.

        Raises
        ------
        Refused
            when the message cannot be honoured; nothing was stored.
        StoreUnavailable
            when nothing can be written now; the sender keeps the message and tries again.
        """
        if isinstance(message, protocol.Open):
            return await self._open(learner, message)
        live = await self._live.get(message.attempt)
        if live is None or live.row.learner_id != learner.id:
            raise NotFound("there is no such attempt for this learner")
        async with live.lock:
            return await self._act(live, message)

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory, once the store has forgotten them."""
        async with self.opening(learner_id):  # an attempt that is being opened gets there first
            await self._live.forget_learner(learner_id)

    # ── what is not a learner's message ─────────────────────────────────────────────────────────────────

    async def by_teacher(self, attempt_id: str, *commands: Extend | Reopen) -> None:
        """Do what only the teacher may, one after the other; who is asking was found out by the caller.

        Raises
        ------
        NotFound
            when there is no such attempt.
        NotAllowed
            when its state forbids it.
        StoreUnavailable
            when it cannot be kept now.
        """
        live = await self._live.get(attempt_id)
        if live is None:
            raise NotFound("there is no such attempt")
        async with live.lock:
            await self._end_when_over(live)
            for command in commands:
                await self._store(live, new_id(self._now_us()), command)

    async def end_when_over(self, attempt_id: str) -> int | None:
        """End an attempt whose time, grace included, is over.

        Returns
        -------
        When that is going to be, in microseconds since the epoch; None when it is ended, or has no limit, or is not here.

        Raises
        ------
        StoreError
            when it cannot be read, or the end cannot be kept now.
        """
        live = await self._live.get(attempt_id)
        if live is None:
            return None
        async with live.lock:
            await self._end_when_over(live)
            return self._limits.ends_us(live)

    async def finish_class(self, classroom_id: str) -> int:
        """Hand in every attempt of an ended class that is still open; how many there were. Doing it again is harmless.

        Raises
        ------
        StoreError
            when the disk is in the way: the rest is handed in when its learner comes, or at the next start.
        """
        ids = await asyncio.to_thread(self._unfinished, classroom_id)
        lives = [live for live in [await self._live.get(one) for one in ids] if live is not None]
        await asyncio.gather(*map(self._finish_by_teacher, lives))
        return len(lives)

    def _unfinished(self, classroom_id: str) -> list[str]:
        rows = self.store.response_rows(classroom_id)
        return [one.attempt.id for one in rows if replay(events_of(one.attempt, one.events)).status != "finished"]

    async def _finish_by_teacher(self, live: LiveAttempt) -> None:
        async with live.lock:
            if live.attempt.status != "finished":
                await self._store(live, new_id(self._now_us()), Finish("teacher"))

    async def _end_when_over(self, live: LiveAttempt) -> None:
        if self._limits.is_over(live):
            await self._store(live, new_id(self._now_us()), Finish("time"))

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, learner: Learner, message: protocol.Open) -> Opened:
        form_id = self.bank.form(message.form).taken_by(learner.id)
        lang = message.lang or learner.lang
        if self._pace_of(learner.classroom_id).gate == "waiting":
            raise NotAllowed("the class has not begun", "not_begun")
        # A page that loads twice at once must not start two attempts.
        async with self.opening(learner.id):
            rows = await asyncio.to_thread(self.store.attempts_of, learner.id, form_id)
            live = await self._live.get(rows[-1].id) if rows else None
            if live is None or (message.again and live.attempt.status == "finished"):
                if len(rows) >= MOST_ATTEMPTS:
                    raise NotAllowed("the form was taken as often as one may")
                if not self._offers(message.form):
                    raise NotFound("this class does not offer the form")
                async with self._starting(form_id):
                    live = await self._beginning.begin(learner, form_id, lang, message.device)
                    self._live.add(live)
        if self._pace_of(learner.classroom_id).gate == "ended":
            await self._finish_by_teacher(live)  # begun while the class was being ended, or a crash came between
        if live.attempt.rules.limit_minutes is not None:
            async with live.lock:
                await self._end_when_over(live)
        self._on_change(live, ())
        self._searching.begin(item for item, _ in live.given.values())
        return await self._replies.opened(live, lang)

    def form(self, form_id: str) -> Form:
        """The form as the class takes it: swapped items in their places, in the class's order.

        Raises
        ------
        NotFound
            when the bank has no such form.
        """
        return self._beginning.form(form_id)

    def counts(self, item: Item) -> bool:
        """Whether the item counts in the class's results."""
        return self._decisions().counts(item.id, item.version)

    def opening(self, learner_id: str) -> asyncio.Lock:
        """Held while an attempt of the learner begins."""
        lock = self._opening.get(learner_id)
        if lock is None:
            lock = self._opening[learner_id] = asyncio.Lock()
        return lock

    # ── acting ──────────────────────────────────────────────────────────────────────────────────────

    async def _act(self, live: LiveAttempt, message: protocol.Act) -> Reply:
        if isinstance(message, protocol.TellSoFar):
            return self._told_so_far(live, message)
        # First: what cannot have been done is refused before anything is kept.
        hint = await self._searching.found(partial(following_hint, live, message)) if isinstance(message, protocol.AskForHint) else None
        if message.event_id not in live.known:
            if live.attempt.rules.limit_minutes is not None:
                await self._end_when_over(live)
            if live.next_seq > MOST_FACTS and not isinstance(message, protocol.FinishAttempt):
                raise NotAllowed("the attempt holds as many facts as one may")
            refuse_by_pace(self._pace_of(live.row.classroom_id), live, message)
            await self._store(live, message.event_id, self._command(live, message))
            if isinstance(message, protocol.AnswerItem):
                live.so_far.pop(message.item, None)
        if not isinstance(message, protocol.FinishAttempt):
            return self._replies.saved(live, message, hint)
        if live.attempt.status != "finished":
            raise InvalidMessage("the event id is that of another fact")
        return await self._replies.finished(live, message.event_id)

    def _told_so_far(self, live: LiveAttempt, message: protocol.TellSoFar) -> Reply:
        """Remember it, nowhere but in memory, while the item still takes an answer."""
        item, order = live.item(message.item)
        if not item.hints_follow:
            raise NotAllowed("an item that takes an answer at once")
        reply = self._replies.saved(live, message, None)
        if message.response == {"actions": []} or reply.state is None or not reply.state.open:
            live.so_far.pop(item.id, None)
        else:
            item.read(message.response, order)
            live.so_far[item.id] = message.response
        return reply

    async def _store(self, live: LiveAttempt, event_id: str, command: Command) -> None:
        """Decide, write, and only then believe it: a failed write leaves the attempt as it was."""
        now = self._now_us()
        rows: list[EventRow] = []
        attempt = as_led(self._pace_of(live.row.classroom_id), live, command)
        for event in decide(attempt, command):
            attempt = evolve(attempt, event)
            given = live.given.get(getattr(event, "item", ""))
            version = given.item.version if given else None
            rows.append(to_row(event, live.row.id, event_id, live.next_seq + len(rows), now, version))
        chosen = await self._choosing.next(live, attempt) if isinstance(command, (Answer, Skip)) else None
        for event in decide(attempt, Give(*chosen)) if chosen else ():
            attempt = evolve(attempt, event)
            rows.append(to_row(event, live.row.id, new_id(self._now_us()), live.next_seq + len(rows), now))
        if rows:
            await self._append(live, rows)  # all or none: after a crash there is no answer without what follows it
            if chosen:
                live.give(self._catalogue.item(*chosen))
                self._searching.begin([self._catalogue.item(*chosen)])
            live.attempt = attempt
            live.next_seq += len(rows)
            live.known.add(event_id)
            self._on_change(live, rows)

    async def _append(self, live: LiveAttempt, rows: Sequence[EventRow]) -> None:
        try:
            await self.store.append(rows)
        except OutOfStep as exc:
            self._live.drop(live)  # memory is behind the disk (a cancelled request was kept after all)
            raise StoreUnavailable("the attempt was read anew; send the message again") from exc
        except asyncio.CancelledError:
            self._live.drop(live)
            raise

    def _command(self, live: LiveAttempt, message: protocol.Fact) -> Command:
        match message:
            case protocol.AnswerItem():
                return self._answer(live, message)
            case protocol.SkipItem(item=item):
                return Skip(item)
            case protocol.GoToItem(item=item):
                return GoTo(item)
            case protocol.AskForHint(item=item):
                return AskHint(item)
            case protocol.AskForHelp(item=item):
                return AskHelp(item)
            case protocol.PauseAttempt():
                return Pause()
            case protocol.ResumeAttempt():
                return Resume()
            case protocol.FinishAttempt():
                # A phone hands in by itself when its time is over.
                return Finish("time" if self._limits.left_ms(live) == 0 else "learner")

    def _answer(self, live: LiveAttempt, message: protocol.AnswerItem) -> Answer:
        item, order = live.item(message.item)
        response = item.read(message.response, order)
        elapsed = message.elapsed_ms
        return Answer(
            item=item.id,
            version=message.version,
            response=response,
            score=item.score(response),
            help=message.help,
            confidence=message.confidence,
            elapsed_ms=round(elapsed) if elapsed is not None and 0 <= elapsed <= protocol.DAY_MS else None,
        )
