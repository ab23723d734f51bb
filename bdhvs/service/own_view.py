"""What a class thinks of itself beside what it did, in a few sentences for its teacher. Nobody is named or can be found out.

What somebody said is set beside the tasks it is about: of those they met, were at least half done alone? Half is a mark for
the class, as in its report; a task or two say little about one person. Below `LEAST` people nothing is said at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bdhvs.core.attempt import Attempt
from bdhvs.core.decisions import Decisions
from bdhvs.core.framework import Framework
from bdhvs.core.items.self_assessment import SelfAssessment
from bdhvs.i18n import Gettext, translator
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.learner_work import Task

LEAST = 5  # people; of fewer the class would know who is meant
SURE_FROM = 3  # of four steps: "quite sure"
MOST_NAMED = 2  # competences that are named


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said last of one competence. ``can``: that they can do it alone; ``about``: items, none for all."""

    competence: str
    about: tuple[str, ...]
    can: bool

    def shown(self, tasks: Iterable[Task]) -> bool | None:
        """Whether at least half of its tasks were done alone; None when none of them was met."""
        own = [task for task in tasks if task.met and self._is_about(task)]
        return 2 * sum(task.done.alone for task in own) >= len(own) if own else None

    def _is_about(self, task: Task) -> bool:
        return task.item.id in self.about if self.about else task.item.competence == self.competence


@dataclass(slots=True)
class OwnWords:
    """What one learner said: by self-assessment what, and by item whether an answer they were sure of is right."""

    said: dict[str, Said] = field(default_factory=dict)
    sure: dict[str, bool] = field(default_factory=dict)

    def add(self, attempt: Attempt, catalogue: Catalogue, decisions: Decisions) -> None:
        """Take in a later attempt: what was said last holds."""
        for ref in attempt.items:
            state = attempt.state(ref.id)
            if state.response is None or state.score is None or not decisions.counts(*ref):
                continue
            item = catalogue.item(*ref)
            if isinstance(item, SelfAssessment):
                self.said[item.id] = Said(item.competence, item.about, bool(state.response["can"]))
            elif item.is_performance and state.confidence is not None:
                self.sure.pop(item.id, None)
                if state.confidence >= SURE_FROM:
                    self.sure[item.id] = state.score.verdict == "right"


def own_view(people: Iterable[tuple[OwnWords, Mapping[str, Task]]], framework: Framework, lang: str) -> tuple[str, ...]:
    """Sentences about the class as a whole; none when too few people said anything.

    Parameters
    ----------
    people : of each learner what they said, and their tasks by item.
    """
    known, _ = list(people), translator(lang)
    found = [
        [(one, shown) for one in words.said.values() if (shown := one.shown(tasks.values())) is not None]
        for words, tasks in known
    ]
    sure = [list(words.sure.values()) for words, _tasks in known if words.sure]
    return (*_over(found, framework, lang), *_under(found, _), *_sure(sure, _))


def _over(found: Iterable[list[tuple[Said, bool]]], framework: Framework, lang: str) -> Iterator[str]:
    _ = translator(lang)
    can = [[(said, shown) for said, shown in own if said.can] for own in found]
    people = sum(map(bool, can))
    if people < LEAST:
        return
    over = sum(any(not shown for _said, shown in own) for own in can)
    if over == 0:
        yield _("All {n} people who said they can do something alone showed it in at least half of the tasks.").format(
            n=people
        )
        return
    many = _(
        "Many people think they can do it alone, but it does not go yet: of {n} who said so, {m} did fewer than half of the tasks of something alone. "
        "That is usual and nobody's fault. Let them try first, then explain."
    )
    some = _(
        "Of {n} people who said they can do something alone, {m} did fewer than half of its tasks alone. That is usual. Let people try first, then explain."
    )
    yield (many if 2 * over >= people else some).format(n=people, m=over)
    names = [framework[code].name.in_language(lang) for code in _where(can)]
    if names:
        yield _("Most of all at: {names}.").format(names="; ".join(names))


def _where(can: Iterable[list[tuple[Said, bool]]]) -> list[str]:
    """Competences in which at least half of those who said they can did not show it, the greatest share first."""
    of: defaultdict[str, list[bool]] = defaultdict(list)
    for own in can:
        shown_of: dict[str, bool] = {}
        for said, shown in own:
            shown_of[said.competence] = shown_of.get(said.competence, True) and shown
        for code, shown in shown_of.items():
            of[code].append(shown)
    missed = {code: shown.count(False) / len(shown) for code, shown in of.items() if len(shown) >= LEAST}
    return sorted((code for code in missed if missed[code] >= 0.5), key=lambda code: (-missed[code], code))[:MOST_NAMED]


def _under(found: Iterable[list[tuple[Said, bool]]], _: Gettext) -> Iterator[str]:
    cannot = [[shown for said, shown in own if not said.can] for own in found]
    people, under = sum(map(bool, cannot)), sum(map(any, cannot))
    if people >= LEAST and under:
        yield _(
            "Of {n} people who did not say so of something, {m} did at least half of its tasks alone. "
            "Tell the class that it can do more than it thinks."
        ).format(n=people, m=under)


def _sure(sure: list[list[bool]], _: Gettext) -> Iterator[str]:
    answers = [right for own in sure for right in own]
    if len(sure) >= LEAST:
        said = _(
            "Of {n} answers that people were sure of, {m} are not right yet. Looking once more helps also when one is sure."
        )
        yield said.format(n=len(answers), m=answers.count(False))
