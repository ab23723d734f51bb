"""What a class's report gathers of each learner: tasks as they went, quizzes, times of answers, own words."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdhvs.core.decisions import Decisions
from bdhvs.core.names import told_apart
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.learner_work import Task, keep_latest, work_of
from bdhvs.service.own_view import OwnWords
from bdhvs.store import ClassroomRow, LearnerRow, Store
from bdhvs.store.rows import ResponseRows


@dataclass(slots=True)
class LearnerRecord:
    """What is gathered of one learner. ``tasks`` by id of the item; ``quizzes`` says of each form begun whether it was handed in."""

    person: LearnerRow
    name: str
    tasks: dict[str, Task] = field(default_factory=dict)
    quizzes: dict[str, bool] = field(default_factory=dict)
    answer_times: list[int] = field(default_factory=list)
    own_words: OwnWords = field(default_factory=OwnWords)

    def add(self, rows: ResponseRows, catalogue: Catalogue, decisions: Decisions) -> None:
        """Take in one attempt; attempts come in the order in which they were begun."""
        attempt, tasks = work_of(rows.attempt, rows.events, catalogue, decisions)
        keep_latest(self.tasks, tasks)
        self.own_words.add(attempt, catalogue, decisions)
        form = rows.attempt.form_id
        self.quizzes[form] = self.quizzes.get(form, False) or attempt.status == "finished"
        self.answer_times += [event.recorded_at_us for event in rows.events if event.type == "answered"]

    @property
    def answered(self) -> int:
        """Tasks answered."""
        return sum(task.outcome == "answered" for task in self.tasks.values())


def learner_records(store: Store, room: ClassroomRow, catalogue: Catalogue, decisions: Decisions) -> list[LearnerRecord]:
    """A record for each learner of the class, in the order of joining, under names that are told apart. Reads the disk."""
    people = store.learners(room.id)
    names = told_apart([person.nickname or "—" for person in people])
    records = {person.id: LearnerRecord(person, name) for person, name in zip(people, names, strict=True)}
    for rows in store.response_rows(room.id):
        record = records.get(rows.attempt.learner_id)
        if record is not None:
            record.add(rows, catalogue, decisions)
    return list(records.values())
