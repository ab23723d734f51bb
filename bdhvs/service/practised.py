"""What a class did on the practice phone (simulations), and where work done with help goes.

A simulation says for which level what was done is evidence: alone up to its author's level, with help or a hint for level 1 at
most, for that is what *with guidance* means (`Simulation.evidence_level`). One task is no level of a person; here stand numbers of
learners, each as they did it last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bdhvs.bank.plain import plain_text
from bdhvs.core.framework import ENTRY_LEVEL
from bdhvs.core.items.simulation import Simulation
from bdhvs.i18n import Gettext
from bdhvs.service.learner_work import Task

MOST_SIGNS = 160  # of a task in a table


@dataclass(frozen=True, slots=True)
class PractisedTask:
    """One simulation. ``met`` learners = ``alone`` + ``helped`` (done, with help) + ``not_yet``.

    ``danger``: learners whose work holds a dangerous act. ``evidence``: (level 1–4, learners whose work is evidence for it and
    no higher), rising, levels that nobody showed left out. ``is_entry``: it belongs to the entry module, below level 1, and is
    evidence for no level whatever is done.
    """

    item: str
    competence: str
    task: str
    met: int
    alone: int
    helped: int
    not_yet: int
    danger: int
    evidence: tuple[tuple[int, int], ...]
    is_entry: bool = False


def practised(tasks: Iterable[Task], lang: str) -> tuple[PractisedTask, ...]:
    """One for each simulation that somebody answered or skipped, by competence."""
    by_item: defaultdict[tuple[str, str, int], list[Task]] = defaultdict(list)
    for task in tasks:
        if task.met and isinstance(task.item, Simulation):
            by_item[task.item.competence, task.item.id, task.item.version].append(task)
    return tuple(_practised(own, lang) for _, own in sorted(by_item.items()))


def evidence_in_words(one: PractisedTask, _: Gettext) -> str:
    """For which levels the work speaks: "level 1: 2, level 3: 5"; "none" when for none."""
    if one.is_entry:
        return _("entry module, before level 1")
    said = [_("level {level}: {n}").format(level=level, n=count) for level, count in one.evidence]
    return ", ".join(said) or _("none yet")


def help_note(_: Gettext) -> str:
    """What help means for these numbers, in two sentences; belongs beside them."""
    return _(
        "Numbers of learners, each as they did it last. Done with help or a hint speaks for level 1 only, whatever the task; one task alone is no level of a person."
    )


def _practised(tasks: list[Task], lang: str) -> PractisedTask:
    item = tasks[0].item
    assert isinstance(item, Simulation)
    levels = Counter(item.evidence_level(task.last, helped=task.done.helped) for task in tasks if task.last is not None)
    return PractisedTask(
        item=item.id,
        competence=item.competence,
        task=_cut(plain_text(item.stem.in_language(lang))),
        met=len(tasks),
        alone=sum(task.done.alone for task in tasks),
        helped=sum(task.done.right and task.done.helped for task in tasks),
        not_yet=sum(not task.done.right for task in tasks),
        danger=sum(bool(item.outcome(task.last).done) for task in tasks if task.last is not None),
        evidence=tuple((level, count) for level, count in sorted(levels.items()) if level),
        is_entry=item.level == ENTRY_LEVEL,
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_SIGNS else flat[:MOST_SIGNS].rsplit(" ", 1)[0] + " …"
