"""The band of each domain from one person's answers: abilities in correlated domains, cuts, help, and what would add evidence.

Help counts for the lowest cut only, where level 1 (*with guidance*) begins: two estimates are made, one in which a task done
with help is done and one in which it is not, and `bdhvs.measurement.bands.by_help` joins them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.bands import BandResult, Bands, by_help, decide
from bdhvs.measurement.domains import DomainAbilities
from bdhvs.measurement.thresholds import CERTAINTY

Floats = NDArray[np.float64]

MOST_MORE = 12  # further tasks that may be advised; more than a sitting's worth is "many"
AS_LIKELY_AS_NOT = 0.5  # probability with which the advised tasks settle it


def domain_bands(
    with_help: DomainAbilities, alone: DomainAbilities, domain: int, bands: Bands, guided: int, certainty: float = CERTAINTY
) -> BandResult:
    """What can be said of each person in one domain.

    Parameters
    ----------
    with_help, alone : abilities of the same persons, once with help counted as done and once as not done
        (`bdhvs.measurement.evidence.scores_for_level`).
    domain : place of the domain.
    guided : how many of the lowest cuts are passed with help, too.

    Notes
    -----
    Somebody whose abilities did not settle has no estimate; below `LEAST_TASKS` tasks of the domain nothing is named, whatever
    the other domains let expect.
    """
    chance = by_help(_reached(with_help, domain, bands), _reached(alone, domain, bands), guided)
    chance[~(with_help.settled & alone.settled)] = np.nan
    return decide(chance, bands, certainty, alone.answered[:, domain])


def _reached(found: DomainAbilities, domain: int, bands: Bands) -> Floats:
    """Probability of having reached each cut: persons × cuts. A higher cut is never passed more surely than a lower one."""
    chances = [found.chance_above(float(cut), float(se))[:, domain] for cut, se in zip(bands.cuts, bands.se, strict=True)]
    return np.asarray(np.minimum.accumulate(np.column_stack(chances), axis=1))


def open_cut(result: BandResult, person: int, certainty: float = CERTAINTY) -> int | None:
    """The cut on whose side a person least surely is; None where every cut is settled or there is no estimate.

    Returns
    -------
    place among the bands' cuts: that with a chance nearest to a half, of those between 1 − `certainty` and `certainty`.
    """
    chance = 1 - np.cumsum(result.probabilities[person])[:-1]
    unsure = [place for place, one in enumerate(chance) if 1 - certainty < one < certainty]
    return min(unsure, key=lambda place: abs(chance[place] - 0.5), default=None)


@dataclass(frozen=True, slots=True)
class More:
    """What would add evidence: so many tasks of a level. ``tasks`` None: more than `MOST_MORE`."""

    level: int
    tasks: int | None


def more_evidence(
    mean: float, sd: float, cut: float, cut_se: float, information: Mapping[int, Sequence[float]], certainty: float = CERTAINTY
) -> More | None:
    """How many tasks of which level would settle on which side of a cut somebody is, as likely as not.

    Parameters
    ----------
    mean, sd : ability in the domain, logits.
    cut, cut_se : the cut in question.
    information : level → Fisher information (1/logit²) at `mean` of each task not yet met; the level of the greatest mean is
        advised. Empty: None, there is nothing to advise.

    Notes
    -----
    After n tasks of information I each the posterior has variance v = 1/(1/sd² + nI), and its mean, seen from now, is normal around
    `mean` with variance sd² − v (preposterior analysis: H. Raiffa, R. Schlaifer 1961, Applied statistical decision theory). A side
    is then settled when the new mean lies at least t = z·√(v + cut_se²) from the cut, z the normal quantile of `certainty`. The
    least n with P(settled) ≥ 1/2 is given. Information is that at today's mean, so it is a rule of thumb.
    """
    levels = {level: sum(own) / len(own) for level, own in information.items() if own}
    if not levels:
        return None
    level = max(levels, key=lambda one: (levels[one], -one))
    most = min(MOST_MORE, len(information[level]))
    tasks = (n for n in range(1, most + 1) if _settled(mean, sd, cut, cut_se, n * levels[level], certainty) >= AS_LIKELY_AS_NOT)
    return More(level, next(tasks, None))


def _settled(mean: float, sd: float, cut: float, cut_se: float, information: float, certainty: float) -> float:
    """Probability that so much more information settles it."""
    normal, left = NormalDist(), 1 / (1 / sd**2 + information)
    far, spread = normal.inv_cdf(certainty) * sqrt(left + cut_se**2), sqrt(max(sd**2 - left, 0.0))
    gap = mean - cut
    above = (gap - far) / spread if spread > 0 else (inf if gap > far else -inf)
    below = (-gap - far) / spread if spread > 0 else (inf if -gap > far else -inf)
    return normal.cdf(above) + normal.cdf(below)
