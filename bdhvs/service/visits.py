"""Whom the teacher should see again, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bdhvs.i18n import Gettext
from bdhvs.service.learner_records import LearnerRecord

#: Who "asks often": a person's help at so many questions, and at so large a share of those answered, for in a long quiz
#: everybody asks three times.
CALLS_OFTEN, OFTEN_SHARE = 3, 0.25


@dataclass(frozen=True, slots=True)
class Visit:
    """A learner to see again, and why, in sentences. For the teacher's eyes only."""

    name: str
    reasons: tuple[str, ...]


def visit_rule(_: Gettext) -> str:
    """The rule by which somebody is listed, in one sentence; it belongs beside every such list."""
    return _(
        "Listed is who has not begun, answered fewer than half of the questions, was helped by a person at {n} questions or more and at every fourth or oftener, "
        "or did not hand in a quiz that at least half of those who began it handed in."
    ).format(n=CALLS_OFTEN)


def visits(records: Sequence[LearnerRecord], _: Gettext) -> Iterator[Visit]:
    """Those of `records` whom `visit_rule` lists, with the reasons."""
    usually_handed_in = _usually_handed_in(records)
    for record in records:
        reasons = tuple(_reasons(record, usually_handed_in, _))
        if reasons:
            yield Visit(record.name, reasons)


def _reasons(record: LearnerRecord, usually_handed_in: Callable[[str], bool], _: Gettext) -> Iterator[str]:
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


def _usually_handed_in(records: Sequence[LearnerRecord]) -> Callable[[str], bool]:
    """Whether at least half of all who began a form handed it in."""
    by_form: defaultdict[str, list[bool]] = defaultdict(list)
    for record in records:
        for form, done in record.quizzes.items():
            by_form[form].append(done)
    usual: Mapping[str, bool] = {form: 2 * sum(done) >= len(done) for form, done in by_form.items()}
    return lambda form: usual[form]
