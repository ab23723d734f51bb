"""Exposure control: which items a learner may meet at all, so that none becomes known to the whole village.

Before the first item each learner is dealt a part of the pool: item i is in it with probability q_i, whatever the learner then
does, so no rule of choice can show it to more than a share q_i of learners. Without counts of the past q_i is the cap. That
holds for the first learner as for the thousandth and needs nothing but the seed.

With counts the cap stands on what is *shown*, not on what is dealt: item-ineligibility probabilities (van der Linden and
Veldkamp 2004, Journal of Educational and Behavioral Statistics 29, 273–291, equation 13; 2007, ibid. 32, 398–418),

    q_i = min(1, cap · (dealt_i + m) / (shown_i + m)),

let items that are rarely chosen be dealt to everybody. The m learners added to both make it begin at the cap. An item that
has reached its cap is held back (restricted: Revuelta and Ponsoda 1998, Journal of Educational Measurement 35, 311–327)
unless its domain would then be too small for a test.

The part is drawn by systematic sampling with unequal probabilities (Madow 1949, Annals of Mathematical Statistics 20,
333–354) along simulators, domains and difficulties: of every run of the list with Σq expected, ⌊Σq⌋ or ⌈Σq⌉ are dealt, so each
part holds every domain and every difficulty. Difficulties are shaken first, so that parts differ by more than a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.adaptive.chance import uniform
from bdhvs.measurement.adaptive.pool import Flags, Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.item_models import Floats

SHAKEN = 0.5  # logits: an item's neighbours on the list are those about as difficult
DOUBT = 20  # learners added to both counts; a fourth of them is a class's table
FIRST_LEARNERS = 40  # before so many a count above the cap is chance, not a habit
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Exposure:
    """What learners met so far: a small table that a server keeps beside a form, or leaves out.

    Attributes
    ----------
    learners : how many began.
    dealt : for how many each item was in their part of the pool; in the pool's order.
    shown : to how many each item was shown.
    """

    learners: int
    dealt: Counts
    shown: Counts

    @classmethod
    def none(cls, pool: Pool) -> Exposure:
        """Before the first learner."""
        return cls(0, np.zeros(len(pool), dtype=np.int64), np.zeros(len(pool), dtype=np.int64))

    @classmethod
    def from_counts(cls, pool: Pool, learners: int, counts: Mapping[str, tuple[int, int]]) -> Exposure:
        """From id → (dealt, shown). Items without counts begin at 0; ids that are no longer in the pool are left out."""
        dealt, shown = (
            np.array([counts.get(name, (0, 0))[k] for name in pool.items.ids], dtype=np.int64) for k in (0, 1)
        )
        if (shown < 0).any() or (shown > dealt).any() or (dealt > learners).any():
            raise ValueError(f"found counts that do not fit {learners} learners, expected 0 ≤ shown ≤ dealt ≤ learners")
        return cls(learners, dealt, shown)

    def after(self, dealt: Flags, shown: Iterable[int]) -> Exposure:
        """With one learner more: the part dealt and the places of the items shown."""
        seen = self.shown.copy()
        seen[list(shown)] += 1
        return Exposure(self.learners + 1, self.dealt + dealt, seen)

    @property
    def shares(self) -> Floats:
        """Share of learners to whom each item was shown; NaN before the first learner."""
        return self.shown / self.learners if self.learners else np.full(len(self.shown), np.nan)


def chances(pool: Pool, rules: Rules, past: Exposure | None = None) -> Floats:
    """The probability q of each item to be dealt to the next learner (see the module)."""
    cap = rules.exposure_cap
    if past is None or cap == 1:
        return np.full(len(pool), cap)
    q = np.minimum(1.0, cap * (past.dealt + DOUBT) / (past.shown + DOUBT))
    if past.learners < FIRST_LEARNERS:
        return np.asarray(q)
    full = past.shown + 1 > cap * (past.learners + 1)
    held = np.where(full, 0.0, q)
    return np.where(full & _short(pool, rules, held), cap, held)


def _short(pool: Pool, rules: Rules, q: Floats) -> Flags:
    """Items of a domain (or simulators) of which fewer would be dealt than a test may need."""
    needed = np.array([ceil(rules.domain_shares.get(name, 0.0) * rules.maximum) + 1 for name in pool.domain_names])
    if not rules.domain_shares:
        return np.full(len(pool), q.sum() < rules.maximum + 1)
    short = (np.bincount(pool.domain, q, len(needed)) < needed)[pool.domain]
    few = float(q[pool.is_simulator].sum()) < rules.simulators_required + 1
    return np.asarray(short | (pool.is_simulator & few))


def deal(pool: Pool, rules: Rules, seed: int, past: Exposure | None = None) -> Flags:
    """The part of the pool that the learner with this seed may meet: a flag for each item."""
    if rules.exposure_cap == 1:
        return np.ones(len(pool), dtype=np.bool_)
    numbers = uniform(seed, len(pool) + 1)
    order = np.argsort(pool.rank + SHAKEN * numbers[:-1], kind="stable")
    ends = numbers[-1] + np.concatenate([[0.0], np.cumsum(chances(pool, rules, past)[order])])
    dealt = np.empty(len(pool), dtype=np.bool_)
    dealt[order] = np.diff(np.floor(ends)) > 0
    return dealt


def coded(dealt: Flags) -> str:
    """The part as text, four items a sign: what a server stores with an attempt when it deals by counts."""
    return np.packbits(dealt).tobytes().hex()


def decoded(text: str, pool: Pool) -> Flags:
    """The part that `coded` wrote; raises ValueError when it is not of a pool of this size."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"found {text[:20]!r}, expected a part of a pool as `coded` writes it") from None
    if len(raw) != (len(pool) + 7) // 8:
        raise ValueError(
            f"found a part of a pool of about {8 * len(raw)} items, expected one of {len(pool)}; was the pool changed since?"
        )
    return np.unpackbits(np.frombuffer(raw, dtype=np.uint8), count=len(pool)).astype(np.bool_)
