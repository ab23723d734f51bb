"""What one task shows: done alone, done with help, or not yet."""

from __future__ import annotations

from dataclasses import dataclass

from bdhvs.core.attempt import Attempt


@dataclass(frozen=True, slots=True)
class TaskDone:
    """One learner's work on one item. ``helped`` says how it came about, also when it is not right."""

    right: bool
    helped: bool

    @property
    def alone(self) -> bool:
        return self.right and not self.helped


def task_done(attempt: Attempt, item: str) -> TaskDone:
    """How the task went so far; an item without an answer is not right.

    In practice a right answer after a wrong one counts as helped: the feedback was the help.
    """
    state = attempt.state(item)
    right = state.score is not None and state.score.verdict == "right"
    retried = attempt.rules.practice and state.answers > 1
    return TaskDone(right, state.help != "none" or retried)


def is_stuck(attempt: Attempt, item: str) -> bool:
    """Whether the item still waits for an answer; in practice a wrong one with a try left is as good as none."""
    state = attempt.state(item)
    if attempt.status == "finished" or state.status == "skipped":
        return False
    return state.status == "new" or (attempt.rules.practice and attempt.is_open(item))
