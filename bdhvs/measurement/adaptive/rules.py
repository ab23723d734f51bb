"""The rules of an adaptive form: plain data, so that a form's file can hold them and an attempt can name their version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType

from bdhvs.measurement.grids import WIDEST

SHARES_ADD_UP_WITHIN = 1e-6
LONGEST = 200  # items, as of any form


@dataclass(frozen=True)
class Rules:
    """How an adaptive form chooses items and when it ends.

    Attributes
    ----------
    minimum, maximum : items a learner answers at least before the band may end the test, and at most. 1 ≤ minimum ≤ maximum.
    domain_shares : domain → share of the items (each above 0; together 1). Empty: no content balance. After every item each
        domain's count is within one item of its share of the items so far.
    simulators_required, simulators_at_most : items that are simulators. Those required are spread over the first `minimum`
        items; None: as many as are chosen.
    exposure_cap : the largest share of learners who may see an item, above 0 up to 1 (1: no limit).
    cuts : abilities (logits) that part the bands, rising; k cuts make k + 1 bands, 0 the lowest. Empty: the test ends only
        at its maximum.
    certainty : the test ends when the learner's band has at least this probability, above 0.5 up to 1 (1: never early).
    first_success, later_success : expected share of points of the first item and of those after the kind start, both within
        0–1, first ≥ later. The target slides from one to the other; see `bdhvs.measurement.adaptive.kindness`.
    kind_items : points (or items beyond as many) over which the target slides; 0: no kind start.
    warm_up : domains without a share, outside the balance. An item of them comes only while the kind start asks for an easier
        one than those that may come hold.
    caution : standard deviations below the ability estimate for which the first item must still be that easy, ≥ 0.
    prior_mean, prior_sd : normal distribution of ability (logits) before the first answer.
    """

    minimum: int = 8
    maximum: int = 20
    domain_shares: Mapping[str, float] = field(default_factory=dict)
    simulators_required: int = 0
    simulators_at_most: int | None = None
    exposure_cap: float = 0.25
    cuts: tuple[float, ...] = ()
    certainty: float = 0.8
    first_success: float = 0.8
    later_success: float = 0.5
    kind_items: int = 8
    warm_up: tuple[str, ...] = ()
    caution: float = 1.0
    prior_mean: float = 0.0
    prior_sd: float = 1.0

    def __post_init__(self) -> None:
        wrong = [sentence for is_wrong, sentence in self._objections() if is_wrong]
        if wrong:
            raise ValueError("rules of an adaptive form: " + "; ".join(wrong))
        object.__setattr__(self, "domain_shares", MappingProxyType(dict(self.domain_shares)))

    def _objections(self) -> list[tuple[bool, str]]:
        """All that could be wrong with the numbers, each with whether it is."""
        shares, most = self.domain_shares, self.simulators_at_most
        numbers = [*shares.values(), *self.cuts, self.prior_mean, self.prior_sd, self.caution]
        return [
            (
                not all(isfinite(one) for one in numbers),
                "found a number that is infinite or none, expected finite ones",
            ),
            (
                not 1 <= self.minimum <= self.maximum <= LONGEST,
                f"found minimum {self.minimum} and maximum {self.maximum}, expected 1 ≤ minimum ≤ maximum ≤ {LONGEST}",
            ),
            (
                any(share <= 0 for share in shares.values()),
                "found a domain's share that is not above 0; leave the domain out",
            ),
            (
                bool(shares) and abs(sum(shares.values()) - 1) > SHARES_ADD_UP_WITHIN,
                f"found domain shares that add up to {sum(shares.values()):.6g}, expected 1",
            ),
            (
                not 0 <= self.simulators_required <= self.minimum,
                f"found {self.simulators_required} simulators required, expected from 0 up to the minimum of {self.minimum} items",
            ),
            (
                most is not None and most < self.simulators_required,
                f"found at most {most} simulators where {self.simulators_required} are required",
            ),
            (
                not 0 < self.exposure_cap <= 1,
                f"found exposure cap {self.exposure_cap}, expected a share above 0 up to 1",
            ),
            (
                any(high <= low for low, high in zip(self.cuts, self.cuts[1:], strict=False)),
                f"found cuts {list(self.cuts)}, expected them to rise",
            ),
            (
                any(abs(cut) >= WIDEST for cut in self.cuts),
                f"found cuts {list(self.cuts)}, expected them between −{WIDEST:g} and {WIDEST:g} logits",
            ),
            (not 0.5 < self.certainty <= 1, f"found certainty {self.certainty}, expected above 0.5 up to 1"),
            (
                not 0 <= self.later_success <= self.first_success <= 1,
                f"found expected success {self.first_success} at first and {self.later_success} later, expected 0 ≤ later ≤ first ≤ 1",
            ),
            (
                bool(self.warm_up) and (not shares or bool(set(self.warm_up) & set(shares))),
                f"found {', '.join(self.warm_up)} to warm up with, expected domains without a share beside domains with one",
            ),
            (self.kind_items < 0, f"found a kind start of {self.kind_items} items, expected 0 or more"),
            (self.caution < 0, f"found caution {self.caution}, expected 0 or more"),
            (
                not 0.05 <= self.prior_sd <= WIDEST / 2 or abs(self.prior_mean) > WIDEST / 2,
                f"found a prior of mean {self.prior_mean} and sd {self.prior_sd}, expected a mean within ±{WIDEST / 2:g} "
                f"and an sd of 0.05 to {WIDEST / 2:g} logits",
            ),
        ]
