"""What learners did, task by task: the latest evidence on each item, over however many attempts there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bdhvs.core.attempt import Attempt, Outcome, replay
from bdhvs.core.attempt_events import Answered
from bdhvs.core.decisions import Decisions
from bdhvs.core.evidence import TaskDone, task_done
from bdhvs.core.items.base import Item, Response
from bdhvs.service.catalogue import Catalogue
from bdhvs.store import AttemptRow, EventRow, events_of


@dataclass(frozen=True, slots=True)
class Task:
    """One learner's work on one item.

    ``first`` is the first answer, given before any feedback, ``last`` the last; None when there is none. ``called`` says that a person was
    asked for help or gave it; a hint is none.
    """

    item: Item
    outcome: Outcome
    done: TaskDone
    first: Response | None
    last: Response | None
    called: bool

    @property
    def met(self) -> bool:
        """Whether the learner dealt with the task. Of one not reached or cut off nothing is known."""
        return self.outcome in ("answered", "skipped")

    @property
    def domain(self) -> str:
        """Code of the item's domain, "0" (entry module) to "6"."""
        return self.item.competence.split(".")[0]


def work_of(
    row: AttemptRow, events: Sequence[EventRow], catalogue: Catalogue, decisions: Decisions
) -> tuple[Attempt, list[Task]]:
    """An attempt and those of its tasks that count, in the order given, each item in the version it was given in."""
    facts = list(events_of(row, events))
    attempt = replay(facts)
    first: dict[str, Response] = {}
    for fact in facts:
        if isinstance(fact, Answered):
            first.setdefault(fact.item, fact.response)
    return attempt, list(_tasks(attempt, first, catalogue, decisions))


def _tasks(
    attempt: Attempt, first: dict[str, Response], catalogue: Catalogue, decisions: Decisions
) -> Iterator[Task]:
    for ref in attempt.items:
        item = catalogue.item(ref.id, ref.version)
        if not decisions.counts(*ref) or not item.is_performance:
            continue
        state = attempt.state(ref.id)
        yield Task(
            item=item,
            outcome=attempt.outcome(ref.id),
            done=task_done(attempt, ref.id),
            first=first.get(ref.id),
            last=state.response,
            called=state.asked_help or state.help == "teacher",
        )


def keep_latest(known: dict[str, Task], tasks: Iterable[Task]) -> None:
    """Put `tasks` of a later attempt into `known` (by item): what was answered last counts, a silence hides nothing."""
    for task in tasks:
        if task.item.id not in known or task.outcome == "answered":
            known[task.item.id] = task
