"""What is in a bank: tasks by competence, level, audience, kind, skill and context; forms; simulators; places of keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bdhvs.bank.checks.coverage import Coverage, coverage
from bdhvs.bank.loader import Bank
from bdhvs.bank.report.standards import AudienceFile
from bdhvs.core.forms import Form
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.items.single_choice import SingleChoice


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form at a glance. ``items``: how many a learner gets (adaptive: at most); ``pool``: of how many (adaptive only)."""

    id: str
    title: str
    mode: str
    listed: bool
    items: int
    pool: int | None
    minutes: int | None
    domains: tuple[str, ...]
    levels: tuple[int, ...]
    simulators: int


@dataclass(frozen=True, slots=True)
class SimulatorLine:
    """A simulation at a glance; ``shortest``: actions of its shortest right way; ``forms``: those it is in; ``shows``: the levels
    for which it can be evidence, ``why`` the highest is what it is (empty: not said)."""

    id: str
    stem: str
    competence: str
    level: int
    screens: int
    shortest: int
    dangers: int
    forms: tuple[str, ...]
    shows: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Of the single-choice items with so many options: how often the key is written at each place, first to last."""

    options: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooFew:
    """An audience with fewer tasks than the standard: of all (``domain`` None: shares) or of a domain (numbers)."""

    audience: str
    domain: str | None
    found: float
    least: float


@dataclass(frozen=True, slots=True)
class Contents:
    """The counts. Tasks are items that show performance; ``opinions`` are those that do not (self-assessments).

    ``audiences``: (competence, audience) → tasks; ``by_level``: (level, audience) → tasks; an item is counted for each of
    its audiences, so rows add up to more than the bank has.
    """

    tasks: int
    opinions: int
    coverage: Coverage
    audiences: Mapping[tuple[str, str], int]
    by_level: Mapping[tuple[int, str], int]
    for_audience: Mapping[str, int]
    kinds: Mapping[str, int]
    skills: Mapping[str, int]
    contexts: Mapping[str, int]
    forms: tuple[FormLine, ...]
    unused: tuple[str, ...]
    simulators: tuple[SimulatorLine, ...]
    keys: tuple[KeyPlaces, ...]


def contents(bank: Bank) -> Contents:
    """The counts of `bank`, everything in a fixed order."""
    tasks = [item for item in bank.items.values() if item.is_performance]
    audiences = [one.id for one in bank.framework.audiences]
    return Contents(
        tasks=len(tasks),
        opinions=len(bank.items) - len(tasks),
        coverage=coverage(bank),
        audiences=Counter((item.competence, one) for item in tasks for one in item.audiences),
        by_level=Counter((item.level, one) for item in tasks for one in item.audiences),
        for_audience=_counted((one for item in tasks for one in item.audiences), audiences),
        kinds=_counted((item.kind for item in bank.items.values()), []),
        skills=_counted((one for item in tasks for one in item.skills), [one.id for one in bank.framework.skills]),
        contexts=_counted((item.context for item in tasks), []),
        forms=tuple(_form_line(form, bank) for form in sorted(bank.forms.values(), key=lambda one: one.id)),
        unused=_unused(tasks, bank.forms.values()),
        simulators=tuple(_simulator_line(item, bank) for item in tasks if isinstance(item, Simulation)),
        keys=tuple(_key_places(tasks)),
    )


def too_few(found: Contents, least: AudienceFile, framework: Framework) -> list[TooFew]:
    """Audiences with too small a share of the tasks, and domains in which they have too few; entry module apart."""
    wanted = least.least_share.items()
    shares = [(one, found.for_audience.get(one, 0) / max(1, found.tasks), share) for one, share in wanted]
    short = [TooFew(one, None, round(share, 3), most) for one, share, most in shares if share < most]
    for domain in framework:
        for audience in least.least_share:
            count = sum(found.audiences.get((one.code, audience), 0) for one in domain)
            if count < least.least_in_domain:
                short.append(TooFew(audience, domain.code, count, least.least_in_domain))
    return short


def _counted(values: Iterable[str], known: Sequence[str]) -> dict[str, int]:
    """How often each occurs: the known ones in their order, also with 0; others by number."""
    counted = Counter(values)
    rest = sorted((one for one in counted if one not in known), key=lambda one: (-counted[one], one))
    return {one: counted[one] for one in (*known, *rest)}


def _form_line(form: Form, bank: Bank) -> FormLine:
    adaptive = form.adaptive
    items = adaptive.pool_of(bank.items.values()) if adaptive else [bank.items[one] for one in form.items]
    return FormLine(
        id=form.id,
        title=form.title.vi,
        mode=form.mode,
        listed=form.listed,
        items=form.longest,
        pool=len(items) if adaptive else None,
        minutes=form.minutes,
        domains=tuple(sorted({item.competence.split(".")[0] for item in items})),
        levels=tuple(sorted({item.level for item in items})),
        simulators=sum(item.is_simulator for item in items),
    )


def _unused(tasks: Iterable[Item], forms: Iterable[Form]) -> tuple[str, ...]:
    """Tasks in no fixed form: met in adaptive forms only, or never."""
    used = {one for form in forms for one in form.items}
    return tuple(sorted(item.id for item in tasks if item.id not in used))


def _simulator_line(item: Simulation, bank: Bank) -> SimulatorLine:
    return SimulatorLine(
        id=item.id,
        stem=item.stem.vi,
        competence=item.competence,
        level=item.level,
        screens=len(item.screens),
        shortest=item.shortest,
        dangers=len(item.forbidden),
        forms=tuple(sorted(form.id for form in bank.forms.values() if item.id in form.items)),
        shows=tuple(one.level for one in item.evidence),
        why=(item.evidence[-1].why or "") if item.evidence else "",
    )


def _key_places(items: Iterable[Item]) -> Iterable[KeyPlaces]:
    places = Counter(
        (len(item.options), next(place for place, one in enumerate(item.options) if one.key))
        for item in items
        if isinstance(item, SingleChoice)
    )
    for options in sorted({length for length, _ in places}):
        yield KeyPlaces(options, tuple(places[options, place] for place in range(options)))
