"""Whether somebody can do what a household's goal names: each part shown by tasks done alone, or not yet.

The evidence is that of the bands (`bdhvs.service.score_evidence`): the first time an item was met, once it is due. A skill is
shown when `bdhvs.measurement.evidence.judge` says so of its tasks at the goal's levels: three of three, five of six. No
calibration is needed, and no level is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from bdhvs.core.framework import HouseholdModel
from bdhvs.measurement.evidence import judge
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.score_evidence import Met, Withheld
from bdhvs.service.scoring import subjects_in
from bdhvs.store import Store

SkillsOf = Callable[[Met], Collection[str]]


def is_reached(met: Sequence[Met], model: HouseholdModel, skills_of: SkillsOf) -> bool:
    """Whether one person's tasks show every part of the goal."""
    own = [one for one in met if one.level in model.levels]
    return all(any(_is_shown(_of_skill(own, skill, skills_of)) for skill in part.skills) for part in model.parts)


def _of_skill(met: Iterable[Met], skill: str, skills_of: SkillsOf) -> list[bool]:
    return [one.task.alone for one in met if skill in skills_of(one)]


def _is_shown(alone: Sequence[bool]) -> bool:
    return judge(sum(alone), len(alone)).standing == "shown"


def household_has_somebody(
    members: Iterable[str],
    store: Store,
    classroom_id: str,
    catalogue: Catalogue,
    model: HouseholdModel,
    withheld: Withheld = lambda item: False,
) -> bool:
    """Whether as many of `members` (pseudonyms) as the goal asks for have reached it. Reads the disk.

    Raises
    ------
    StoreError
        when the store cannot be read.
    """

    def reached(learner_id: str) -> bool:
        found = subjects_in(store, store.response_rows_of(learner_id), classroom_id, withheld)
        return bool(found) and is_reached(found[-1].met, model, skills_of)

    def skills_of(one: Met) -> Collection[str]:
        return catalogue.item(one.item, one.version).skills

    return sum(map(reached, members)) >= model.people
