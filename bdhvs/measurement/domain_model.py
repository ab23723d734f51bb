"""The model of abilities in several correlated domains: which item measures which, and how learners' abilities go together.

Multidimensional *between items*: every item measures one domain d(j), with its own slope and intercepts (Rasch, 2PL, partial
credit or graded), and abilities are normal in a group g of learners::

    P(x_j | θ) = item model at θ_d(j),     θ ~ N(μ_g, Σ_g)

R. J. Adams, M. Wilson & W.-C. Wang (1997), The multidimensional random coefficients multinomial logit model, Applied
Psychological Measurement 21, 1–23.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.thresholds import STATED_CORRELATION

Floats = NDArray[np.float64]

#: Learners: a stated 0.8 is believed to 0.07 (0.66 to 0.94), which (1 − r²)/√n is for so many.
STATED_WORTH = 26.0
#: Learners: a stated mean is believed to half a standard deviation.
STATED_MEAN_WORTH = 4.0


@dataclass(frozen=True)
class Note:
    """Something a reader of an estimate must know: a stable code, about what, and plain English.

    Codes: ``few_persons`` and ``few_items`` (the stated value was kept), ``not_settled``, ``nearly_one`` (two domains that
    the data cannot tell apart).
    """

    code: str
    about: str
    text: str


@dataclass(frozen=True, eq=False)
class DomainItems:
    """Calibrated items and the domain each measures.

    Attributes
    ----------
    items : on one scale per domain.
    place : of each item, its domain as a place in `domains`.
    domains : names in the order of all results; one may have no item.
    """

    items: CalibratedItems
    place: NDArray[np.intp]
    domains: tuple[str, ...]

    @classmethod
    def of(cls, items: CalibratedItems, domain: Sequence[str], domains: Sequence[str] | None = None) -> DomainItems:
        """Items with their domains' names, `domain` one per item; `domains` sorted when not given.

        Raises
        ------
        ValueError
            when there is not one domain per item, one is unknown, or a name stands twice in `domains`.
        """
        names = tuple(domains) if domains is not None else tuple(sorted(set(domain)))
        if len(domain) != len(items.ids):
            raise ValueError(f"found {len(domain)} domains for {len(items.ids)} items, expected one per item")
        if len(set(names)) != len(names):
            raise ValueError(f"found a domain twice in {names}, expected each once")
        known = {name: at for at, name in enumerate(names)}
        for item, name in zip(items.ids, domain, strict=True):
            if name not in known:
                raise ValueError(f"item {item!r}: found domain {name!r}, expected one of {', '.join(names)}")
        return cls(items, np.array([known[name] for name in domain], dtype=np.intp), names)

    def of_domain(self, domain: int) -> NDArray[np.intp]:
        """Which items measure the domain at this place."""
        return np.flatnonzero(self.place == domain)


@dataclass(frozen=True, eq=False)
class DomainPopulation:
    """How abilities spread and go together among learners: the prior of every ability in this module.

    Attributes
    ----------
    domains, groups : names.
    mean : groups × domains, logits.
    covariance : groups × domains × domains, logits², positive definite.
    notes : what was kept instead of estimated, and why; empty for a stated population.
    mean_covariance : groups × domains × domains, logits²: how unsure the means are; None where they are taken as known.
    worth : groups: how many learners of known abilities would make `covariance` as sure; None (or ∞) where it is taken as known.
    correlation_se : domains × domains: standard errors of estimated correlations (observed information, see `domain_certainty`);
        None where they were stated.
    """

    domains: tuple[str, ...]
    groups: tuple[str, ...]
    mean: Floats
    covariance: Floats
    notes: tuple[Note, ...] = field(default=())
    mean_covariance: Floats | None = None
    worth: Floats | None = None
    correlation_se: Floats | None = None

    def __post_init__(self) -> None:
        count = len(self.domains)
        if self.mean.shape != (len(self.groups), count) or self.covariance.shape != (len(self.groups), count, count):
            raise ValueError(
                f"found means of shape {self.mean.shape} and covariances of shape {self.covariance.shape}, expected "
                f"{(len(self.groups), count)} and {(len(self.groups), count, count)}: groups × domains (× domains)"
            )
        for name, table in zip(self.groups, self.covariance, strict=True):
            if not np.allclose(table, table.T) or not np.linalg.eigvalsh(table).min() > 0:
                raise ValueError(
                    f"group {name!r}: found covariances that no abilities can have, expected a positive definite table"
                )

    @classmethod
    def stated(
        cls,
        domains: Sequence[str],
        correlation: float | ArrayLike = STATED_CORRELATION,
        *,
        mean: ArrayLike = 0.0,
        sd: ArrayLike = 1.0,
        groups: Sequence[str] = ("all",),
        mean_worth: float = np.inf,
        worth: float = np.inf,
    ) -> DomainPopulation:
        """A population as somebody states it: one correlation for all pairs or a whole table.

        `mean` and `sd` are one number, one per domain, or groups × domains, in logits. `mean_worth` and `worth` say how many learners
        the statements of means and of covariances are worth (∞: known); intervals of abilities are wider for it. Where
        nobody knows better, take `STATED_MEAN_WORTH` and `STATED_WORTH`.

        Raises
        ------
        ValueError
            when no abilities can correlate so: six domains need a correlation above −0.2 and below 1; a worth is not above 0.
        """
        if not min(mean_worth, worth) > 0:
            raise ValueError(f"found a worth of {min(mean_worth, worth)} learners, expected more than 0")
        count, names = len(domains), tuple(groups)
        given = np.asarray(correlation, dtype=np.float64)
        table = given if given.ndim else np.full((count, count), float(given)) + (1 - given) * np.eye(count)
        spread = np.broadcast_to(np.asarray(sd, dtype=np.float64), (len(names), count))
        middle = np.broadcast_to(np.asarray(mean, dtype=np.float64), (len(names), count)).copy()
        covariance = spread[:, :, None] * table * spread[:, None, :]
        unsure = None if np.isinf(mean_worth) else covariance / mean_worth
        return cls(
            tuple(domains), names, middle, covariance, (), unsure, None if np.isinf(worth) else np.full(len(names), worth)
        )

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation of ability: groups × domains, logits."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)))

    @cached_property
    def correlation(self) -> Floats:
        """Correlation of domains: groups × domains × domains."""
        return np.asarray(self.covariance / (self.sd[:, :, None] * self.sd[:, None, :]))


def rows_by_group(
    population: DomainPopulation, groups: ArrayLike | None, persons: int
) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Which persons belong to each group that has any: its place, their rows.

    Raises
    ------
    ValueError
        when there is not one group per person, or one the population does not know.
    """
    if groups is None:
        if len(population.groups) > 1:
            raise ValueError(
                f"found no groups of persons for a population of {len(population.groups)} groups, expected one per person"
            )
        yield 0, np.arange(persons)
        return
    names = np.asarray(groups).astype(str)
    if names.shape != (persons,):
        raise ValueError(f"found groups of shape {names.shape} for {persons} persons, expected one per person")
    unknown = sorted(set(names.tolist()) - set(population.groups))
    if unknown:
        raise ValueError(f"found group {unknown[0]!r}, expected one of {', '.join(population.groups[:20])}")
    for place, name in enumerate(population.groups):
        rows = np.flatnonzero(names == name)
        if len(rows):
            yield place, rows
