"""What mirt makes of answers drawn once: figures in ``tests/fixtures/peers_fit.json``, made anew.

    PYTHONPATH=. python benchmarks/peers_fit.py > tests/fixtures/peers_fit.json     # a minute; needs, from PyPI: mirt

Person fit at given abilities, Yen's Q3 at the same, and Bock's nominal model. Abilities are Warm's, solved here
by bisection from the formula; nothing of bdhvs is imported.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import numpy as np

COUNT, PERSONS = 12, 24


def chances(kind: str, row: list[float], theta: float) -> Any:
    a, c = row[0], np.array(row[1:])
    if kind == "grm":
        above = np.r_[1, 1 / (1 + np.exp(-(a * theta + c))), 0]
        return -np.diff(above)
    weights = np.exp(np.r_[0, a * theta * np.arange(1, len(c) + 1) + c])
    return weights / weights.sum()


def warm(kind: str, rows: list[list[float]], answers: Any) -> float:
    """Where Σ s + J/2I = 0, with derivatives by differences."""
    step = 1e-4

    def equation(theta: float) -> float:
        score = info = bias = 0.0
        for row, x in zip(rows, answers, strict=True):
            if x < 0:
                continue
            before, here, after = (chances(kind, row, theta + by) for by in (-step, 0, step))
            first, second = (after - before) / (2 * step), (after - 2 * here + before) / step**2
            score += first[x] / here[x]
            info += (first**2 / here).sum()
            bias += (first * second / here).sum()
        return score + bias / (2 * info)

    low, high = -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if equation(middle) > 0 else (low, middle)
    return (low + high) / 2


def model(kind: str, rows: list[list[float]]) -> Any:
    from mirt.models import GeneralizedPartialCredit, GradedResponseModel, TwoParameterLogistic

    table = np.array(rows)
    slope = table[:, 0]
    if kind == "2pl":
        found = TwoParameterLogistic(n_items=len(rows))
        found.set_parameters(discrimination=slope, difficulty=-table[:, 1] / slope)
        return found
    if kind == "grm":
        found = GradedResponseModel(n_items=len(rows), n_categories=[3] * len(rows))
        found.set_parameters(discrimination=slope, thresholds=-table[:, 1:] / slope[:, None])
        return found
    found = GeneralizedPartialCredit(n_items=len(rows), n_categories=[3] * len(rows))
    found.set_parameters(
        discrimination=slope, steps=-np.diff(np.c_[np.zeros(len(rows)), table[:, 1:]], axis=1) / slope[:, None]
    )
    return found


def fit(kind: str, rng: Any) -> dict[str, Any]:
    from mirt.diagnostics.ld import compute_q3
    from mirt.diagnostics.personfit import compute_personfit

    slope = rng.lognormal(0, 0.3, COUNT)
    steps = np.sort(rng.normal(0, 1, (COUNT, 1 if kind == "2pl" else 2)), axis=1)[:, ::-1]
    rows = np.c_[slope, steps if kind != "gpcm" else np.cumsum(steps, axis=1)].round(4).tolist()
    ability = rng.normal(0, 1, PERSONS)
    table = np.array([[rng.choice(len(row), p=chances(kind, row, theta)) for row in rows] for theta in ability])
    table[rng.random(table.shape) < 0.1] = -1
    theta = np.array([warm(kind, rows, answers) for answers in table])
    own = model(kind, rows)
    found = compute_personfit(own, table, theta, ["infit", "outfit", "z_infit", "z_outfit", "Zh"])
    numbers = {name: np.asarray(value).tolist() for name, value in found.items()}
    q3 = np.asarray(compute_q3(own, table, theta))
    return {
        "parameters": rows,
        "responses": table.tolist(),
        "abilities": theta.tolist(),
        "q3": np.where(np.isfinite(q3), q3, 0).tolist(),
        **numbers,
    }


def nominal(rng: Any) -> dict[str, Any]:
    import mirt

    persons, items, options = 400, 8, 3
    theta = rng.normal(0, 1, persons)
    a = np.c_[np.zeros(items), rng.normal(0.8, 0.4, (items, options - 1))]
    c = np.c_[np.zeros(items), rng.normal(0, 0.7, (items, options - 1))]
    weights = np.exp(a * theta[:, None, None] + c)
    weights /= weights.sum(axis=2, keepdims=True)
    table = (rng.random((persons, items, 1)) > np.cumsum(weights, axis=2)[:, :, :-1]).sum(axis=2)
    made = mirt.fit_mirt(table, model="NRM", n_categories=[options] * items, n_quadpts=41, tol=1e-10, max_iter=5000)
    parameters = made.model.parameters
    return {
        "choices": table.tolist(),
        "slopes": np.asarray(parameters["slopes"]).tolist(),
        "intercepts": np.asarray(parameters["intercepts"]).tolist(),
        "log_likelihood": float(made.log_likelihood),
    }


if __name__ == "__main__":
    rng = np.random.default_rng(20)
    found = {kind: fit(kind, rng) for kind in ("2pl", "gpcm", "grm")}
    print(json.dumps({"mirt": version("mirt"), "person_fit": found, "nominal": nominal(rng)}))
