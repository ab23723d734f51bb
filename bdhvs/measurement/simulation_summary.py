"""A what-if in numbers: plain values, ready to be printed or written as JSON. None stands where there is no number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import isfinite, sqrt
from typing import Any

import numpy as np

from bdhvs.measurement.adaptive.pool import Flags, Indices
from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.simulation import NONE, AdaptiveRun, FixedRun

FIRST = 8  # items, of which beginners should succeed with most
LOW = (-2.0, -1.5)  # abilities (logits) of the beginners looked at


def summary(run: AdaptiveRun, groups: Mapping[str, Flags] | None = None) -> dict[str, Any]:
    """The adaptive form: over all learners, and by band of true ability, ability and group (names → who is in it)."""
    at = run.abilities
    bands = {f"band {number}": run.true_bands == number for number in range(len(run.form.rules.cuts) + 1)}
    low = {f"ability {LOW[0]:g} to {LOW[1]:g}": (at >= LOW[0]) & (at <= LOW[1])}
    return {
        **_of(run, np.ones(len(at), dtype=np.bool_)),
        "length_percentiles": {str(p): float(np.percentile(run.lengths, p)) for p in (10, 50, 90)},
        "exposure": exposure(run),
        "endings": dict(sorted(Counter(run.reasons.tolist()).items())),
        "by": [{"who": name, **_of(run, who)} for name, who in {**bands, **low, **(groups or {})}.items() if who.any()],
    }


def exposure(run: AdaptiveRun) -> dict[str, Any]:
    """How often items were met: the largest share of learners, how many items are above the cap, how many unused."""
    shares, cap = run.exposure, run.form.rules.exposure_cap
    return {
        "cap": cap,
        "max": float(shares.max()),
        "items_over_cap": int((shares > cap + 1e-12).sum()),
        "items_unused": int((shares == 0).sum()),
        "overlap": float((shares**2).sum() / shares.sum()),  # expected share of items two learners have in common
    }


def compared(run: AdaptiveRun, fixed: Mapping[str, FixedRun]) -> dict[str, dict[str, Any]]:
    """Fixed forms beside the adaptive one: at its greatest length, and how many items they need for its accuracy."""
    accuracy, length = _accuracy(run), float(run.lengths.mean())
    found = {}
    for name, one in fixed.items():
        needed = one.items_for(accuracy)
        at = min(run.form.rules.maximum, len(one.places))
        found[name] = {
            "items": at,
            "accuracy": _number(one.accuracy[at - 1]) if at else None,
            "rmse": _number(one.rmse[at - 1]) if at else None,
            "success": _number(one.success),
            "longest": len(one.places),
            "items_for_same_accuracy": _number(needed),
            "items_saved": _number(1 - length / needed),
        }
    return found


def success_by_position(run: AdaptiveRun, who: Flags) -> Floats:
    """Mean share of points at each position of the test among those who came so far; NaN where nobody did."""
    shown = run.items[who] != NONE
    counts = shown.sum(axis=0)
    points = np.where(shown, run.successes[who], 0.0).sum(axis=0)
    return np.asarray(np.divide(points, counts, out=np.full(len(counts), np.nan), where=counts > 0))


def _of(run: AdaptiveRun, who: Flags) -> dict[str, Any]:
    """Numbers of some of the learners (at least one)."""
    errors = run.estimates[who] - run.abilities[who]
    right = run.bands[who] == run.true_bands[who]
    count = int(who.sum())
    accuracy = float(right.mean())
    return {
        "learners": count,
        "length": _number(run.lengths[who].mean()),
        "accuracy": accuracy,
        "accuracy_error": sqrt(accuracy * (1 - accuracy) / count),
        "certainty": _number(run.certainties[who].mean()),
        "rmse": _number(sqrt(float((errors**2).mean()))),
        "bias": _number(errors.mean()),
        "standard_error": _number(run.errors[who].mean()),
        "success": _mean_success(run.successes[who], run.items[who]),
        "success_first": _mean_success(run.successes[who, :FIRST], run.items[who, :FIRST]),
    }


def _mean_success(successes: Floats, items: Indices) -> float | None:
    shown = items != NONE
    return _number(successes[shown].mean()) if shown.any() else None


def _accuracy(run: AdaptiveRun) -> float:
    return float((run.bands == run.true_bands).mean())


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
