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

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bdhvs.bank.loader import Bank
from bdhvs.bank.plain import plain_text
from bdhvs.core.decisions import Decisions
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item, Text
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.names import told_apart
from bdhvs.i18n import Gettext, translator
from bdhvs.measurement.proportions import wilson_ends
from bdhvs.measurement.share_cautions import share_cautions
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.caution_sentences import why_not
from bdhvs.service.class_changes import Change, changes
from bdhvs.service.class_levels import ClassLevels, class_levels
from bdhvs.service.learner_work import Task, keep_latest, work_of
from bdhvs.service.movement_counts import movement_counts, movement_sentences
from bdhvs.service.own_view import OwnWords, own_view
from bdhvs.service.practised import PractisedTask, practised
from bdhvs.service.results import LessonLink, lessons_for
from bdhvs.service.score_version import Lacking, version_or_why
from bdhvs.store import ClassroomRow, LearnerRow, ScoreVersionRow, Store
from bdhvs.store.decisions import decisions_in
from bdhvs.store.rows import ResponseRows

MOST_HARD_ITEMS = 5  # what a teacher can take up in one class
LEAST_MET = 3  # learners who met an item before it may be called hard; fewer could be one person's bad day
#: Who "asks often": a person's help at so many questions, and at so large a share of those answered, for in a long quiz
#: everybody asks three times.
CALLS_OFTEN, OFTEN_SHARE = 3, 0.25


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
class DomainLine:
    """One domain. ``alone``, ``helped`` and ``not_yet`` count tasks met; ``unmet`` those not reached or cut off.

    ``half_alone`` of ``learners`` did at least half of their tasks here alone; ``low`` and ``high`` are the ends of Wilson's
    95 % interval of that share (0–1).
    """

    code: str
    name: str
    alone: int
    helped: int
    not_yet: int
    unmet: int
    learners: int
    half_alone: int
    low: float
    high: float

    @property
    def met(self) -> int:
        """Tasks met, ≥ 1."""
        return self.alone + self.helped + self.not_yet

    @property
    def share(self) -> float:
        """Share of the learners who did at least half alone, 0–1."""
        return self.half_alone / self.learners


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


@dataclass(frozen=True, slots=True)
class Visit:
    """A learner to see again, and why, in sentences. For the teacher's eyes only."""

    name: str
    reasons: tuple[str, ...]


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


@dataclass(slots=True)
class _Record:
    """What is gathered of one learner. ``quizzes`` says of each form begun whether it was handed in."""

    person: LearnerRow
    name: str
    tasks: dict[str, Task] = field(default_factory=dict)
    quizzes: dict[str, bool] = field(default_factory=dict)
    answer_times: list[int] = field(default_factory=list)
    own_words: OwnWords = field(default_factory=OwnWords)

    def add(self, rows: ResponseRows, catalogue: Catalogue, decisions: Decisions) -> None:
        attempt, tasks = work_of(rows.attempt, rows.events, catalogue, decisions)
        keep_latest(self.tasks, tasks)
        self.own_words.add(attempt, catalogue, decisions)
        form = rows.attempt.form_id
        self.quizzes[form] = self.quizzes.get(form, False) or attempt.status == "finished"
        self.answer_times += [event.recorded_at_us for event in rows.events if event.type == "answered"]

    @property
    def answered(self) -> int:
        return sum(task.outcome == "answered" for task in self.tasks.values())


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
    records = _records(store, room, catalogue, decisions)
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
        domains=tuple(_domains(records, bank.framework, lang)),
        hardest=tuple(_hardest(tasks, bank.framework, lessons, lang)),
        lessons=tuple(lesson.title for lesson in lessons_for(weak, lessons, lang)),
        visits=tuple(_visits(records, translator(lang))),
        levels=class_levels(store.scores(room.id), by_learner, in_use, bank.framework, lang),
        changes=tuple(changes(decisions, bank, catalogue, lang)),
        own_view=own_view(((record.own_words, record.tasks) for record in records), bank.framework, lang),
        movement=movement_sentences(movement_counts(store, room.id, bank), bank.framework, lang),
        practised=practised(tasks, lang),
    )


def _records(store: Store, room: ClassroomRow, catalogue: Catalogue, decisions: Decisions) -> list[_Record]:
    people = store.learners(room.id)
    names = told_apart([person.nickname or "—" for person in people])
    records = {person.id: _Record(person, name) for person, name in zip(people, names, strict=True)}
    for rows in store.response_rows(room.id):
        record = records.get(rows.attempt.learner_id)
        if record is not None:
            record.add(rows, catalogue, decisions)
    return list(records.values())


def _attendance(record: _Record) -> Attendance:
    return Attendance(
        name=record.name,
        joined_us=record.person.joined_at_us,
        first_us=min(record.answer_times, default=None),
        last_us=max(record.answer_times, default=None),
        given=len(record.tasks),
        answered=record.answered,
        handed_in=sum(record.quizzes.values()),
    )


# ── domains ─────────────────────────────────────────────────────────────────────────────────────────


def _domains(records: Sequence[_Record], framework: Framework, lang: str) -> Iterator[DomainLine]:
    for domain in (framework.entry, *framework.domains):
        own = [[task for task in record.tasks.values() if task.domain == domain.code] for record in records]
        met = [tasks for all_tasks in own if (tasks := [task for task in all_tasks if task.met])]
        if not met:
            continue
        half_alone = sum(2 * sum(task.done.alone for task in tasks) >= len(tasks) for tasks in met)
        low, high = wilson_ends(half_alone, len(met))
        every = [task for tasks in met for task in tasks]
        yield DomainLine(
            code=domain.code,
            name=domain.name.in_language(lang),
            alone=sum(task.done.alone for task in every),
            helped=sum(task.done.right and task.done.helped for task in every),
            not_yet=sum(not task.done.right for task in every),
            unmet=sum(not task.met for tasks in own for task in tasks),
            learners=len(met),
            half_alone=half_alone,
            low=low,
            high=high,
        )


def interval_note(_: Gettext) -> str:
    """What the interval means and what it does not, in three sentences."""
    return _(
        "The range after “maybe” says where the share may lie among people like these (95 %, Wilson): the fewer learners, the wider. "
        "It counts learners and not tasks, because tasks of one person go together. Tasks not reached are left out, and no result here names a level."
    )


def cautions(domains: Iterable[DomainLine], lang: str) -> dict[str, str]:
    """Why not to conclude from shares of so few learners: a sentence for the codes of the domains it holds for ("1, 2, 5").

    The first reason of each domain: too few learners, else an interval that holds "most" and "few" together.
    """
    by_sentence: defaultdict[str, list[str]] = defaultdict(list)
    for one in domains:
        found = share_cautions(one.learners, one.low, one.high)
        if found:
            by_sentence[why_not(found[:1], lang)].append(one.code)
    return {", ".join(codes): sentence for sentence, codes in by_sentence.items()}


def share_in_words(line: DomainLine, _: Gettext) -> str:
    """How many learners did at least half alone, with the interval in whole percent."""
    return _("{n} of {total} learners; maybe {low}–{high} %").format(
        n=line.half_alone, total=line.learners, low=round(100 * line.low), high=round(100 * line.high)
    )


# ── items ───────────────────────────────────────────────────────────────────────────────────────────


def _hardest(
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


# ── visits ──────────────────────────────────────────────────────────────────────────────────────────


def visit_rule(_: Gettext) -> str:
    """The rule by which somebody is listed, in one sentence; it belongs beside every such list."""
    return _(
        "Listed is who has not begun, answered fewer than half of the questions, was helped by a person at {n} questions or more and at every fourth or oftener, "
        "or did not hand in a quiz that at least half of those who began it handed in."
    ).format(n=CALLS_OFTEN)


def _visits(records: Sequence[_Record], _: Gettext) -> Iterator[Visit]:
    usually_handed_in = _usually_handed_in(records)
    for record in records:
        reasons = tuple(_reasons(record, usually_handed_in, _))
        if reasons:
            yield Visit(record.name, reasons)


def _reasons(record: _Record, usually_handed_in: Callable[[str], bool], _: Gettext) -> Iterator[str]:
    given, answered = len(record.tasks), record.answered
    if not given:
        yield _("joined but has not begun")
    elif 2 * answered < given:
        yield _("answered {answered} of {given} questions").format(answered=answered, given=given)
    calls = sum(task.called for task in record.tasks.values())
    if calls >= CALLS_OFTEN and calls >= OFTEN_SHARE * answered:
        yield _("needed somebody at {n} questions").format(n=calls)
    if any(not done and usually_handed_in(form) for form, done in record.quizzes.items()):
        yield _("stopped before handing in")


def _usually_handed_in(records: Sequence[_Record]) -> Callable[[str], bool]:
    """Whether at least half of all who began a form handed it in."""
    by_form: defaultdict[str, list[bool]] = defaultdict(list)
    for record in records:
        for form, done in record.quizzes.items():
            by_form[form].append(done)
    usual: Mapping[str, bool] = {form: 2 * sum(done) >= len(done) for form, done in by_form.items()}
    return lambda form: usual[form]
