"""What a learner's message is answered with: where the attempt stands, as far as its learner may see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import UNSET, UnsetType, structs

from bdhvs.core.decisions import Decisions
from bdhvs.core.framework import Framework
from bdhvs.core.pace import Pace
from bdhvs.service import protocol
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.pace_view import pace_view
from bdhvs.service.protocol import FinishedReply, ItemView, NextItem, Opened, Result, Saved
from bdhvs.service.results import LessonLink, result
from bdhvs.service.sessions import LiveAttempt
from bdhvs.service.standing import Standing
from bdhvs.service.time_limits import TimeLimits
from bdhvs.service.views import form_view, inline, item_view, shown_item


class Replies:
    """Makes replies from attempts in memory.

    Parameters
    ----------
    lessons : lessons to suggest in a result.
    standing : what may be told of a learner (pseudonym, class) from all their work.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        framework: Framework,
        lessons: Sequence[LessonLink],
        *,
        pace_of: Callable[[str], Pace],
        decisions: Callable[[], Decisions],
        standing: Callable[[str, str], Awaitable[Standing]],
        limits: TimeLimits,
    ) -> None:
        self._catalogue = catalogue
        self._framework = framework
        self._lessons = lessons
        self._pace_of = pace_of
        self._decisions = decisions
        self._standing = standing
        self._limits = limits

    async def opened(self, live: LiveAttempt, lang: str) -> Opened:
        """All that a page needs to show the attempt, in `lang`."""
        row, attempt = live.row, live.attempt
        given = live.given.values()
        return Opened(
            attempt=row.id,
            status=attempt.status,
            form=form_view(self._catalogue.form(row.form_id), lang, attempt.rules.most_items),
            items=tuple(shown_item(item, order, lang) for item, order in given),
            states={item.id: self._with_what_was_done(live, item.id, lang) for item, _ in given},
            current=attempt.current,
            time_left_ms=self._limits.left_ms(live),
            result=await self._result(live, lang) if attempt.status == "finished" else None,
            pace=pace_view(self._pace_of(row.classroom_id)),
        )

    def saved(self, live: LiveAttempt, message: protocol.Act, hint: str | None) -> Saved:
        """What `message` changed, all of it on disk; `hint` is that of `following_hint`."""
        lang, item_id, left = live.row.lang, getattr(message, "item", None), self._limits.left_ms(live)
        return Saved(
            event_id=message.event_id,
            attempt=live.row.id,
            item=item_id,
            state=self._item_view(live, item_id, lang, hint) if item_id else None,
            current=live.attempt.current,
            status=live.attempt.status,
            time_left_ms=UNSET if left is None else left,
            next=self._next_item(live, message, lang),
        )

    async def finished(self, live: LiveAttempt, event_id: str) -> FinishedReply:
        """The result of an attempt that is finished."""
        return FinishedReply(event_id=event_id, attempt=live.row.id, result=await self._result(live, live.row.lang))

    def _next_item(self, live: LiveAttempt, message: protocol.Act, lang: str) -> NextItem | UnsetType:
        """The item that follows what was dealt with, also for a message that is sent again: its reply may have been lost."""
        current = live.attempt.current
        if live.attempt.rules.adaptive is None or current is None or not isinstance(message, (protocol.AnswerItem, protocol.SkipItem)):
            return UNSET
        item, order = live.item(current)
        return NextItem(shown_item(item, order, lang), self._item_view(live, current, lang))

    def _item_view(self, live: LiveAttempt, item_id: str, lang: str, hint: str | None = None) -> ItemView:
        item, order = live.item(item_id)
        pace = self._pace_of(live.row.classroom_id)
        return item_view(
            live.attempt,
            item,
            order,
            lang,
            revealed=item_id in pace.revealed,
            withheld=pace.withholds(item_id),
            counts=self._decisions().counts(item.id, item.version),
            hint=hint,
        )

    def _with_what_was_done(self, live: LiveAttempt, item_id: str, lang: str) -> ItemView:
        """The state of an item for a page that begins."""
        view = self._item_view(live, item_id, lang)
        so_far = live.so_far.get(item_id)
        return structs.replace(view, so_far=so_far) if so_far is not None and view.open else view

    async def _result(self, live: LiveAttempt, lang: str) -> Result:
        standing = await self._standing(live.row.learner_id, live.row.classroom_id)
        return result(
            live.attempt,
            self._catalogue.form(live.row.form_id),
            [item for item, _ in live.given.values()],
            framework=self._framework,
            lessons=self._lessons,
            seed=live.row.seed,
            shuffle=live.row.shuffle_options,
            lang=lang,
            standing=standing,
            withheld=self._pace_of(live.row.classroom_id).withholds,
            counts=self._decisions().counts,
        )


def following_hint(live: LiveAttempt, message: protocol.Act) -> str | None:
    """The hint for where the learner stands, where hints follow what is done; it is not kept, only that it was asked for."""
    if not isinstance(message, protocol.AskForHint) or message.item not in live.given:
        return None
    item, order = live.item(message.item)
    if not item.hints_follow:
        return None
    return item.hint_at(message.response, order, inline(live.row.lang), deeper=message.deeper)
