"""What learners may tell of themselves: whether the class asks, who must agree, what is kept and how it goes again.

Nobody must tell anything, and skipping is the same as rather not saying. Only with consent to the purpose ``research`` is
anything kept; for somebody under 16 a parent or guardian agrees, too. It is off until the teacher switches it on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bdhvs.core.about_learners import AGE_BANDS, SEXES, UNDER_16, Told
from bdhvs.core.framework import Framework
from bdhvs.errors import InvalidMessage, NotAllowed
from bdhvs.i18n import Gettext
from bdhvs.service.consents import RESEARCH, RESEARCH_GUARDIAN, TEXTS_IN_USE
from bdhvs.store import ClassEventRow, Consent, Store, ToldRow
from bdhvs.store.ids import new_id

#: The type of the class event by which a teacher lets the class ask, or not; the last one counts.
ASKING = "asking"


class Telling:
    """What the learners of one class tell.

    Parameters
    ----------
    under_16 : whether it is a class for under-16s, in which a parent or guardian agrees to whatever is kept of a person.
    """

    def __init__(
        self,
        store: Store,
        classroom_id: str,
        framework: Framework,
        *,
        now_us: Callable[[], int],
        under_16: Callable[[], bool],
    ) -> None:
        self.is_asked = False
        self.audiences = framework.audiences
        self._store = store
        self._classroom_id = classroom_id
        self._now_us = now_us
        self.under_16 = under_16

    async def load(self) -> None:
        """Read whether the class asks."""
        events = await asyncio.to_thread(self._store.class_events, self._classroom_id)
        said = [one.details for one in events if one.type == ASKING]
        self.is_asked = bool(said and said[-1].get("on"))

    async def ask(self, *, on: bool) -> None:
        """Let the class ask, or not. What was told stays until its person or the class takes it away."""
        if on == self.is_asked:
            return
        now = self._now_us()
        row = ClassEventRow(new_id(now), self._classroom_id, now, ASKING, details={"on": on})
        await self._store.append_class_event(row)
        self.is_asked = on

    async def told(self, learner_id: str) -> Told | None:
        """What somebody told; None when nothing is kept."""
        row = await asyncio.to_thread(self._store.told, learner_id)
        return Told(row.audience, row.age_band, row.sex) if row else None

    def read(self, fields: Mapping[str, str]) -> Told:
        """What a form says; "" and what is left out were not told.

        Raises
        ------
        InvalidMessage
            when a value is none that the form offers.
        """
        offered = {"audience": tuple(one.id for one in self.audiences), "age_band": AGE_BANDS, "sex": SEXES}
        values = {name: fields.get(name, "") or None for name in offered}
        for name, value in values.items():
            if value is not None and value not in offered[name]:
                raise InvalidMessage(
                    f"found {name} {value[:40]!r}, expected one of {', '.join(offered[name])}, or nothing"
                )
        return Told(**values)

    def needs_guardian(self, told: Told) -> bool:
        """Whether a parent or guardian must agree, too."""
        return self.under_16() or told.age_band in UNDER_16

    async def keep(self, learner_id: str, told: Told, *, agreed: bool, guardian: bool) -> None:
        """Keep what somebody told in the place of what they told before, with what was agreed to.

        Raises
        ------
        NotAllowed
            with code ``not_asked`` when the class does not ask, ``consent_missing`` or ``guardian_missing``; nothing is kept then.
        """
        if not self.is_asked:
            raise NotAllowed("the class does not ask about learners", "not_asked")
        if self.needs_guardian(told) and not guardian:
            raise NotAllowed("of somebody under 16 it is kept only with a guardian's consent", "guardian_missing")
        if not agreed:
            raise NotAllowed("what is told is kept only with consent", "consent_missing")
        purposes = (RESEARCH, RESEARCH_GUARDIAN) if self.needs_guardian(told) else (RESEARCH,)
        row = ToldRow(learner_id, told.audience, told.age_band, told.sex, self._now_us())
        await self._store.keep_told(row, [Consent(one, TEXTS_IN_USE[one]) for one in purposes])


def age_names(_: Gettext) -> Mapping[str, str]:
    """The age bands, in words."""
    return {
        "under_15": _("under 15"),
        "15_24": _("15 to 24"),
        "25_39": _("25 to 39"),
        "40_59": _("40 to 59"),
        "60_74": _("60 to 74"),
        "75_up": _("75 or older"),
    }


def sex_names(_: Gettext) -> Mapping[str, str]:
    """The sexes that can be told, in words."""
    return {"female": _("Female"), "male": _("Male")}


def region_names(_: Gettext) -> Mapping[str, str]:
    """Town and countryside, in words."""
    return {"urban": _("Town"), "rural": _("Countryside")}


def device_names(_: Gettext) -> Mapping[str, str]:
    """What an attempt can be begun on, in words."""
    return {"phone": _("phone"), "tablet": _("tablet"), "computer": _("computer")}
