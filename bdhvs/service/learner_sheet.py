"""One learner's own sheet: what was done in each domain over all quizzes, and what to learn next.

It may be opened at any time, so it holds only what the learner has been told already: answers of a quiz that is handed
in, and of practice, where feedback comes at once. Counts of a quiz under way would imply its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt
from bdhvs.core.framework import Framework
from bdhvs.errors import NotFound
from bdhvs.i18n import translator
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.guidance_sentences import guidance_sentence
from bdhvs.service.learner_work import Task, keep_latest, work_of
from bdhvs.service.results import LessonLink, lessons_for
from bdhvs.service.standing import NOTHING_KNOWN, Standing, band, note, sentence
from bdhvs.store import LearnerRow, Store
from bdhvs.store.decisions import decisions_in


@dataclass(frozen=True, slots=True)
class SheetDomain:
    """Tasks of one domain that the learner met; all three are 0 where none was met yet.

    ``band`` and ``band_sentence`` as in `bdhvs.service.standing`.
    """

    code: str
    name: str
    alone: int
    helped: int
    not_yet: int
    band: str | None = None
    band_sentence: str | None = None

    @property
    def total(self) -> int:
        """Tasks met, ≥ 0."""
        return self.alone + self.helped + self.not_yet


@dataclass(frozen=True, slots=True)
class LearnerSheet:
    """The sheet in the learner's language. ``name`` is the nickname or name given at joining, "—" when it is forgotten.

    ``bands`` says how bands come about, or why none is named; ``guidance`` what people helped confirmed, None while nobody has.
    """

    name: str
    class_name: str
    lang: str
    summary: str
    bands: str
    notice: str
    domains: tuple[SheetDomain, ...]
    next: tuple[LessonLink, ...]
    guidance: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell yet."""
        return not any(domain.total for domain in self.domains)


def learner_sheet(
    store: Store,
    learner_id: str,
    bank: Bank,
    *,
    class_name: str,
    lessons: Sequence[LessonLink] = (),
    lang: str = "vi",
    standing: Standing = NOTHING_KNOWN,
    withheld: Callable[[str], bool] = lambda item: False,
) -> LearnerSheet:
    """The sheet of one learner as the store has it now. Reads the disk: call it outside the event loop.

    ``withheld`` items, which a teacher will yet reveal, are left out.

    Raises
    ------
    NotFound
        when the store does not know the learner.
    """
    person = store.learner(learner_id)
    if person is None:
        raise NotFound("the store does not know this learner")
    _ = translator(lang)
    known = _known_to_the_learner(store, person, bank)
    met = [task for task in known if task.met and not withheld(task.item.id)]
    right = sum(task.done.right for task in met)
    weak = [task.item.competence for task in met if not task.done.alone]
    return LearnerSheet(
        name=person.nickname or "—",
        class_name=class_name,
        lang=lang,
        summary=_("You did {right} of {total} tasks.").format(right=right, total=len(met)),
        bands=note(standing, bank.framework, lang),
        notice=_("This result is for your learning. It is not the state's confirmation on VNeID."),
        domains=tuple(_domains(met, standing, bank.framework, lang)),
        next=tuple(lessons_for(weak, lessons, lang)),
        guidance=guidance_sentence(store, learner_id, bank.framework, lang),
    )


def _known_to_the_learner(store: Store, person: LearnerRow, bank: Bank) -> Iterable[Task]:
    """Tasks whose feedback is due, each as it was answered last."""
    catalogue, decisions = Catalogue(bank, store), decisions_in(store, person.classroom_id)
    rows = [row for form in bank.forms for row in store.attempts_of(person.id, form)]
    tasks: dict[str, Task] = {}
    for row in sorted(rows, key=lambda row: (row.started_at_us, row.id)):
        found = store.attempt(row.id)
        if found is not None:
            attempt, own = work_of(*found, catalogue, decisions)
            keep_latest(tasks, own if _feedback_is_due(attempt) else ())
    return tasks.values()


def _feedback_is_due(attempt: Attempt) -> bool:
    return attempt.rules.practice or attempt.status == "finished"


def _domains(tasks: Sequence[Task], standing: Standing, framework: Framework, lang: str) -> Iterator[SheetDomain]:
    """The six domains, and the entry module where something of it was done."""
    for domain in (framework.entry, *framework.domains):
        own = [task for task in tasks if task.domain == domain.code]
        if own or domain is not framework.entry:
            yield SheetDomain(
                code=domain.code,
                name=domain.name.in_language(lang),
                alone=sum(task.done.alone for task in own),
                helped=sum(task.done.right and task.done.helped for task in own),
                not_yet=sum(not task.done.right for task in own),
                band=band(standing, domain.code, framework, lang) if own else None,
                band_sentence=sentence(standing, domain.code, framework, lang) if own else None,
            )
