"""What a result says: whole tasks done alone or with help, per domain and competence, and what is honest to add.

A short test cannot tell 24 × 8 levels, so no level and no band is named here without evidence for it; the
sentence says what would add some. Bands rest on all of a person's work (`bdhvs.service.standing`), counts on this attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bdhvs.core.attempt import Attempt
from bdhvs.core.evidence import TaskDone, task_done
from bdhvs.core.forms import Form
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item
from bdhvs.core.presenting import arrangement
from bdhvs.i18n import Gettext, translator
from bdhvs.service.protocol import DomainResult, Evidence, Link, Result, Reviewed
from bdhvs.service.standing import NOTHING_KNOWN, Standing, band, note, sentence
from bdhvs.service.views import answer_in_words, block, feedback


@dataclass(frozen=True, slots=True)
class LessonLink:
    """A lesson to suggest: its title and address, and the competences it teaches."""

    title: str
    href: str
    competences: tuple[str, ...]
    lang: str


@dataclass(frozen=True, slots=True)
class _Task:
    """One item's task with the competence it shows."""

    competence: str
    done: TaskDone


def result(
    attempt: Attempt,
    form: Form,
    items: Sequence[Item],
    *,
    framework: Framework,
    lessons: Sequence[LessonLink],
    seed: int,
    shuffle: bool,
    lang: str,
    standing: Standing = NOTHING_KNOWN,
    withheld: Callable[[str], bool] = lambda item: False,
    counts: Callable[[str, int], bool] = lambda item_id, version: True,
) -> Result:
    """The result of an attempt in the learner's language.

    Parameters
    ----------
    standing : what is known of the person from all their work.
    withheld : items that the teacher will reveal; they are in the review without judgement or key.
    counts : whether an item counts in this class; one that does not is in the review only, without a judgement.
    """
    _ = translator(lang)
    counted = [item for item in items if item.is_performance and counts(item.id, item.version)]
    tasks = [_Task(item.competence, task_done(attempt, item.id)) for item in counted]
    right = sum(task.done.right for task in tasks)
    only_about_oneself = not any(item.is_performance for item in items)
    none = _("Thank you. There were no tasks here, only questions about yourself.")
    alike = _("You did {right} of {total} tasks.")
    chosen = _("You did {right} of {total} tasks. Each was chosen to be neither too easy nor too hard for you, so everybody meets some they cannot do yet.")
    return Result(
        title=form.title.in_language(lang),
        summary=(none if only_about_oneself else chosen if attempt.rules.adaptive else alike).format(right=right, total=len(tasks)),
        bands=note(standing, framework, lang),
        notice=_("This result is for your learning. It is not the state's confirmation on VNeID."),
        domains=tuple(_domains(tasks, standing, framework, _, lang)),
        competences=tuple(_competences(tasks, framework, _, lang)),
        next=tuple(_next(tasks, lessons, lang)),
        review=tuple(_review(attempt, items, withheld, counts, seed, shuffle, lang)) if form.review else (),
    )


def _sentence(tasks: Sequence[_Task], _: Gettext) -> str:
    right = sum(task.done.right for task in tasks)
    helped = sum(task.done.right and task.done.helped for task in tasks)
    alone, with_help = _("did {right} of {total} tasks"), _("did {right} of {total} tasks, {helped} with help")
    return (with_help if helped else alone).format(right=right, total=len(tasks), helped=helped)


def _counts(tasks: Sequence[_Task]) -> dict[str, int]:
    return {
        "alone": sum(task.done.alone for task in tasks),
        "helped": sum(task.done.right and task.done.helped for task in tasks),
        "total": len(tasks),
    }


def _domains(
    tasks: Iterable[_Task], standing: Standing, framework: Framework, _: Gettext, lang: str
) -> Iterable[DomainResult]:
    ordered = sorted(tasks, key=lambda task: task.competence)
    for code, group in groupby(ordered, key=lambda task: task.competence[0]):
        own = list(group)
        yield DomainResult(
            code=code,
            name=framework.domain(code).name.in_language(lang),
            sentence=_sentence(own, _),
            band=band(standing, code, framework, lang),
            band_sentence=sentence(standing, code, framework, lang),
            **_counts(own),
        )


def _competences(tasks: Iterable[_Task], framework: Framework, _: Gettext, lang: str) -> Iterable[Evidence]:
    ordered = sorted(tasks, key=lambda task: task.competence)
    for code, group in groupby(ordered, key=lambda task: task.competence):
        own = list(group)
        name = framework[code].name.in_language(lang)
        yield Evidence(code=code, name=name, sentence=_sentence(own, _), **_counts(own))


def _next(tasks: Sequence[_Task], lessons: Sequence[LessonLink], lang: str) -> Iterable[Link]:
    weak = [task.competence for task in tasks if not task.done.alone]
    for lesson in lessons_for(weak, lessons, lang):
        yield Link(lesson.title, lesson.href)


def lessons_for(weak: Sequence[str], lessons: Sequence[LessonLink], lang: str) -> list[LessonLink]:
    """Lessons in `lang` that teach what was not yet done alone, the most useful first, at most three.

    A competence that no lesson teaches is helped by the nearest lesson of its domain, so that nobody is left with nothing.

    Parameters
    ----------
    weak : the competence of each task not yet done alone; one that occurs often weighs more.
    """
    own = [lesson for lesson in lessons if lesson.lang == lang]
    use = {lesson.href: 0 for lesson in own}
    for code in weak:
        for lesson in _helping(code, own):
            use[lesson.href] += 1
    return sorted((one for one in own if use[one.href]), key=lambda one: use[one.href], reverse=True)[:3]


def _helping(code: str, lessons: Sequence[LessonLink]) -> list[LessonLink]:
    """The lessons that teach a competence; if there is none, the one of its domain whose competence stands nearest."""
    teaching = [lesson for lesson in lessons if code in lesson.competences]
    domain, place = code.split(".")
    near = [
        (abs(int(other.split(".")[1]) - int(place)), number)
        for number, lesson in enumerate(lessons)
        for other in lesson.competences
        if other.split(".")[0] == domain
    ]
    return teaching or [lessons[number] for _, number in sorted(near)[:1]]


def _review(
    attempt: Attempt,
    items: Sequence[Item],
    withheld: Callable[[str], bool],
    counts: Callable[[str, int], bool],
    seed: int,
    shuffle: bool,
    lang: str,
) -> Iterable[Reviewed]:
    for item in items:
        order, due = arrangement(item, seed, shuffle), counts(item.id, item.version)
        yield Reviewed(
            item=item.id,
            stem=block(item.stem, lang),
            yours=answer_in_words(item, attempt, lang),
            outcome=attempt.outcome(item.id) if due else "neutralised",
            feedback=feedback(attempt, item, order, lang) if due and not withheld(item.id) else None,
        )
