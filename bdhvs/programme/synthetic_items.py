"""The bank's items as an invented province meets them: what can be answered, how hard it is supposed to be, and the forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.programme.recipe import Recipe

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

ENTRY = "0"
#: Forms of a test and of a practice; each is a list of items of its own, so that linking has something to do.
TESTS, PRACTICES = 4, 4
#: Entry tasks at the head of a test: as many as `LEAST_TASKS` asks for before a gate may be named.
ENTRY_TASKS = 3
#: Levels a test is made of, easy and hard ones in turn.
TEST_LEVELS = (1, 2, 3, 2, 4, 3)


class Reply(NamedTuple):
    """One response that can be given, and what the real item says it is worth. ``response`` is JSON; None: typed freely."""

    response: str | None
    option: str | None
    score: int
    verdict: str
    reason: str | None


class ItemFacts(NamedTuple):
    """An item of the bank; ``replies`` begins with one worth full marks, all others are not. ``options``: 1 / chance of a guess."""

    id: str
    version: int
    kind: str
    competence: str
    level: int
    maximum: int
    digest: str
    options: int
    replies: tuple[Reply, ...]

    @property
    def domain(self) -> str:
        return self.competence.split(".")[0]


@dataclass(frozen=True)
class ItemNumbers:
    """Items as arrays (one entry per item unless said otherwise).

    Attributes
    ----------
    facts : as given, sorted by id.
    slope, difficulty : of a two-parameter model, per logit and logits.
    rural : logits by which the item is harder for the countryside; mostly 0.
    log_time : mean logarithm of seconds on it.
    chance : of a rapid guess to be right.
    domain : place in `domains` of its domain; −1 in the entry module.
    first : place of its first reply among all replies; `wrong` follow it.
    wrong : items × most wrong replies: cumulative probability of each.
    domains : codes, in order.
    tests, practices : forms × items.
    pool : items the adaptive test chooses from.
    entry : items of the entry module.
    """

    facts: tuple[ItemFacts, ...]
    slope: Floats
    difficulty: Floats
    rural: Floats
    log_time: Floats
    chance: Floats
    domain: Whole
    first: Whole
    wrong: Floats
    domains: tuple[str, ...]
    tests: Whole
    practices: Whole
    pool: Whole
    entry: Whole

    @cached_property
    def replies(self) -> list[Reply]:
        """All replies of all items, as `first` counts them."""
        return [reply for one in self.facts for reply in one.replies]


def supposed_numbers(facts: Sequence[ItemFacts], recipe: Recipe, answers: int, seed: int) -> ItemNumbers:
    """What the items are supposed to be like, and the forms, so that a learner meets about `answers` of them in a year.

    Raises
    ------
    ValueError
        when the bank has no entry task or too few items in a domain for the forms.
    """
    ordered = tuple(sorted(facts, key=lambda one: one.id))
    rng = np.random.default_rng([seed, 1])
    wishes, count = recipe.items, len(ordered)
    domains = tuple(sorted({one.domain for one in ordered} - {ENTRY}))
    if set(domains) != set(recipe.ability.domains):
        raise ValueError(
            f"found items of the domains {domains}, expected those of the recipe {sorted(recipe.ability.domains)}"
        )
    level = np.array([one.level for one in ordered], dtype=np.float64)
    domain = np.array([domains.index(one.domain) if one.domain != ENTRY else -1 for one in ordered], dtype=np.int64)
    wrong = np.ones((count, max(len(one.replies) for one in ordered) - 1))
    for row, one in zip(wrong, ordered, strict=True):
        drawn = rng.dirichlet(np.full(max(1, len(one.replies) - 1), 2.0))
        row[: len(drawn)] = np.cumsum(drawn)
        row[len(drawn) - 1 :] = 1.0
    test, practice = lengths(recipe, answers)
    return ItemNumbers(
        facts=ordered,
        slope=np.exp(rng.normal(0, wishes.slope_sd, count)),
        difficulty=np.array([tag_difficulty(one) for one in level]) + rng.normal(0, wishes.difficulty_sd, count),
        rural=np.where(rng.random(count) < wishes.unlike, wishes.unlike_by, 0.0),
        log_time=wishes.time + wishes.time_by_level * level + rng.normal(0, wishes.time_sd, count),
        chance=1 / np.array([one.options for one in ordered], dtype=np.float64),
        domain=domain,
        first=np.concatenate([[0], np.cumsum([len(one.replies) for one in ordered])[:-1]]).astype(np.int64),
        wrong=wrong,
        domains=domains,
        tests=_tests(level, domain, len(domains), test, rng),
        practices=_practices(domain, practice, rng),
        pool=np.flatnonzero((domain >= 0) & (level <= 4)),
        entry=np.flatnonzero(domain < 0),
    )


def lengths(recipe: Recipe, answers: int) -> tuple[int, int]:
    """Items of a test (entry tasks besides) and of a practice evening, so that a learner has about `answers` rows.

    A test takes two fifths of them, in whole rounds through the six domains; practice takes what is left.
    """
    sessions = recipe.sessions
    test = 6 * max(1, round(0.4 * answers / 6))
    tests = 1 + sessions.second_test * sessions.present
    left = answers - (test + ENTRY_TASKS) * tests
    # About two in five first answers of a practice are wrong, and some of them are tried again: rows of their own.
    evenings = sessions.practice * sessions.present * (1 + 0.4 * recipe.answers.second_try)
    return test, max(0, round(left / evenings)) if evenings else 0


def _tests(level: Floats, domain: Whole, domains: int, length: int, rng: np.random.Generator) -> Whole:
    entry = np.flatnonzero(domain < 0)
    if len(entry) < ENTRY_TASKS:
        raise ValueError(f"found {len(entry)} tasks of the entry module, expected at least {ENTRY_TASKS}")
    forms = np.empty((TESTS, ENTRY_TASKS + length), dtype=np.int64)
    for form in forms:
        chosen = list(rng.choice(entry, ENTRY_TASKS, replace=False))
        free = np.ones(len(level), dtype=np.bool_)
        for place in range(length):
            own, wanted = place % domains, TEST_LEVELS[place // domains % len(TEST_LEVELS)]
            fitting = np.flatnonzero(free & (domain == own))
            if not len(fitting):
                raise ValueError(f"found no item left for a test of {length} items, expected fewer answers (--answers)")
            nearest = fitting[np.abs(level[fitting] - wanted) == np.abs(level[fitting] - wanted).min()]
            one = int(rng.choice(nearest))
            free[one] = False
            chosen.append(one)
        form[:] = chosen
    return forms


def _practices(domain: Whole, length: int, rng: np.random.Generator) -> Whole:
    known = np.flatnonzero(domain >= 0)
    if length > len(known):
        raise ValueError(f"found {len(known)} items for a practice of {length}, expected fewer answers (--answers)")
    return np.stack([rng.choice(known, length, replace=False) for _ in range(PRACTICES)]).astype(np.int64)
