"""How far domains go together among learners, estimated from their answers to calibrated items.

Marginal maximum likelihood by EM with known items: from each learner's posterior moments m, V (`domain_posterior`) come, for
group g, the mean μ_g and the table C_g = mean of V + (m − μ_g)(m − μ_g)ᵀ. Groups share one correlation table R and have
standard deviations of their own, Σ_g = S_g R S_g, fitted in conditional steps (X.-L. Meng & D. B. Rubin 1993, Maximum
likelihood estimation via the ECM algorithm, Biometrika 80, 267–278)::

    μ_g =  (n_g Σ_g⁻¹ + κ Σ₀⁻¹)⁻¹ (n_g Σ_g⁻¹ m̄_g + κ Σ₀⁻¹ μ₀)
    R   =  (Σ_g n_g S_g⁻¹ C_g S_g⁻¹ + ν R₀) / (Σ_g n_g + ν),   then a unit diagonal, its scale going into S_g
    S_g :  with u = 1/s,  (n_g + λ)/u = (n_g R⁻¹∘C_g + λ diag(s₀²)) u       (Newton; the problem is concave)

A group of fewer than 100 learners gets one factor f for all, S_g = f·S₀, which solves the sum of those equations.

μ₀, R₀ and s₀ are the stated ones; κ, ν and λ say how many learners that statement is worth, so that few data move it little
(the mode under normal and inverse Wishart priors; A. Gelman et al. 2013, Bayesian data analysis, 3rd ed., section 3.6). EM steps
are extrapolated by R. Varadhan & C. Roland (2008), Simple and globally convergent methods for accelerating the convergence
of any EM algorithm, Scandinavian Journal of Statistics 35, 335–353 (SQUAREM, S3).

What the answers say nothing about, a domain nobody met, stays in the stated relation to the others: EM leaves its regression
on them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement import domain_certainty
from bdhvs.measurement.domain_model import STATED_MEAN_WORTH, STATED_WORTH, DomainItems, DomainPopulation, Note
from bdhvs.measurement.domain_posterior import StandIns, match_moments
from bdhvs.measurement.domain_reading import Reading
from bdhvs.measurement.responses import Responses

Floats = NDArray[np.float64]

#: With answers in two domains or more, to touch the correlation (its standard error is above 0.1 below), and in a group, for
#: six standard deviations of its own.
LEAST_PERSONS = 100
LEAST_IN_GROUP = 15  # to touch a group's means and standard deviations
LEAST_ITEMS = 3  # of a domain, for its answers to count here: with fewer its spread is a guess
#: ν, learners: errs least over correlations of 0.5 to 0.95 and 100 to 2,000 learners (simulated).
CORRELATION_WORTH = 10.0
#: λ, learners: 10 pulled spreads to the stated ones and so correlations down; with none, intervals of classes held 92 %.
SPREAD_WORTH = 3.0
#: κ, learners: spares classes some noise (errors of abilities 3 % smaller on 24 items) and moves communes by nothing.
MEAN_WORTH = 2.0
MOST_PERSONS = 20_000  # of a group: a correlation is then known to about 0.01, more would only cost time
MOST_STEPS = 200
STILL = 3e-4  # largest change of a step, in logits, log standard deviations and Fisher's z of correlations
NEARLY_ONE = 0.98
NEWTON_STEPS = 8


def fit_population(
    items: DomainItems,
    responses: Responses,
    groups: ArrayLike | None = None,
    *,
    stated: DomainPopulation | None = None,
    correlation_worth: float = CORRELATION_WORTH,
    spread_worth: float = SPREAD_WORTH,
    mean_worth: float = MEAN_WORTH,
) -> DomainPopulation:
    """Means, standard deviations and correlations of the domains, by group, as the answers tell.

    Parameters
    ----------
    responses : of these items, in their order; not shown is missing.
    groups : name of each person's group; everybody is of the group "all" when not given.
    stated : what holds before there are data, one group (means 0, standard deviations 1, correlations 0.8 when not given).
        It is where estimation starts, and what stays where data are too few.
    correlation_worth, spread_worth, mean_worth : how many learners the stated correlations, standard deviations and means are
        worth beside those of the data; 0 or more. With 0 everywhere the estimate is plain maximum likelihood.

    Returns
    -------
    the groups by name, sorted. `notes` say what was kept and why:

    - ``few_persons``: fewer than 100 persons with answers in two domains: the stated correlation; or a group of fewer than 15:
      its stated means and standard deviations;
    - ``few_items``: a domain with fewer than 3 items, or met by fewer than 100 persons (15 where the correlation is the stated
      one anyway): its answers are left out here (not in `domain_abilities`), so it keeps its stated relation to the others;
    - ``nearly_one``: a correlation above 0.98: the data cannot tell the two domains apart;
    - ``not_settled``: the estimates still moved at the last step; do not use them.

    Of a group of more than 20,000 persons, so many at even distances are read.

    Raises
    ------
    ValueError
        when responses, items, groups or `stated` do not fit one another, or a worth is below 0.
    """
    begin = stated if stated is not None else DomainPopulation.stated(items.domains)
    worth = correlation_worth, spread_worth, mean_worth
    if min(worth) < 0:
        raise ValueError(f"found a worth of {min(worth)} learners, expected 0 or more")
    if begin.domains != items.domains or len(begin.groups) != 1:
        raise ValueError(
            f"found a stated population of domains {', '.join(begin.domains)} and {len(begin.groups)} groups, "
            f"expected domains {', '.join(items.domains)} and one group"
        )
    names, rows = _members(groups, responses.shape[0])
    evidence = _Evidence(items, responses, rows)
    notes, counted, free, correlate = _guard(items, names, rows, evidence)
    task = _Task(evidence, begin, counted, free, correlate, worth)
    state = _State.of(begin, len(names))
    if free.any():
        state, settled = _climb(task, state)
        notes += (
            []
            if settled
            else [Note("not_settled", "all", f"estimates still moved after {MOST_STEPS} steps: do not use them")]
        )
    population = DomainPopulation(items.domains, names, state.mean, state.covariance, (), *task.certainty(state))
    return replace(population, notes=(*notes, *_too_alike(items.domains, state.correlation, correlate)))


def _members(groups: ArrayLike | None, persons: int) -> tuple[tuple[str, ...], list[NDArray[np.intp]]]:
    """Names of groups, and the rows of each that are read."""
    if groups is None:
        return ("all",), [_spaced(np.arange(persons))]
    names = np.asarray(groups).astype(str)
    if names.shape != (persons,):
        raise ValueError(f"found groups of shape {names.shape} for {persons} persons, expected one per person")
    found = tuple(sorted(set(names.tolist())))
    return found, [_spaced(np.flatnonzero(names == name)) for name in found]


def _spaced(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    if len(rows) <= MOST_PERSONS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_PERSONS).astype(np.intp)]


class _Evidence:
    """The answers, group by group, in parts; and who answered what."""

    def __init__(self, items: DomainItems, responses: Responses, rows: list[NDArray[np.intp]]) -> None:
        self.reading = Reading(items, responses)
        self.parts = [list(self.reading.parts(of_group)) for of_group in rows]
        self.answered = [
            np.concatenate([self.reading.answered(self.reading.block(part)) for part in parts]) for parts in self.parts
        ]


def _guard(
    items: DomainItems, names: tuple[str, ...], rows: list[NDArray[np.intp]], evidence: _Evidence
) -> tuple[list[Note], NDArray[np.bool_], NDArray[np.bool_], bool]:
    """What is too little: notes, domains whose answers count, groups whose means are free, whether the correlation is."""
    notes = []
    answered = np.concatenate(evidence.answered) > 0
    telling = int((answered.sum(axis=1) >= 2).sum())
    needed = LEAST_PERSONS if telling >= LEAST_PERSONS else LEAST_IN_GROUP
    counts = np.bincount(items.place, minlength=len(items.domains))
    counted = (counts >= LEAST_ITEMS) & (answered.sum(axis=0) >= needed)
    for domain in np.flatnonzero(~counted):
        notes.append(
            Note(
                "few_items",
                items.domains[domain],
                f"domain {items.domains[domain]}: found {counts[domain]} items, answered by {answered[:, domain].sum()} persons, "
                f"expected at least {LEAST_ITEMS} and {needed}: it keeps its stated relation to the others",
            )
        )
    free = np.zeros(len(names), dtype=bool)
    for group, name in enumerate(names):
        persons = int((evidence.answered[group][:, counted] > 0).any(axis=1).sum())
        free[group] = persons >= LEAST_IN_GROUP
        if not free[group]:
            notes.append(
                Note(
                    "few_persons",
                    name,
                    f"group {name}: found {persons} persons with answers, expected at least {LEAST_IN_GROUP}: "
                    "its means and standard deviations are the stated ones",
                )
            )
    telling = int((answered[:, counted].sum(axis=1) >= 2).sum())
    if telling < LEAST_PERSONS:
        notes.append(
            Note(
                "few_persons",
                "correlation",
                f"found {telling} persons with answers in two domains or more, expected at least {LEAST_PERSONS}: "
                "the correlations are the stated ones",
            )
        )
    return notes, counted, free, telling >= LEAST_PERSONS


def _too_alike(domains: tuple[str, ...], correlation: Floats, estimated: bool) -> list[Note]:
    if not estimated:
        return []
    pairs = np.argwhere(np.triu(correlation > NEARLY_ONE, 1))
    return [
        Note(
            "nearly_one",
            f"{domains[a]}, {domains[b]}",
            f"domains {domains[a]} and {domains[b]}: found a correlation of {correlation[a, b]:.3f}: the data cannot tell them apart",
        )
        for a, b in pairs
    ]


@dataclass(frozen=True)
class _State:
    """What is being estimated: means and standard deviations, groups × domains, and the correlation table."""

    mean: Floats
    sd: Floats
    correlation: Floats

    @classmethod
    def of(cls, stated: DomainPopulation, groups: int) -> _State:
        return cls(stated.mean.repeat(groups, axis=0), stated.sd.repeat(groups, axis=0), stated.correlation[0])

    @property
    def covariance(self) -> Floats:
        return np.asarray(self.sd[:, :, None] * self.correlation * self.sd[:, None, :])

    def numbers(self) -> Floats:
        """All as one unbounded vector: means, log standard deviations, Fisher's z of correlations."""
        pairs = np.tril_indices(len(self.correlation), -1)
        return np.concatenate([self.mean.ravel(), np.log(self.sd).ravel(), np.arctanh(self.correlation[pairs])])

    def with_numbers(self, numbers: Floats) -> _State | None:
        """The state of such a vector; None when no abilities can correlate so."""
        size, count = self.mean.size, len(self.correlation)
        table = np.zeros((count, count))
        table[np.tril_indices(count, -1)] = np.tanh(numbers[2 * size :])
        table = table + table.T + np.eye(count)
        if not np.linalg.eigvalsh(table).min() > 1e-6:
            return None
        shape = self.mean.shape
        return _State(numbers[:size].reshape(shape), np.exp(numbers[size : 2 * size]).reshape(shape), table)


class _Task:
    """One EM step; stand-ins are kept from step to step, so that posteriors need hardly more than one visit."""

    def __init__(
        self,
        evidence: _Evidence,
        stated: DomainPopulation,
        counted: NDArray[np.bool_],
        free: NDArray[np.bool_],
        correlate: bool,
        worth: tuple[float, float, float],
    ) -> None:
        self._evidence, self._counted, self._free, self._correlate = evidence, counted, free, correlate
        self._correlation_worth, self._spread_worth, self._mean_worth = worth
        self._stated_mean, self._stated_inverse = stated.mean[0], np.linalg.inv(stated.covariance[0])
        self._stated_correlation, self._stated_sd = stated.correlation[0], stated.sd[0]
        self._known: dict[tuple[int, int], StandIns] = {}

    def step(self, state: _State) -> _State:
        """Expectation, then the two conditional maximisations."""
        mean, tables, persons = state.mean.copy(), {}, {}
        for group in np.flatnonzero(self._free):
            mean[group], tables[group], persons[group] = self._moments(int(group), state)
        correlation, sd = state.correlation, state.sd.copy()
        if self._correlate:
            total = self._correlation_worth * self._stated_correlation
            for group, table in tables.items():
                total = total + persons[group] * table / np.outer(sd[group], sd[group])
            scale = np.sqrt(np.diag(total) / (self._correlation_worth + sum(persons.values())))
            correlation = total / np.sqrt(np.outer(np.diag(total), np.diag(total)))
            sd[self._free] *= scale
        inverse = np.linalg.inv(correlation)
        for group, table in tables.items():
            pull = persons[group] * inverse * table + self._spread_worth * np.diag(self._stated_sd**2)
            worth = persons[group] + self._spread_worth
            sd[group] = (self._one_scale if persons[group] < LEAST_PERSONS else _scales)(pull, worth, 1 / sd[group])
        return _State(mean, sd, correlation)

    def _one_scale(self, pull: Floats, worth: float, _: Floats) -> Floats:
        """The stated standard deviations times one factor: six of a class's own would be mostly chance."""
        stated = 1 / self._stated_sd
        return np.asarray(self._stated_sd * np.sqrt(stated @ pull @ stated / (worth * len(stated))))

    def certainty(self, state: _State) -> tuple[Floats | None, Floats | None, Floats | None]:
        """How sure a state is: covariances of means, the worth of covariances, standard errors of correlations (`domain_certainty`).

        A stated correlation is as sure as `STATED_WORTH` says; a stated mean as the learners it is worth.
        """
        spreads = {
            group: domain_certainty.information(
                self._posteriors(group, state), state.mean[group], state.covariance[group], self._is_small(group)
            )
            for group in map(int, np.flatnonzero(self._free))
        }
        groups, count = state.mean.shape
        unsure, worth = np.zeros((groups, count, count)), np.full(groups, np.inf)
        errors = None
        shared = STATED_WORTH
        if self._correlate:
            errors = domain_certainty.errors_of_correlations(spreads.values(), state.correlation, self._correlation_worth)
            shared = domain_certainty.worth(errors, state.correlation)
        for group in range(groups):
            known = self._mean_worth * self._stated_inverse
            if group in spreads:
                unsure[group] = np.linalg.inv(known + spreads[group].mean)
                worth[group] = min(shared, self._spread_worth + domain_certainty.worth_of_sds(spreads[group]))
            else:
                worth[group] = shared
                unsure[group] = np.linalg.inv(known if self._mean_worth else STATED_MEAN_WORTH * self._stated_inverse)
        return unsure, worth, errors

    def _is_small(self, group: int) -> bool:
        """Whether six standard deviations of its own would be mostly chance."""
        return int((self._evidence.answered[group][:, self._counted] > 0).any(axis=1).sum()) < LEAST_PERSONS

    def _posteriors(self, group: int, state: _State) -> Iterator[tuple[Floats, Floats]]:
        """Means and covariances of those of a group who answered something, part by part."""
        prior = state.mean[group], state.covariance[group]
        grids = self._evidence.reading.grids(*prior)
        for number, part in enumerate(self._evidence.parts[group]):
            curves = self._evidence.reading.curves(self._evidence.reading.block(part), grids)
            curves = [
                curve if counts else replace(curve, answered=np.zeros_like(curve.answered))
                for curve, counts in zip(curves, self._counted, strict=True)
            ]
            told = np.any([curve.answered for curve in curves], axis=0)
            found = match_moments(curves, *prior, self._known.get((group, number)))
            self._known[group, number] = found.stand_ins
            yield found.mean[:, told], found.covariance[:, :, told]

    def _moments(self, group: int, state: _State) -> tuple[Floats, Floats, int]:
        """Mean and covariance of a group's abilities, and how many persons they come from."""
        first, second, persons = np.zeros(len(self._counted)), np.zeros(state.correlation.shape), 0
        prior = state.mean[group], state.covariance[group]
        for mean, covariance in self._posteriors(group, state):
            first += mean.sum(axis=1)
            second += mean @ mean.T + covariance.sum(axis=2)
            persons += mean.shape[1]
        ours, theirs = np.linalg.inv(prior[1]) * persons, self._stated_inverse * self._mean_worth
        middle = np.linalg.solve(ours + theirs, ours @ (first / persons) + theirs @ self._stated_mean)
        apart = first / persons - middle
        spread = second / persons - np.outer(first, first) / persons**2 + np.outer(apart, apart)
        return middle, spread, persons


def _scales(pull: Floats, worth: float, begin: Floats) -> Floats:
    """1/u for the u > 0 with worth/u = pull·u: the highest point of worth·Σ log u − ½ uᵀ pull u, by Newton's method."""
    u = begin
    for _ in range(NEWTON_STEPS):
        uphill = worth / u - pull @ u
        step = np.linalg.solve(pull + np.diag(worth / u**2), uphill)
        u = np.maximum(u + step, u / 2)
    return 1 / u


def _climb(task: _Task, state: _State) -> tuple[_State, bool]:
    """EM with extrapolation until a step moves nothing by more than `STILL` (see the head of this module)."""
    for _ in range(MOST_STEPS // 3):
        one = task.step(state)
        two = task.step(one)
        start, middle, end = state.numbers(), one.numbers(), two.numbers()
        if abs(end - middle).max() < STILL:
            return two, True
        change, bend = middle - start, (end - middle) - (middle - start)
        length = min(-1.0, -float(np.linalg.norm(change)) / max(float(np.linalg.norm(bend)), 1e-12))
        leap = state.with_numbers(start - 2 * length * change + length**2 * bend)
        # A leap to where no abilities can be is no leap; the plain step after it makes up for a rough landing.
        state = task.step(leap) if leap is not None else two
    return state, False
