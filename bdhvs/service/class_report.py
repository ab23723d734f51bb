"""What a class's report says: who came, what the class can do, what was hardest, whom to visit.

Three decisions stand behind the numbers:

* **A task counts once a learner**, as it went the last time it was answered, and only when the learner dealt with it
  (answered or skipped). Of a task not reached or cut off nothing is known, so it counts neither way.
* **The interval is over learners, not over tasks.** Tasks of one learner go together (who can do one can do the next), so
  an interval over tasks would look surer than it is. So each learner gives one yes or no per domain: did at least half of
  the tasks met there alone. Wilson's interval of that share says where it may lie among people like these.
* **Half is a mark for the class, not for a person.** With two tasks in a domain it says little about one learner; nothing
  here names a level, and no learner's own yes or no is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bdhvs.bank.loader import Bank
from bdhvs.i18n import translator
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.class_changes import Change, changes
from bdhvs.service.class_levels import ClassLevels, class_levels
from bdhvs.service.domain_lines import DomainLine, domain_lines
from bdhvs.service.hard_items import HardItem, hardest
from bdhvs.service.learner_records import LearnerRecord, learner_records
from bdhvs.service.movement_counts import movement_counts, movement_sentences
from bdhvs.service.own_view import own_view
from bdhvs.service.practised import PractisedTask, practised
from bdhvs.service.results import LessonLink, lessons_for
from bdhvs.service.score_version import Lacking, version_or_why
from bdhvs.service.visits import Visit, visits
from bdhvs.store import ClassroomRow, ScoreVersionRow, Store
from bdhvs.store.decisions import decisions_in


@dataclass(frozen=True, slots=True)
class Attendance:
    """One learner's attendance. Times are microseconds since the epoch (UTC); None: no answer at all.

    ``given`` and ``answered`` count items of the quizzes begun, each once; ``handed_in`` counts quizzes.
    """

    name: str
    joined_us: int
    first_us: int | None
    last_us: int | None
    given: int
    answered: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The whole report. ``closed_us`` is None while the class is open; ``changes``: what the teacher decided for all.

    ``levels``: what can be said of bands, from all quizzes handed in.
    ``movement``: who helped whom and which households are together, in counts; often empty.
    ``own_view``: what the class thinks of itself beside what it did, in sentences about nobody in particular; often empty.
    ``practised``: what was done on the practice phone, a line a simulation.
    """

    name: str
    code: str
    opened_us: int
    closed_us: int | None
    lang: str
    attendance: tuple[Attendance, ...]
    domains: tuple[DomainLine, ...]
    hardest: tuple[HardItem, ...]
    lessons: tuple[str, ...]
    visits: tuple[Visit, ...]
    levels: ClassLevels
    changes: tuple[Change, ...] = ()
    own_view: tuple[str, ...] = ()
    movement: tuple[str, ...] = ()
    practised: tuple[PractisedTask, ...] = ()

    @property
    def joined(self) -> int:
        """Learners who joined."""
        return len(self.attendance)

    @property
    def answering(self) -> int:
        """Learners who answered at least once."""
        return sum(one.answered > 0 for one in self.attendance)

    @property
    def handed_in(self) -> int:
        """Learners who handed in at least one quiz."""
        return sum(one.handed_in > 0 for one in self.attendance)

    @property
    def answered(self) -> int:
        """Tasks answered by all learners together."""
        return sum(one.answered for one in self.attendance)

    @property
    def first_us(self) -> int | None:
        """Time of the first answer; None when there is none."""
        return min((one.first_us for one in self.attendance if one.first_us is not None), default=None)

    @property
    def last_us(self) -> int | None:
        """Time of the last answer; None when there is none."""
        return max((one.last_us for one in self.attendance if one.last_us is not None), default=None)

    def without_names(self) -> ClassReport:
        """The same report with "Learner 1", "Learner 2" for names and nobody to visit: fit to leave the teacher's hands."""
        _ = translator(self.lang)
        names = {one.name: _("Learner {n}").format(n=n) for n, one in enumerate(self.attendance, start=1)}
        unnamed = tuple(replace(one, name=names[one.name]) for one in self.attendance)
        return replace(self, attendance=unnamed, visits=(), levels=self.levels.renamed(names))


def class_report(
    store: Store,
    room: ClassroomRow,
    bank: Bank,
    *,
    lessons: Sequence[LessonLink] = (),
    lang: str = "vi",
    version: ScoreVersionRow | Lacking | None = None,
) -> ClassReport:
    """The report of a class as the store has it now. Reads the disk: call it outside the event loop.

    `version` is that by which bands are named, when the caller knows it; scores made by it are shown, none are made here.

    Raises
    ------
    StoreError
        when the store cannot be read.
    NotFound
        when an attempt names an item version that neither bank nor store has.
    """
    catalogue, decisions = Catalogue(bank, store), decisions_in(store, room.id)
    records = learner_records(store, room, catalogue, decisions)
    tasks = [task for record in records for task in record.tasks.values()]
    in_use = version if version is not None else version_or_why(bank)
    by_learner = {record.person.id: record.name for record in records}
    weak = [task.item.competence for task in tasks if task.met and not task.done.alone]
    return ClassReport(
        name=room.name,
        code=room.code,
        opened_us=room.opened_at_us,
        closed_us=room.closed_at_us,
        lang=lang,
        attendance=tuple(_attendance(record) for record in records),
        domains=tuple(domain_lines([record.tasks.values() for record in records], bank.framework, lang)),
        hardest=tuple(hardest(tasks, bank.framework, lessons, lang)),
        lessons=tuple(lesson.title for lesson in lessons_for(weak, lessons, lang)),
        visits=tuple(visits(records, translator(lang))),
        levels=class_levels(store.scores(room.id), by_learner, in_use, bank.framework, lang),
        changes=tuple(changes(decisions, bank, catalogue, lang)),
        own_view=own_view(((record.own_words, record.tasks) for record in records), bank.framework, lang),
        movement=movement_sentences(movement_counts(store, room.id, bank), bank.framework, lang),
        practised=practised(tasks, lang),
    )


def _attendance(record: LearnerRecord) -> Attendance:
    return Attendance(
        name=record.name,
        joined_us=record.person.joined_at_us,
        first_us=min(record.answer_times, default=None),
        last_us=max(record.answer_times, default=None),
        given=len(record.tasks),
        answered=record.answered,
        handed_in=sum(record.quizzes.values()),
    )
