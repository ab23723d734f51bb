"""How many people to ask: the size of a survey in which neighbours or classmates are asked together.

Plain formulas, nothing but Python. "Reached the basic band" is an ordinary share: each person counts as 1 or 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, inf, isfinite, sqrt
from statistics import NormalDist

#: Of people asked in one class or neighbourhood, how much their answers go together, where nobody knows better. In the Health
#: Survey for England most were below 0.05 among neighbours (M. C. Gulliford, O. C. Ukoumunne & S. Chinn 1999, American Journal
#: of Epidemiology 149, 876–883); people who learned in one class may be more alike. A statement, not a finding: take the one
#: that `bdhvs.programme.shares` measures as soon as there are data.
STATED_ICC = 0.05


def z_of(confidence: float) -> float:
    """Normal quantile of a two-sided interval: 1.96 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a share between 0 and 1, for example 0.95")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def design_effect(per_cluster: float, icc: float = STATED_ICC, size_cv: float = 0.0) -> float:
    """How many times more people must be asked because they are asked in clusters: 1 + ((1 + cv²) m − 1) · icc.

    Parameters
    ----------
    per_cluster : people asked per class or neighbourhood on average, m ≥ 1.
    icc : correlation of answers within one, 0 ≤ icc ≤ 1.
    size_cv : standard deviation of the number asked per cluster over its mean, at least 0.

    Notes
    -----
    Source: L. Kish (1965), Survey Sampling, section 5.4; with unequal sizes S. Eldridge, D. Ashby & S. Kerry (2006),
    International Journal of Epidemiology 35, 1292–1300.
    """
    if per_cluster < 1 or not isfinite(per_cluster):
        raise ValueError(f"per_cluster is {per_cluster}, expected at least 1 person")
    if not 0 <= icc <= 1:
        raise ValueError(f"icc is {icc}, expected a correlation from 0 to 1")
    if size_cv < 0:
        raise ValueError(f"size_cv is {size_cv}, expected at least 0")
    return max(1.0, 1 + ((1 + size_cv**2) * per_cluster - 1) * icc)


def needed_in_theory(
    margin: float, *, share: float = 0.5, confidence: float = 0.95, population: float = inf, effect: float = 1.0
) -> float:
    """People needed for an interval of ± `margin`, before rounding up; at most `population`.

    Notes
    -----
    With D = effect · z² p (1 − p) / margin² this is D / (1 + (D − 1) / N). Source: W. G. Cochran (1977), Sampling Techniques,
    3rd edition, equations 4.2 and 4.4 in section 4.4; multiplied by the design effect as in Kish (1965), section 8.2.
    """
    if not 0 < margin < 1:
        raise ValueError(f"margin is {margin}, expected a share between 0 and 1: 0.05 is five points of a hundred")
    if not 0 < share < 1:
        raise ValueError(f"share is {share}, expected a share between 0 and 1; 0.5 when nothing is known")
    if population < 1:
        raise ValueError(f"population is {population}, expected at least 1 person")
    if effect < 1 or not isfinite(effect):
        raise ValueError(f"effect is {effect}, expected at least 1")
    wanted = effect * z_of(confidence) ** 2 * share * (1 - share) / margin**2
    if not isfinite(population):
        return wanted
    # Whom a design would need more than once it can at most ask once.
    return min(wanted / (1 + (wanted - 1) / population), population)


def margin_of(
    respondents: float, *, share: float = 0.5, confidence: float = 0.95, population: float = inf, effect: float = 1.0
) -> float:
    """Half the width of the interval that so many answers give: the inverse of `needed_in_theory`. 0 when all were asked."""
    if respondents <= 0:
        raise ValueError(f"respondents is {respondents}, expected more than 0")
    if respondents >= population:
        return 0.0
    finite = (population - respondents) / (population - 1) if isfinite(population) else 1.0
    return z_of(confidence) * sqrt(effect * share * (1 - share) / respondents * finite)


def detectable_change(
    respondents: float, *, share: float = 0.5, confidence: float = 0.95, power: float = 0.8, effect: float = 1.0
) -> float:
    """Smallest rise of a share that two such surveys of different people would show with probability `power`.

    Parameters
    ----------
    respondents : people answering in each of the two surveys.
    share : at the first survey.
    power : probability that a rise of this size is found, above 0.5 and below 1.

    Returns
    -------
    rise, 0 < rise < 1 − share; ``inf`` when even a rise to everybody would go unnoticed.

    Notes
    -----
    The rise for which z₁ √(2 p̄ q̄) + z₂ √(p₁q₁ + p₂q₂) = rise · √(n / effect), two-sided. Source: J. L. Fleiss, B. Levin &
    M. C. Paik (2003), Statistical Methods for Rates and Proportions, 3rd edition, equation 4.14, solved for p₂ by halving.
    """
    if not 0.5 < power < 1:
        raise ValueError(f"power is {power}, expected above 0.5 and below 1, for example 0.8")
    if respondents <= 0:
        raise ValueError(f"respondents is {respondents}, expected more than 0")
    sure, found, per_group = z_of(confidence), NormalDist().inv_cdf(power), respondents / effect

    def short_of(rise: float) -> float:
        second = share + rise
        mean = (share + second) / 2
        noise = sure * sqrt(2 * mean * (1 - mean)) + found * sqrt(share * (1 - share) + second * (1 - second))
        return noise - rise * sqrt(per_group)

    low, high = 0.0, 1 - share
    if short_of(high) > 0:
        return inf
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if short_of(middle) > 0 else (low, middle)
    return high


@dataclass(frozen=True)
class SurveyPlan:
    """What to ask for and what it gives; made by `survey_plan`.

    Attributes
    ----------
    margin : half the width wanted of the interval, a share.
    confidence, share, population, icc, response_rate : as asked.
    effect : design effect, at least 1.
    simple : people needed if they were drawn one by one from the list of all, rounded up.
    respondents : people who must answer, at most the population.
    invited : people to invite so that so many answer, at most the population.
    clusters : classes or neighbourhoods to draw, at least 2.
    per_cluster : people to invite in each.
    reached : the margin that so many answers give.
    change : smallest rise between two such surveys that would show with probability 0.8; ``inf`` when none would.
    enough : whether `reached` is no wider than `margin`. False when the population is too small for those who do not answer.
    """

    margin: float
    confidence: float
    share: float
    population: float
    icc: float
    response_rate: float
    effect: float
    simple: int
    respondents: int
    invited: int
    clusters: int
    per_cluster: int
    reached: float
    change: float
    enough: bool


def survey_plan(
    margin: float = 0.05,
    *,
    confidence: float = 0.95,
    share: float = 0.5,
    population: float = inf,
    per_cluster: int = 20,
    icc: float = STATED_ICC,
    size_cv: float = 0.0,
    response_rate: float = 0.8,
) -> SurveyPlan:
    """How many people to invite in one place, so that its share is known to ± `margin`.

    Parameters
    ----------
    margin : half the width of the interval, a share: 0.05 is five points of a hundred.
    share : what is expected; 0.5 asks for the most people.
    population : adults of the place; ``inf`` when it is large or unknown.
    per_cluster : people invited per class or neighbourhood that is drawn; 1 when people are drawn from one list.
    icc : correlation of answers within a class or neighbourhood.
    size_cv : how unequal the numbers per cluster are, see `design_effect`.
    response_rate : share of the invited who answer, above 0 and at most 1.

    Raises
    ------
    ValueError
        when a number lies outside its range; the message says which.

    Notes
    -----
    The design effect rests on those who *answer* per cluster, and each cluster adds its own: nobody who stays at home
    makes neighbours more alike. Non-response is made up for in number only; those who do not answer may differ.
    """
    if not 0 < response_rate <= 1:
        raise ValueError(f"response_rate is {response_rate}, expected above 0 and at most 1")
    if per_cluster < 1:
        raise ValueError(f"per_cluster is {per_cluster}, expected at least 1 person")
    effect = design_effect(max(1.0, per_cluster * response_rate), icc, size_cv)
    given = {"share": share, "confidence": confidence, "population": population}
    simple = _up(needed_in_theory(margin, **given))
    respondents = _up(needed_in_theory(margin, **given, effect=effect))
    invited = _up(min(respondents / response_rate, population))
    # Rounded in both ways: whole clusters, and then no more people in each than needed.
    clusters = max(2, ceil(invited / per_cluster)) if per_cluster > 1 else max(2, invited)
    answering = min(respondents, invited * response_rate)
    reached = margin_of(answering, **given, effect=effect)
    return SurveyPlan(
        margin=margin,
        confidence=confidence,
        share=share,
        population=population,
        icc=icc,
        response_rate=response_rate,
        effect=effect,
        simple=simple,
        respondents=respondents,
        invited=invited,
        clusters=clusters,
        per_cluster=min(per_cluster, invited),
        reached=reached,
        change=detectable_change(answering, share=share, confidence=confidence, effect=effect),
        enough=reached <= margin * (1 + 1e-9),
    )


def margin_of_all(places: Iterable[tuple[float, SurveyPlan]]) -> float:
    """The margin for a province when each of its communes is surveyed by its own plan.

    Parameters
    ----------
    places : adults of the commune and its plan; all plans with one confidence.

    Notes
    -----
    Strata weighted by their people: the margin's square is Σ W² margin² (Cochran 1977, equation 5.7).
    """
    known = list(places)
    if not known:
        raise ValueError("found no places, expected at least one")
    people = sum(adults for adults, _ in known)
    return sqrt(sum((adults / people * plan.reached) ** 2 for adults, plan in known))


def _up(number: float) -> int:
    """Rounded up, with what binary numbers add forgiven."""
    return ceil(number - 1e-9)
