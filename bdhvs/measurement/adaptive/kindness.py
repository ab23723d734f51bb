"""The kind start: first items that most people can do, harder ones as the learner succeeds.

With points x won without help and n items so far, k = `kind_items` and

    ease = max(0, 1 − (x + max(0, n − k)) / k) · min(1, max(0, (d − `FADED`) / (`FADING` − `FADED`))),

an item is kind when its expected share of points is at least later + ease · (first − later) for somebody ease · caution standard
deviations *below* the estimate. So the first item suits the weak end of the learners who may come; each success takes one step
towards the ordinary choice, a failure none, and after k items time does. The second factor is the *doubt* d (0–1): how probable
it still is that the learner is a beginner (more than a standard deviation below the mean of those who come), as a share of how
probable it was. Easy items tell little about the able, so for them the kind start fades with the first right answers; whoever
fails keeps it whole. At ease 0 nothing is asked: maximum information settles at even chances by itself. Abilities are read at
the nearest node of the grid, so to 0.1 logit.

The idea of a target for success: T. J. H. M. Eggen and A. J. Verschoor (2006), Optimal testing with easy or difficult items in
computerized adaptive testing, Applied Psychological Measurement 30, 379–393. The sliding target, caution and doubt are ours;
docs/measurement.md has what they cost and bring in simulation.
"""

from __future__ import annotations

from dataclasses import dataclass

from bdhvs.measurement.adaptive.rules import Rules

#: Shares of the first doubt: from which the kind start fades, and below which nobody is taken for a beginner any more.
FADING, FADED = 0.8, 0.2


@dataclass(frozen=True, slots=True)
class Kindness:
    """What the next item must at least promise: a share of points (0–1) for somebody of this ability (logits)."""

    success: float
    ability: float


def kindness(rules: Rules, points: float, length: int, mean: float, sd: float, doubt: float = 1.0) -> Kindness | None:
    """What is asked of the next item after `length` items and so many points, at this estimate and doubt; None: nothing."""
    if not rules.kind_items:
        return None
    left = max(0.0, 1 - (points + max(0, length - rules.kind_items)) / rules.kind_items)
    ease = left * min(1.0, (doubt - FADED) / (FADING - FADED))
    if ease <= 0:
        return None
    success = rules.later_success + ease * (rules.first_success - rules.later_success)
    return Kindness(success, mean - ease * rules.caution * sd)
