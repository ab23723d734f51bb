"""What the drawn forms are worth, and whether their blueprints draw for fifty seeds: prints JSON.

    OPENBLAS_NUM_THREADS=1 python benchmarks/forms.py [SEEDS] [LEARNERS]

Each form is taken by simulated learners around three abilities of those it is for (mean and a standard deviation to either side), by the
items' own models; abilities are estimated as the class does (posterior mean). Beside it the error that `bdhvs forms` works out, and the same with
chances of guessing: of single choice one in as many as there are options, which no calibration shipped knows of.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from bdhvs.bank.checks.drawn import minutes_in
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.errors import SetupError
from bdhvs.measurement.ability import estimate
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.responses import Responses
from bdhvs.service.adaptive_versions import calibrated_items
from bdhvs.service.drawing import draw, worth


def simulated(
    items: list[Item], ability: float, learners: Normal, count: int, seed: int, *, guessing: bool
) -> dict[str, float]:
    """Bias and root mean squared error of estimates, logits, of `count` learners of one ability."""
    known = calibrated_items(items)
    right = known.expected_scores([ability])[:, 0]
    if guessing:
        lucky = np.array([1 / len(item.options) if item.kind == "single_choice" else 0.0 for item in items])  # type: ignore[attr-defined]
        right = lucky + (1 - lucky) * right
    scores: Floats = (np.random.default_rng(seed).random((count, len(items))) < right).astype(float)
    found, _ = estimate(Responses.dense(scores), known.family, known.parameters, groups=(learners,))
    return {
        "bias": round(float(found.mean() - ability), 2),
        "rmse": round(float(np.sqrt(((found - ability) ** 2).mean())), 2),
    }


def main(seeds: int, learners: int) -> None:
    bank, told = Bank.load(), []
    for blueprint in bank.blueprints.values():
        failed, started = [], time.perf_counter()
        for seed in range(seeds):
            try:
                draw(blueprint, bank, seed)
            except SetupError as error:
                failed.append(f"{seed}: {error}")
        seconds = (time.perf_counter() - started) / max(seeds, 1)
        who = Normal(blueprint.prior.mean, blueprint.prior.sd)
        for form in blueprint.forms:
            items = [bank.item(one) for one in bank.form(form).items]
            value = worth(items, blueprint, bank)
            told.append(
                {
                    "form": form,
                    "items": len(items),
                    "minutes": round(minutes_in(blueprint, tuple(items)), 1),
                    "syllables_per_minute": blueprint.pace,
                    "reliability": round(value.reliability, 2),
                    "at": [
                        {
                            "ability": round(ability, 2),
                            "error": round(error, 2),
                            "simulated": simulated(items, ability, who, learners, 1, guessing=False),
                            "guessing": simulated(items, ability, who, learners, 1, guessing=True),
                        }
                        for ability, error in value.errors
                    ],
                    "draws": seeds,
                    "draws_failed": failed,
                    "seconds_a_draw": round(seconds, 2),
                }
            )
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
