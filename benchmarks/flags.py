"""How often honest answers are flagged: person fit, alike answers and rapid answers, by simulation; dimensions: dimensions.py.

    nice python benchmarks/flags.py           # some minutes; --classes 100 for the figures of docs/measurement.md

Prints JSON: for each check the share flagged among simulated learners of whom nothing is wrong, beside the share that was meant.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from bdhvs.measurement import alike_answers, rapid_guessing
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.drawing import draw_scores
from bdhvs.measurement.nominal import NominalItems, fit_nominal
from bdhvs.measurement.person_fit import person_fit


def fit(persons: int) -> list[dict[str, Any]]:
    rows = []
    for length in (10, 20, 40):
        rng = np.random.default_rng([1, length])
        items = CalibratedItems.dichotomous(rng.lognormal(0, 0.3, length), rng.normal(0, 1, length))
        found = person_fit(draw_scores(items, rng.normal(0, 1, persons), rng).astype(float), items)
        rushed = person_fit(rng.binomial(1, 0.25, (persons, length)).astype(float), items)
        rows.append(
            {
                "items": length,
                "lz_below_5_percent": float((found.lz < -1.645).mean()),
                "lz_star_below_5_percent": float((found.p < 0.05).mean()),
                "lz_star_below_1_percent": float((found.p < 0.01).mean()),
                "blind_found_at_5_percent": float((rushed.p < 0.05).mean()),
            }
        )
    return rows


def options(rng: np.random.Generator, items: int) -> NominalItems:
    slopes = [np.r_[rng.lognormal(0, 0.3), rng.normal(-0.3, 0.3, 3)] for _ in range(items)]
    intercepts = [np.r_[rng.normal(0.5, 0.8), rng.normal(0, 0.8, 3)] for _ in range(items)]
    return NominalItems(tuple(a - a.mean() for a in slopes), tuple(c - c.mean() for c in intercepts), 0.0, True)


def alike(classes: int) -> list[dict[str, Any]]:
    rows = []
    for persons, length in ((30, 20), (40, 30)):
        rng = np.random.default_rng([2, persons])
        model, theta = options(rng, length), rng.normal(0, 1, persons)
        shown = np.ones((persons, length), dtype=bool)
        found = 0
        for _ in range(classes):
            choices = model.draw(rng.normal(0, 1, persons), rng)
            choices[1, : int(0.8 * length)] = choices[0, : int(0.8 * length)]
            result = alike_answers.alike_answers(choices, fit_nominal(choices, [4] * length, start=model))
            found += any((result.one[at], result.other[at]) == (0, 1) for at in result.flagged())
        rows.append(
            {
                "persons": persons,
                "items": length,
                "classes": classes,
                "honest_classes_with_any_pair": alike_answers.false_alarms(model, theta, shown, draws=classes),
                "the_same_options_known": alike_answers.false_alarms(model, theta, shown, draws=classes, refit=False),
                "copied_80_percent_found": found / classes,
            }
        )
    return rows


def rapid() -> list[dict[str, Any]]:
    rows = []
    for spread in (0.4, 0.6, 0.8):
        rng = np.random.default_rng([3, int(10 * spread)])
        typical, slow = np.log(rng.uniform(12, 60, 25)), rng.normal(0, 0.3, (20_000, 1))
        seconds = np.exp(typical + slow + spread * rng.standard_normal((20_000, 25)))
        real, said = rapid_guessing.rapid_answers(seconds), rapid_guessing.false_alarms(seconds[:400], draws=100)
        rows.append(
            {
                "spread": spread,
                "honest_answers": float(real.share.mean()),
                "said": float(np.nanmean(said.answers)),
                "honest_learners": float((real.effort < rapid_guessing.LEAST_EFFORT).mean()),
                "learners_said": said.persons,
            }
        )
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=40)
    parser.add_argument("--persons", type=int, default=20_000)
    wanted = parser.parse_args()
    print(
        json.dumps(
            {
                "person_fit": fit(wanted.persons),
                "rapid": rapid(),
                "alike": alike(wanted.classes),
            },
            indent=1,
        )
    )
