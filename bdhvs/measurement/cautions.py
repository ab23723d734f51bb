"""Why a number should not be leaned on: a stable code with the figures it rests on, in place of a silent number.

Measurement says codes; `bdhvs.service.caution_sentences` turns them into what a teacher reads. The English here is for
researchers and for error messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: code → plain English. The names in braces are the numbers that come with the code.
MESSAGES: dict[str, str] = {
    # items and classes
    "nobody_answered": "nobody answered it",
    "too_few_persons": "{n:.0f} persons, fewer than the {least:.0f} this needs",
    "too_few_items": "{n:.0f} items, fewer than the {least:.0f} this needs",
    "all_right": "all {n:.0f} who answered have full marks, so only a bound is known",
    "all_wrong": "none of the {n:.0f} who answered has any marks, so only a bound is known",
    "interval_too_wide": "the interval from {low:.2f} to {high:.2f} is wider than {widest:.2f}",
    "no_spread": "everybody has the same score, so nothing can be told apart",
    "much_missing": "{share:.0%} of the responses are missing",
    "negative_discrimination": "who does well otherwise does worse here (item-rest correlation {r:.2f}): look at the key",
    "low_discrimination": "it hardly tells learners apart (item-rest correlation {r:.2f})",
    # options
    "nobody_chooses": "no one chose this wrong option",
    "few_choose": "only {share:.0%} chose this wrong option",
    "able_choose_wrong": "those who choose this wrong option do better otherwise (r = {r:.2f}, at least {low:.2f})",
    "able_miss_key": "those who choose the key do not do better otherwise (r = {r:.2f})",
    "wrong_beats_key": "{n:.0f} chose this wrong option and {key:.0f} the key",
    # reliability
    "incomplete_left_out": "{n:.0f} persons without all items were left out",
    "negative_alpha": "alpha is negative ({value:.2f}): items run against each other, or keys are wrong",
    "heywood": "a loading reached its bound: one factor does not describe these items",
    "not_converged": "the search stopped before it settled",
    # fairness
    "too_few_in_group": "{n:.0f} persons in the smaller group, fewer than the {least:.0f} this needs",
    "group_below_recommended": "{n:.0f} persons in the smaller group and {total:.0f} in all; {least:.0f} and {least_total:.0f} are recommended",
    "no_common_scores": "the groups share no score level at which to compare them",
    "one_sided": "at every score level one of the groups has all or none right, so the odds ratio has no bound",
    "separated": "right and wrong can be told apart completely by score or group: estimates have no bound",
    "no_anchor_left": "only {n:.0f} items are left to match on, fewer than {least:.0f}",
    "purification_unsettled": "the set of items to match on had not settled after {rounds:.0f} rounds",
    "dif_moderate": "moderate difference between groups of equal ability ({size:.2f})",
    "dif_large": "large difference between groups of equal ability ({size:.2f})",
    # growth
    "too_few_pairs": "{n:.0f} learners with both results, fewer than the {least:.0f} this needs",
    "too_few_classes": "{n:.0f} classes, fewer than the {least:.0f} this needs",
    "few_classes": "only {n:.0f} classes: the interval leans on few",
    "may_be_chance": "the interval of the change, {low:.2f} to {high:.2f}, holds zero",
    "regression_to_the_mean": "of the change of {change:.2f}, {expected:.2f} is to be expected from selection alone",
    "only_regression": "the change of {change:.2f} is not surely more than the {expected:.2f} expected from selection alone",
    "lost_learners": "{n:.0f} of {total:.0f} learners have no second result; who stays away may differ",
    "few_common_items": "{n:.0f} common items, fewer than the {least:.0f} this needs",
    "items_drifted": "{n:.0f} of {total:.0f} common items moved more than the others",
}


@dataclass(frozen=True)
class Caution:
    """One reason to hold back."""

    code: str  # a key of `MESSAGES`
    numbers: Mapping[str, float] = field(default_factory=dict)  # the figures it rests on, by name

    def __post_init__(self) -> None:
        if self.code not in MESSAGES:
            raise ValueError(f"found the caution {self.code!r}, expected one of {', '.join(sorted(MESSAGES))}")

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**self.numbers)


def codes(cautions: tuple[Caution, ...]) -> tuple[str, ...]:
    """Their codes, in order."""
    return tuple(one.code for one in cautions)
