"""How often a screen for fairness finds an item that is harder for one group, and how often it calls a clean one unfair.

    python benchmarks/dif.py                   # prints JSON; about two minutes
    python benchmarks/dif.py --screens 10

The world: Rasch's model, 20 items, the focal group half a logit less able, one item (the fifth) harder for it by so many logits. "Found"
and "false" are rows of category B or C whose p, adjusted over the screen, is below 0.05.
"""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np

from bdhvs.measurement.dif import screen_dif

ITEMS, UNFAIR = 20, 4
IMPACT = -0.5  # logits: mean ability of the focal group
SIZES = (100, 200, 500, 1000)
SHIFTS = (0.0, 0.43, 0.64, 1.0)  # logits; 0.43 and 0.64 are ETS deltas of 1.0 and 1.5


def study(size: int, shift: float, screens: int, seed: int) -> dict[str, float]:
    """Many screens of two groups of `size`."""
    draw = np.random.default_rng([seed, size, round(100 * shift)])
    found = false = logistic = 0
    delta = []
    focal = np.repeat([False, True], size)
    labels = np.where(focal, "focal", "reference").tolist()
    for _ in range(screens):
        theta = draw.normal(np.where(focal, IMPACT, 0), 1)
        b = np.tile(draw.normal(size=ITEMS), (2 * size, 1))
        b[focal, UNFAIR] += shift
        table = (draw.random(b.shape) < 1 / (1 + np.exp(b - theta[:, None]))).astype(float)
        screen = screen_dif(table, {"group": labels}, references={"group": "reference"})
        flagged = {row.item for row in screen.flagged()}
        found += UNFAIR in flagged
        false += len(flagged - {UNFAIR})
        row = screen.rows[UNFAIR]
        delta.append(row.size)
        logistic += row.logistic is not None and row.logistic.uniform_p < 0.05
    return {
        "group_size": size,
        "shift": shift,
        "found": round(found / screens, 3),
        "false_per_clean_item": round(false / screens / (ITEMS - 1), 4),
        "mean_delta": round(float(np.nanmean(delta)), 2),
        "logistic_uniform_p_below_05": round(logistic / screens, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--screens", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    rows = []
    for size in SIZES:
        for shift in SHIFTS:
            rows.append(study(size, shift, asked.screens, asked.seed))
            print(rows[-1], file=sys.stderr)
    print(
        json.dumps(
            {"items": ITEMS, "impact": IMPACT, "screens": asked.screens, "seed": asked.seed, "rows": rows}, indent=2
        )
    )


if __name__ == "__main__":
    main()
