"""What the learners of one invented commune answer: evening by evening, item by item, everybody at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.programme.recipe import Recipe
from bdhvs.programme.synthetic_items import ENTRY_TASKS, PRACTICES, TESTS, ItemNumbers
from bdhvs.programme.synthetic_people import MISSING, Adults, Learners

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

ANSWERED, SKIPPED, NOT_REACHED, CUT_OFF = range(4)
OUTCOMES = ("answered", "skipped", "not_reached", "cut_off")
NO_HELP, HINT, TEACHER = range(3)
HELP = ("none", "hint", "teacher")
BY_LEARNER, BY_TIME = range(2)
FINISHED_BY = ("learner", "time")
#: Beyond the fixed tests: the place of the adaptive one among forms.
ADAPTIVE = TESTS
#: How far one answer moves the adaptive test's guess of an ability, logits; halved between all domains and the item's own.
STEP = 1.0


@dataclass(frozen=True)
class Evening:
    """One meeting of every class: a test or a practice.

    ``who``: learners present (places). ``form``: of each, counted among tests (`ADAPTIVE` last) or practices. ``week``: of each.
    ``course``: share of the course's gain they have by then.
    """

    test: bool
    who: Whole
    form: Whole
    week: Whole
    course: float


@dataclass(frozen=True)
class Attempts:
    """What happened on one evening; matrices are attempts × positions.

    ``item``, ``outcome``, ``right``, ``reply``, ``help``, ``confidence`` (−1 not asked), ``elapsed_ms`` (−1 unknown),
    ``since_s`` (−1 none) are of the first answer; ``again_*`` of the second try, where ``again``. ``by`` says who ended it.
    """

    evening: Evening
    item: Whole
    outcome: Whole
    right: Flags
    reply: Whole
    help: Whole
    confidence: Whole
    elapsed_ms: Whole
    since_s: Whole
    again: Flags
    again_right: Flags
    again_reply: Whole
    again_help: Whole
    again_ms: Whole
    again_since_s: Whole
    by: Whole


def evenings(recipe: Recipe, items: ItemNumbers, learners: Learners, rng: np.random.Generator) -> list[Evening]:
    """The meetings of a course, first to last; each learner has at most one attempt on each."""
    wishes, classes = recipe.sessions, len(learners.class_week)
    everyone = np.arange(len(learners.classroom))
    adaptive = rng.random(classes) < wishes.adaptive
    first = np.where(adaptive, ADAPTIVE, rng.integers(0, TESTS, classes))
    # After the course another form of the same blueprint; an adaptive test finds other items by itself.
    second = np.where(adaptive, ADAPTIVE, (first + 1) % TESTS)
    again = rng.random(classes) < wishes.second_test
    planned = [Evening(True, everyone, first[learners.classroom], learners.class_week[learners.classroom], 0.0)]
    if items.practices.shape[1]:
        for evening in range(1, wishes.practice + 1):
            # Practice lies within the weeks of the course; two evenings never fall on one day.
            later = min(evening, wishes.weeks_between - 1)
            who = everyone[rng.random(everyone.size) < wishes.present]
            form = rng.integers(0, PRACTICES, classes)[learners.classroom[who]]
            weeks = learners.class_week[learners.classroom[who]] + later
            planned.append(Evening(False, who, form, weeks, evening / (wishes.practice + 1)))
    who = everyone[again[learners.classroom] & (rng.random(everyone.size) < wishes.present)]
    week = learners.class_week[learners.classroom[who]] + wishes.weeks_between
    planned.append(Evening(True, who, second[learners.classroom[who]], week, 1.0))
    return planned


def attempts_on(
    recipe: Recipe,
    items: ItemNumbers,
    adults: Adults,
    learners: Learners,
    evening: Evening,
    *,
    rural: bool,
    asked: Flags,
    rng: np.random.Generator,
) -> Attempts:
    """Everybody's answers on one evening. ``asked``: classes that ask how sure one is."""
    wishes, who = recipe.answers, evening.who
    n = len(who)
    forms = items.tests if evening.test else items.practices
    length = forms.shape[1]
    helped = np.array(list(wishes.helped.values()))[adults.age[learners.adult[who]]]
    ability = learners.ability[who] + evening.course * learners.gain[who][:, None]
    asks = asked[learners.classroom[who]] if evening.test else np.zeros(n, dtype=np.bool_)
    leaves = np.where(rng.random(n) < wishes.leave_early, rng.integers(length // 2, length + 1, n), length)
    limit_s = recipe.sessions.minutes * 60 if evening.test else np.inf
    adaptive = np.flatnonzero(evening.form == ADAPTIVE) if evening.test else np.empty(0, dtype=np.int64)
    choosing = _Choosing(items, len(adaptive), rng) if adaptive.size else None
    made: dict[str, Any] = {name: np.full((n, length), MISSING, dtype=np.int64) for name in _NUMBERS}
    flags: dict[str, Any] = {name: np.zeros((n, length), dtype=np.bool_) for name in ("right", "again", "again_right")}
    clock, gone = np.zeros(n), np.zeros(n, dtype=np.bool_)
    by = np.full(n, BY_LEARNER)
    for at in range(length):
        item = forms[np.minimum(evening.form, len(forms) - 1), at]
        if choosing is not None:
            item[adaptive] = choosing.next_items(at)
        ease = _ease(items, item, ability, rural)
        guess = rng.random(n) < learners.guesses[who]
        seconds = _seconds(recipe, items, item, learners.slowness[who], guess, rng)
        skip = ~guess & (rng.random(n) < _chance(wishes.skip + wishes.skip_by_ease * ease))
        gone |= at >= leaves
        late = ~gone & (clock + seconds > limit_s)
        outcome = np.where(gone, NOT_REACHED, np.where(late, CUT_OFF, np.where(skip, SKIPPED, ANSWERED)))
        by[late] = BY_TIME
        answers = outcome == ANSWERED
        help_ = np.where(rng.random(n) < helped, TEACHER, NO_HELP)
        if not evening.test:
            help_ = np.where((help_ == NO_HELP) & (rng.random(n) < wishes.hint), HINT, help_)
        worth = np.array([0.0, wishes.hint_worth, wishes.help_worth])[help_]
        right = rng.random(n) < np.where(guess, items.chance[item], _chance(ease + items.slope[item] * worth))
        clock = np.where(answers | (outcome == SKIPPED), clock + seconds, clock)
        flags["right"][:, at] = right & answers
        made["item"][:, at] = item
        made["outcome"][:, at] = outcome
        made["reply"][:, at] = np.where(answers, _reply(items, item, right, rng), MISSING)
        made["help"][:, at] = np.where(answers, help_, NO_HELP)
        made["confidence"][:, at] = np.where(answers & asks, _confidence(ease + wishes.overconfidence, rng), MISSING)
        known = (rng.random(n) >= wishes.time_unknown) & (answers | (outcome == SKIPPED))
        made["elapsed_ms"][:, at] = np.where(known, 1000 * seconds, MISSING)
        made["since_s"][:, at] = np.where(answers | (outcome == SKIPPED), clock, MISSING)
        if not evening.test:
            again = answers & ~right & ~guess & (rng.random(n) < wishes.second_try)
            better = rng.random(n) < _chance(ease + items.slope[item] * (worth + wishes.second_try_worth))
            seconds = _seconds(recipe, items, item, learners.slowness[who] - 0.5, guess, rng)
            clock = np.where(again, clock + seconds, clock)
            flags["again"][:, at], flags["again_right"][:, at] = again, again & better
            made["again_reply"][:, at] = np.where(again, _reply(items, item, better, rng), MISSING)
            made["again_help"][:, at] = help_
            made["again_ms"][:, at] = 1000 * seconds
            made["again_since_s"][:, at] = clock
        if choosing is not None:
            choosing.learn(item[adaptive], (right & answers)[adaptive], (outcome <= SKIPPED)[adaptive])
        gone |= late
    return Attempts(evening=evening, by=by, **made, **flags)


_NUMBERS = (
    "item", "outcome", "reply", "help", "confidence", "elapsed_ms", "since_s", "again_reply", "again_help", "again_ms", "again_since_s",
)  # fmt: skip


def _chance(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))


def _ease(items: ItemNumbers, item: Whole, ability: Floats, rural: bool) -> Floats:
    """Logit of doing the item alone; in the entry module the mean ability counts."""
    domain = items.domain[item]
    own = np.where(domain < 0, ability.mean(axis=1), ability[np.arange(len(item)), domain])
    return items.slope[item] * (own - items.difficulty[item] - (items.rural[item] if rural else 0.0))


def _seconds(
    recipe: Recipe, items: ItemNumbers, item: Whole, slowness: Floats, guess: Flags, rng: np.random.Generator
) -> Floats:
    wishes = recipe.answers
    noise = rng.normal(0, wishes.time_sd, len(item))
    taken: Floats = np.exp(np.where(guess, wishes.guess_time, items.log_time[item] + slowness) + noise)
    return taken


def _reply(items: ItemNumbers, item: Whole, right: Flags, rng: np.random.Generator) -> Whole:
    """Place among all replies: the first of the item when right, else one of its wrong ones."""
    wrong = (rng.random(len(item))[:, None] > items.wrong[item]).sum(axis=1)
    found: Whole = items.first[item] + np.where(right, 0, 1 + wrong)
    return found


def _confidence(ease: Floats, rng: np.random.Generator) -> Whole:
    """1 to 4 as people say it: from how easy it felt."""
    felt = ease + rng.normal(0, 0.8, len(ease))
    return 1 + np.searchsorted(np.array([-1.0, 0.2, 1.4]), felt)


class _Choosing:
    """The adaptive test, a rough one: the domains in turn, of each the item nearest to what is guessed of the learner so far."""

    def __init__(self, items: ItemNumbers, n: int, rng: np.random.Generator) -> None:
        self._items, self._rng = items, rng
        self._guess = np.full((n, len(items.domains)), -0.3)
        self._by_domain = [items.pool[items.domain[items.pool] == one] for one in range(len(items.domains))]
        self._used = np.zeros((n, len(items.facts)), dtype=np.bool_)
        self._turn = np.argsort(rng.random((n, len(items.domains))), axis=1)
        self._rows = np.arange(n)

    def next_items(self, at: int) -> Whole:
        """The item at this position for everybody."""
        items, chosen = self._items, np.empty(len(self._rows), dtype=np.int64)
        if at < ENTRY_TASKS:
            keys = self._rng.random((len(chosen), len(items.entry))) + self._used[:, items.entry]
            chosen[:] = items.entry[keys.argmin(axis=1)]
        else:
            domain = self._turn[:, (at - ENTRY_TASKS) % len(items.domains)]
            for one, own in enumerate(self._by_domain):
                rows = np.flatnonzero(domain == one)
                # A little chance beside the distance, so that not everybody gets the same items.
                away = np.abs(items.difficulty[own] - self._guess[rows, one][:, None])
                keys = away + 0.5 * self._rng.random(away.shape) + 99.0 * self._used[rows][:, own]
                chosen[rows] = own[keys.argmin(axis=1)]
        self._used[self._rows, chosen] = True
        return chosen

    def learn(self, item: Whole, right: Flags, seen: Flags) -> None:
        """Move the guesses by what was answered; a skip counts as not done, as it does at the class server."""
        domain = self._items.domain[item]
        rows = np.flatnonzero(seen & (domain >= 0))
        own = domain[rows]
        expected = _chance(self._guess[rows, own] - self._items.difficulty[item[rows]])
        move = STEP * (right[rows] - expected)
        self._guess[rows] += move[:, None] / 2
        self._guess[rows, own] += move / 2
