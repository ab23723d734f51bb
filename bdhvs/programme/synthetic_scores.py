"""Scores of the invented learners, from their answers: what a calibration without error would say.

Between items of one domain a posterior on a grid (R. D. Bock & R. J. Mislevy 1982, Applied Psychological Measurement 6,
431–444); then the six domains lend each other strength as a normal with the recipe's correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.evidence import judge
from bdhvs.measurement.thresholds import CERTAINTY, CERTAINTY_AGAINST, LEAST_TASKS, RESPONSE_PROBABILITY, tag_difficulty
from bdhvs.programme.recipe import Recipe
from bdhvs.programme.synthetic_answers import SKIPPED, Attempts
from bdhvs.programme.synthetic_items import ENTRY_TASKS, ItemNumbers
from bdhvs.programme.synthetic_people import MISSING

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

MODEL = "gia-lap/1"
CALIBRATION = "gia-lap"
BANDS = ("co_ban", "trung_cap", "nang_cao")
BELOW = len(BANDS)
#: Where the bands begin, logits: the average item of levels 1, 3 and 5 done with the usual probability.
CUTS = tuple(tag_difficulty(level) + log(RESPONSE_PROBABILITY / (1 - RESPONSE_PROBABILITY)) for level in (1, 3, 5))
GATES = ("open", "closed", "insufficient", "not_asked")
_GATE = {"shown": 0, "not_yet": 1, "insufficient": 2, "none": 3}
#: A third of a logit apart: finer changes no ability by more than 0.001.
_GRID = np.linspace(-6, 6, 37)


@dataclass(frozen=True)
class Scores:
    """Of a test's attempts: ``ability``, ``se`` (logits), ``tasks``, ``band``, ``at_least`` (places in `BANDS`, `BELOW`, −1) are
    attempts × domains; ``gate`` one per attempt."""

    ability: Floats
    se: Floats
    tasks: Whole
    band: Whole
    at_least: Whole
    gate: Whole


def scores_of(recipe: Recipe, items: ItemNumbers, attempts: Attempts) -> Scores:
    """What the test shows of each learner alone: a skip and a task done with help count as not done."""
    done = attempts.right & (attempts.help == 0)
    counts = attempts.outcome <= SKIPPED
    domain = np.where(counts, items.domain[attempts.item], MISSING)
    n, domains = len(done), len(items.domains)
    tasks = np.stack([(domain == one).sum(axis=1) for one in range(domains)], axis=1)
    mean, se = _joint(recipe, items, *_alone(recipe, items, attempts.item, domain, done, n, domains))
    over = np.stack([_above((mean - cut) / se) for cut in CUTS], axis=2)  # probability of each band or better
    enough = tasks >= LEAST_TASKS
    sure = (over >= CERTAINTY).sum(axis=2) - 1
    shares = np.stack([high - low for high, low in pairwise([*np.moveaxis(over, 2, 0), np.zeros_like(mean)])], axis=2)
    shares = np.concatenate([shares, 1 - over[:, :, :1]], axis=2)
    named = shares.argmax(axis=2)
    return Scores(
        ability=mean,
        se=se,
        tasks=tasks,
        band=np.where(enough & (shares.max(axis=2) >= CERTAINTY), named, MISSING),
        at_least=np.where(enough, sure, MISSING),
        gate=_gates(items, attempts, counts),
    )


def _gates(items: ItemNumbers, attempts: Attempts, counts: NDArray[np.bool_]) -> Whole:
    """By the class server's own rule; help counts as done."""
    entry = counts & (items.domain[attempts.item] < 0)
    table = np.array(
        [
            [
                _GATE[judge(done, met, CERTAINTY, CERTAINTY_AGAINST).standing] if done <= met else 0
                for done in range(ENTRY_TASKS + 1)
            ]
            for met in range(ENTRY_TASKS + 1)
        ]
    )
    found: Whole = table[entry.sum(axis=1), (entry & attempts.right).sum(axis=1)]
    return found


def _alone(
    recipe: Recipe, items: ItemNumbers, item: Whole, domain: Whole, done: NDArray[np.bool_], n: int, domains: int
) -> tuple[Floats, Floats]:
    """What the answers of each domain say by themselves: a mean and a precision (0 without any), attempts × domains."""
    logit = items.slope[:, None] * (_GRID - items.difficulty[:, None])
    right, wrong = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    likelihood = np.zeros((n, domains, len(_GRID)))
    for at in range(item.shape[1]):
        rows = np.flatnonzero(domain[:, at] >= 0)
        one = item[rows, at]
        likelihood[rows, domain[rows, at]] += np.where(done[rows, at][:, None], right[one], wrong[one])
    mean, sd = _prior(recipe)
    posterior = likelihood - ((_GRID - mean[:, None]) ** 2 / (2 * sd**2))[None]
    weight = np.exp(posterior - posterior.max(axis=2, keepdims=True))
    weight /= weight.sum(axis=2, keepdims=True)
    centre = weight @ _GRID
    variance = weight @ _GRID**2 - centre**2
    precision = np.maximum(1 / variance - 1 / sd**2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        said = np.where(precision > 0, (centre / variance - mean / sd**2) / precision, 0.0)
    return said, precision


def _prior(recipe: Recipe) -> tuple[Floats, float]:
    """Mean of each domain and one spread: person, commune, class and what age adds."""
    ability, shares = recipe.ability, recipe.people.ages
    ages = np.array([ability.age[one] for one in shares])
    parts = np.array(list(shares.values()))
    between = float(parts @ ages**2 - (parts @ ages) ** 2)
    spread = ability.person_sd**2 + ability.commune_sd**2 + ability.class_sd**2 + between
    return np.array([ability.mean + ability.domains[one] for one in sorted(ability.domains)]), float(np.sqrt(spread))


def _joint(recipe: Recipe, items: ItemNumbers, said: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Posterior mean and standard error with the domains' correlation."""
    mean, sd = _prior(recipe)
    domains = len(items.domains)
    # What age, class and commune add is common to all domains.
    common = (recipe.ability.correlation * recipe.ability.person_sd**2 + sd**2 - recipe.ability.person_sd**2) / sd**2
    prior = np.linalg.inv(sd**2 * (common * np.ones((domains, domains)) + (1 - common) * np.eye(domains)))
    spread = np.linalg.inv(prior + precision[:, :, None] * np.eye(domains))
    found = (spread @ (prior @ mean + precision * said)[:, :, None])[:, :, 0]
    return found, np.sqrt(np.diagonal(spread, axis1=1, axis2=2))


def _above(z: Floats) -> Floats:
    """Normal distribution function, right to 2e-7; scipy is not needed for it."""
    # M. Abramowitz & I. A. Stegun (1964), Handbook of Mathematical Functions, 26.2.17.
    t = 1 / (1 + 0.2316419 * np.abs(z))
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = tail * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    below: Floats = np.where(z >= 0, 1 - tail, tail)
    return below
