"""How often a forecast's interval holds what came: every commune of an invented province, from several weeks of its year.

    python benchmarks/forecast.py [--communes 166] [--learners 3000]

Prints JSON: for each origin and horizon (weeks) the share of communes whose count lay within the 80 % interval, how many lay above
it, and the median width of the interval in percent of the people.
"""

from __future__ import annotations

import json

import click
import numpy as np

from bdhvs.bank.paths import find_content
from bdhvs.programme.forecast import forecast
from bdhvs.programme.recipe import read_recipe
from bdhvs.programme.synthetic_people import draw_adults, draw_learners, plan_communes

#: Known before the year begins; the harvests are not named, as nobody names them all.
TET = {6: 0.05, 7: 0.0, 8: 0.4}
ORIGINS, HORIZONS = (8, 13, 16, 20, 26, 32), (4, 8, 13)


def weekly(recipe: object, commune: object, rng: np.random.Generator) -> np.ndarray:
    """Weeks of the year: people who reached the basic band for the first time, half of their class at its first test."""
    adults = draw_adults(recipe, commune, rng)
    learners = draw_learners(recipe, commune, adults, rng)
    reached = (learners.ability >= -0.79).sum(axis=1) >= 4
    return np.bincount(learners.class_week[learners.classroom][reached], minlength=46)[:46]


@click.command()
@click.option("--communes", default=166)
@click.option("--learners", default=3000, help="Adults of a commune on average, of whom 40 % come.")
@click.option("--seed", default=1)
def main(communes: int, learners: int, seed: int) -> None:
    recipe = read_recipe(find_content().assessments)
    plan = plan_communes(recipe, communes, communes * learners, 0.4, seed)
    found: dict[tuple[int, int], list[tuple[bool, bool, float]]] = {}
    for commune in plan:
        counts = weekly(recipe, commune, np.random.default_rng([seed, commune.place]))
        for origin in ORIGINS:
            if not counts[:origin].sum():
                continue  # a commune that has not begun
            ahead = forecast(counts[:origin], commune.adults, max(HORIZONS), quiet=TET, paths=2000)
            for horizon in HORIZONS:
                came = counts[: origin + horizon].sum()
                low, high = ahead.low[horizon - 1], ahead.high[horizon - 1]
                found.setdefault((origin, horizon), []).append(
                    (bool(low <= came <= high), bool(came > high), 100 * (high - low) / commune.adults)
                )
    rows = [
        {
            "origin": origin,
            "horizon": horizon,
            "held": round(float(np.mean([one[0] for one in rows])), 3),
            "above": round(float(np.mean([one[1] for one in rows])), 3),
            "width_percent": round(float(np.median([one[2] for one in rows])), 2),
        }
        for (origin, horizon), rows in sorted(found.items())
    ]
    print(json.dumps({"communes": communes, "confidence": 0.8, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
