"""The class at a glance, for the teacher: who is in, what they did, what each competence shows."""

from __future__ import annotations

from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.decisions import Decisions
from bdhvs.core.evidence import is_stuck, task_done
from bdhvs.core.items import is_performance
from bdhvs.core.names import told_apart
from bdhvs.i18n import translator
from bdhvs.store import Store, events_of
from bdhvs.store.decisions import decisions_in
from bdhvs.store.rows import ResponseRows


@dataclass(slots=True)
class LearnerLine:
    """One learner's line: whole tasks answered, right, done with help; quizzes finished; where help is asked for."""

    name: str
    answered: int = 0
    right: int = 0
    helped: int = 0
    finished: int = 0
    asks: str = ""


@dataclass(slots=True)
class CompetenceLine:
    """One competence's line, in tasks (one learner's work on one item)."""

    code: str
    name: str
    answered: int = 0
    alone: int = 0
    helped: int = 0
    not_yet: int = 0


@dataclass(slots=True)
class Overview:
    """What the teacher's first page shows."""

    learners: list[LearnerLine]
    competences: list[CompetenceLine]
    answers: int = 0


def overview(store: Store, classroom_id: str, bank: Bank, lang: str) -> Overview:
    """The class as the store has it now. Reads the disk: call it outside the event loop."""
    people, decisions = store.learners(classroom_id), decisions_in(store, classroom_id)
    names = told_apart([person.nickname or "—" for person in people])
    lines = {person.id: LearnerLine(name) for person, name in zip(people, names, strict=True)}
    per_code: dict[str, CompetenceLine] = {}
    answers = 0
    for rows in store.response_rows(classroom_id):
        answers += sum(event.type == "answered" for event in rows.events)
        attempt = replay(events_of(rows.attempt, rows.events))
        line = lines.get(rows.attempt.learner_id)
        if line is not None:
            _count_attempt(line, attempt, rows, decisions, bank, per_code, lang)
    ordered = sorted(per_code.values(), key=lambda one: one.code)
    return Overview(sorted(lines.values(), key=lambda line: not line.asks), ordered, answers)


def _count_attempt(
    line: LearnerLine,
    attempt: Attempt,
    rows: ResponseRows,
    decisions: Decisions,
    bank: Bank,
    per_code: dict[str, CompetenceLine],
    lang: str,
) -> None:
    line.finished += attempt.status == "finished"
    for item in rows.items:
        state = attempt.state(item.id)
        if state.asked_help and is_stuck(attempt, item.id):
            line.asks = _place(rows, item.id, bank, lang)
        counts = is_performance(item.kind) and decisions.counts(item.id, item.version)
        if state.score is None or not counts:
            continue
        name = bank.framework[item.competence].name.in_language(lang)
        competence = per_code.setdefault(item.competence, CompetenceLine(item.competence, name))
        task = task_done(attempt, item.id)
        line.answered += 1
        line.right += task.right
        line.helped += task.right and task.helped
        competence.answered += 1
        competence.alone += task.alone
        competence.helped += task.right and task.helped
        competence.not_yet += not task.right


def _place(rows: ResponseRows, item_id: str, bank: Bank, lang: str) -> str:
    """Where an item stands, as the learner's screen says it: the quiz and the number of the question."""
    number = [item.id for item in rows.items].index(item_id) + 1
    question = translator(lang)("Question {n}").format(n=number)
    form = bank.forms.get(rows.attempt.form_id)
    return f"{form.title.in_language(lang)} · {question}" if form else question
