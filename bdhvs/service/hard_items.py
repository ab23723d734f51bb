"""Which items were hardest for a class, and what to say about them the next time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bdhvs.bank.plain import plain_text
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item, Text
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.simulation import Simulation
from bdhvs.service.learner_work import Task
from bdhvs.service.results import LessonLink, lessons_for

MOST_HARD_ITEMS = 5  # what a teacher can take up in one class
LEAST_MET = 3  # learners who met an item before it may be called hard; fewer could be one person's bad day


@dataclass(frozen=True, slots=True)
class HardItem:
    """An item many could not do alone. ``wrong`` is the wrong option chosen most in first answers, by ``wrong_by`` learners.

    ``wrong`` is None for items without options, and when nobody chose a wrong one. Texts are plain, in the report's language.
    """

    item: str
    competence: str
    stem: str
    met: int
    alone: int
    wrong: str | None
    wrong_by: int
    explanation: str | None
    lessons: tuple[str, ...]


def hardest(
    tasks: Iterable[Task], framework: Framework, lessons: Sequence[LessonLink], lang: str
) -> Iterator[HardItem]:
    """Items the smallest share did alone, hardest first; those that everybody did alone are not hard."""
    by_item: defaultdict[tuple[str, int], list[Task]] = defaultdict(list)
    for task in tasks:
        if task.met:
            by_item[task.item.id, task.item.version].append(task)
    enough = [own for own in by_item.values() if len(own) >= LEAST_MET and _alone(own) < len(own)]
    for own in sorted(enough, key=lambda own: (_alone(own) / len(own), -len(own), own[0].item.id))[:MOST_HARD_ITEMS]:
        yield _hard_item(own, framework, lessons, lang)


def _alone(tasks: Sequence[Task]) -> int:
    return sum(task.done.alone for task in tasks)


def _hard_item(
    tasks: Sequence[Task], framework: Framework, lessons: Sequence[LessonLink], lang: str
) -> HardItem:
    item = tasks[0].item
    wrong, wrong_by = _favourite_mistake(item, tasks, lang)
    return HardItem(
        item=item.id,
        competence=f"{item.competence} {framework[item.competence].name.in_language(lang)}",
        stem=plain_text(item.stem.in_language(lang)),
        met=len(tasks),
        alone=_alone(tasks),
        wrong=wrong,
        wrong_by=wrong_by,
        explanation=plain_text(item.explanation.in_language(lang)) if item.explanation else None,
        lessons=tuple(lesson.title for lesson in lessons_for([item.competence], lessons, lang)),
    )


def _favourite_mistake(item: Item, tasks: Sequence[Task], lang: str) -> tuple[str | None, int]:
    """The wrong option most learners chose in their first answer, or in a simulation why the commonest dangerous act is one,
    and how many did so; of equals the author's first.

    Typed answers are not shown: what people write may say more about them than a report should.
    """
    mistakes: dict[str, Text] = {}
    if isinstance(item, ChoiceItem):
        mistakes = {option.id: option.text for option in item.options if not option.key}
    elif isinstance(item, Simulation):
        mistakes = {act.id: act.why for act in item.forbidden}
    chosen = Counter(one for task in tasks if task.first is not None for one in item.recorded_choices(task.first))
    met = [one for one in mistakes if chosen[one]]
    if not met:
        return None, 0
    favourite = max(met, key=lambda one: chosen[one])
    return plain_text(mistakes[favourite].in_language(lang)), chosen[favourite]
