"""What a class can do, domain by domain, for its report. See `bdhvs.service.class_report` on what counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bdhvs.core.framework import Framework
from bdhvs.i18n import Gettext
from bdhvs.measurement.proportions import wilson_ends
from bdhvs.measurement.share_cautions import share_cautions
from bdhvs.service.caution_sentences import why_not
from bdhvs.service.learner_work import Task


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


def domain_lines(
    tasks_of_learners: Sequence[Collection[Task]], framework: Framework, lang: str
) -> Iterator[DomainLine]:
    """A line for each domain of which somebody met a task; `tasks_of_learners` holds each learner's own."""
    for domain in (framework.entry, *framework.domains):
        own = [[task for task in tasks if task.domain == domain.code] for tasks in tasks_of_learners]
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
